import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../lib/http/tests/harness";
import { bundle, root } from "../../scripts/build.mjs";
import { connect, type Interlock, must, type StopReason, tool } from "../src/index";

// Fifty agents, and nobody to ask for a minute: what was begun in time is known, nothing happens that nobody allowed, all come back.
const AGENTS = 50;
const TTL_S = 10;
const DOWN_S = 60;
const KEY = `ilk_${"o".repeat(40)}`;
const folder = mkdtempSync(path.join(os.tmpdir(), "interlock-outage-"));
const out = path.join(root, "build", `outage-${process.pid}`);
const port = 20_500 + (process.pid % 400);
const url = `http://127.0.0.1:${port}`;
let server: ChildProcess;

async function start(): Promise<void> {
  server = spawn(process.execPath, [path.join(out, "server.mjs")], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(port),
      HOST: "127.0.0.1",
      LOG_LEVEL: "silent",
      INTERLOCK_DATA_DIR: folder,
      DATABASE_URL: "",
      INTERLOCK_INIT_KEY: KEY,
    },
    stdio: "ignore",
    detached: true,
  });
  const up = () =>
    fetch(`${url}/api/ready`).then(
      (r) => r.ok,
      () => false,
    );
  await until(up, 60_000);
}
/** All of it at once, as a machine does that loses its power. */
const kill = () => process.kill(-Number(server.pid), "SIGKILL");
const api = async (method: string, at: string, body?: unknown): Promise<Record<string, unknown>> => {
  const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
  const answer = await fetch(`${url}/api/v1${at}`, { method, headers, body: JSON.stringify(body) });
  const said = (await answer.json()) as Record<string, unknown>;
  if (answer.status >= 300) throw new Error(`${at}: ${JSON.stringify(said)}`);
  return said;
};

beforeAll(async () => {
  await bundle(out);
  await start();
  await api("PUT", "/control/settings", { ttl_s: TTL_S, on_stale: "stop" });
  await api("PUT", "/policies/fleet", {
    bindings: [{ agent_id: "fleet-*" }],
    tools: { allow: ["*"] },
    budgets: { max_seconds: 600, max_tool_calls: 1_000, max_usd: 100 },
  });
}, 120_000);
afterAll(async () => {
  server.kill("SIGTERM");
  await new Promise((resolve) => server.once("exit", resolve));
  for (const place of [folder, out]) rmSync(place, { recursive: true, force: true });
});

test("the server is gone for a minute under fifty agents", async () => {
  const done = new Map<string, number>();
  const happened: number[] = [];
  const ended: { agent: string; runId: string; stopReason: StopReason; at: number }[] = [];
  let over = false;
  const write = tool({
    name: "ledger.write",
    effect: "write",
    execute: async ({ key }: { key: string }) => {
      done.set(key, (done.get(key) ?? 0) + 1);
      happened.push(performance.now());
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { key };
    },
  });
  const work = async (interlock: Interlock) => {
    for (let n = 0; !over; n++) {
      await interlock.ready();
      const result = await interlock
        .run({ requestId: `${interlock.agentId}-${n}` }, async (run) => {
          for (let step = 0; step < 4; step++)
            await run.step("write", async () => must(await run.tool(write, { key: `${run.id} ${step}` })));
        })
        // It was not opened: nothing began.
        .catch(() => null);
      if (result)
        ended.push({
          agent: interlock.agentId,
          runId: result.runId,
          stopReason: result.stopReason,
          at: performance.now(),
        });
    }
  };
  const fleet = Array.from({ length: AGENTS }, (_, n) =>
    connect({
      url,
      key: KEY,
      agentId: `fleet-${n}`,
      spoolDir: path.join(folder, "spool", String(n)),
      telemetry: false,
    }),
  );
  const working = Promise.all(fleet.map(work));
  // Everybody is in the middle of it.
  await until(async () => new Set(ended.map((e) => e.agent)).size === AGENTS, 60_000);

  const gone = performance.now();
  kill();
  await new Promise((resolve) => setTimeout(resolve, DOWN_S * 1_000));
  const back = performance.now();
  const late = happened.filter((at) => at > gone + TTL_S * 1_000 && at < back);
  await start();
  await until(
    async () =>
      new Set(ended.filter((e) => e.at > back && e.stopReason === "success").map((e) => e.agent)).size === AGENTS,
    60_000,
  );
  over = true;
  await working;
  await Promise.all(fleet.map((one) => one.close()));

  const twice = [...done].filter(([, times]) => times > 1);
  expect({ late: late.length, twice }).toEqual({ late: 0, twice: [] });
  const stopped = ended.filter((e) => e.stopReason === "kill_switch");
  expect(stopped.length).toBeGreaterThan(0);
  const wrong: unknown[] = [];
  for (const { runId, stopReason } of ended) {
    const stored = await api("GET", `/runs/${runId}`);
    if (stored.stop_reason !== stopReason)
      wrong.push({ runId, stopReason, stored: [stored.status, stored.stop_reason] });
  }
  expect(wrong).toEqual([]);
  // Each write that happened is in the ledger as done: its result arrived, at once or after the outage.
  const open: string[] = [];
  for (const { runId } of stopped) {
    const { items } = (await api("GET", `/effects?run_id=${runId}`)) as {
      items: { status: string; effect_id: string }[];
    };
    for (const effect of items) if (effect.status === "claimed") open.push(effect.effect_id);
  }
  expect(open).toEqual([]);
}, 240_000);
