import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../lib/http/tests/harness";
import { bundle, root } from "../scripts/build.mjs";

const KEY = `ilk_${"c".repeat(40)}`;
const folder = mkdtempSync(path.join(os.tmpdir(), "interlock-crash-"));
const out = path.join(root, "build", `crash-${process.pid}`);
const port = 20_000 + (process.pid % 20_000);
const origin = `http://127.0.0.1:${port}`;

let server: ChildProcess;
let said = "";

function start(more: Record<string, string> = {}): ChildProcess {
  const env = {
    ...process.env,
    INTERLOCK_DATA_DIR: folder,
    PORT: String(port),
    HOST: "127.0.0.1",
    INTERLOCK_INIT_KEY: KEY,
    LOG_LEVEL: "silent",
    NODE_ENV: "production",
    DATABASE_URL: "",
    ...more,
  } as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, [path.join(out, "server.mjs")], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.on("data", (d: Buffer) => {
    said += d.toString();
  });
  child.stderr?.on("data", (d: Buffer) => {
    said += d.toString();
  });
  return child;
}

const call = (method: string, at: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> =>
  fetch(`${origin}/api/v1${at}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(5_000),
  }).then(async (r) => ({ status: r.status, body: (await r.json().catch(() => ({}))) as Record<string, unknown> }));

const ready = () =>
  until(
    async () =>
      fetch(`${origin}/api/ready`).then(
        (r) => r.ok,
        () => false,
      ),
    60_000,
  );

/** Every process below this one, the database too. */
function family(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((p) => /^\d+$/.test(p))
    .filter((p) => {
      try {
        return Number(readFileSync(`/proc/${p}/stat`, "utf8").split(") ")[1]?.split(" ")[1]) === pid;
      } catch {
        return false;
      }
    })
    .map(Number);
  return [...children, ...children.flatMap(family)];
}
/** Empty where it has just ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
/** Whoever ends because its parent was killed a moment before is as dead as it should be. */
function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== "ESRCH") throw err;
  }
}
// 0 would be the whole process group of the test.
function pidOf(child: ChildProcess): number {
  if (!child.pid) throw new Error("it has not started");
  return child.pid;
}
const pidFile = path.join(folder, "postgres", "postmaster.pid");
const postmaster = (): number => (existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8").split("\n")[0]) : 0);
const gone = (child: ChildProcess) =>
  new Promise<void>((resolve) =>
    child.exitCode !== null || child.signalCode !== null ? resolve() : child.once("exit", () => resolve()),
  );

beforeAll(async () => {
  await bundle(out);
  server = start();
  await ready();
}, 120_000);

afterAll(async () => {
  server.kill("SIGTERM");
  await gone(server);
  rmSync(folder, { recursive: true, force: true });
  rmSync(out, { recursive: true, force: true });
}, 60_000);

type Acknowledged = { spans: string[]; runs: string[]; finished: string[]; switches: string[]; released: string[] };

/** Writes as fast as it can until told to stop; what was answered with success is written down. */
function traffic(round: string) {
  const acked: Acknowledged = { spans: [], runs: [], finished: [], switches: [], released: [] };
  let on = true;
  let n = 0;
  const loop = async (work: (n: number) => Promise<void>) => {
    while (on) await work(n++).catch(() => undefined);
  };
  const spans = async (k: number) => {
    const ids = Array.from({ length: 20 }, (_, i) => `${round}-${k}-${i}`);
    const spansOf = ids.map((span_id) => ({ span_id, kind: "tool", name: "t", started_at: new Date().toISOString() }));
    const { status } = await call("POST", "/spans", { run_id: `spans-${round}`, agent_id: "crash", spans: spansOf });
    if (status === 200) acked.spans.push(...ids);
  };
  const runs = async (k: number) => {
    const { status, body } = await call("POST", "/runs", {
      request_id: `${round}-${k}`,
      agent_id: "crash",
      task_type: "t",
      tenant_id: `free-${round}`,
    });
    if (status !== 201) return;
    acked.runs.push(String(body.run_id));
    const done = await call("POST", `/runs/${body.run_id}/finish`, { stop_reason: "success" });
    if (done.status === 200) acked.finished.push(String(body.run_id));
  };
  const switches = async (k: number) => {
    const { status, body } = await call("POST", "/switches", {
      scope: { kind: "agent", key: `sw-${round}-${k}` },
      mode: "stop",
      reason: "crash test",
    });
    if (status !== 201) return;
    acked.switches.push(String(body.switch_id));
    const freed = await call("POST", `/switches/${body.switch_id}/release`, { reason: "crash test" });
    if (freed.status === 200) acked.released.push(String(body.switch_id));
  };
  const all = Promise.all([loop(spans), loop(spans), loop(runs), loop(runs), loop(switches)]);
  return {
    acked,
    stop: async () => {
      on = false;
      await all;
    },
  };
}

async function everythingIsThere(round: string, acked: Acknowledged): Promise<void> {
  const stored = new Set<string>();
  let cursor: string | null = null;
  do {
    const page = await call(
      "GET",
      `/runs/spans-${round}/spans?limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
    );
    for (const span of page.body.items as { span_id: string }[]) stored.add(span.span_id);
    cursor = page.body.next_cursor as string | null;
  } while (cursor);
  expect(acked.spans.filter((id) => !stored.has(id))).toEqual([]);
  for (const id of acked.runs) expect((await call("GET", `/runs/${id}`)).status, id).toBe(200);
  for (const id of acked.finished) expect((await call("GET", `/runs/${id}`)).body.status, id).toBe("completed");
  for (const id of acked.switches) expect((await call("GET", `/switches/${id}/propagation`)).status, id).toBe(200);
  for (const id of acked.released)
    expect(
      ((await call("GET", `/switches/${id}/propagation`)).body.switch as { released_at: string | null }).released_at,
      id,
    ).not.toBeNull();
  expect((await call("GET", "/audit/verify")).body).toMatchObject({ ok: true });
}

const enough = (acked: Acknowledged) =>
  until(async () => acked.spans.length > 200 && acked.finished.length > 3 && acked.released.length > 3, 30_000);

describe("kill -9 in the middle of ingest, runs and switches", () => {
  test("of the whole server: after a restart everything that was acknowledged is there", async () => {
    const writing = traffic("server");
    await enough(writing.acked);
    const all = [pidOf(server), ...family(pidOf(server))].filter((pid) => pid !== postmaster());
    for (const pid of all) killNow(pid);
    await gone(server);
    await writing.stop();
    server = start();
    await ready();
    await everythingIsThere("server", writing.acked);
  }, 120_000);

  test("of Postgres: it comes back by itself, calls answer 503 with Retry-After until then, and nothing acknowledged is missing", async () => {
    const writing = traffic("postgres");
    await enough(writing.acked);
    const statuses = new Set<number>();
    const database = postmaster();
    killNow(database);
    await until(async () => {
      const answer = await call("GET", "/runs?limit=1").catch(() => ({ status: 0 }));
      statuses.add(answer.status);
      return answer.status === 200 && postmaster() !== database;
    }, 60_000);
    await writing.stop();
    expect([...statuses].filter((s) => s !== 200 && s !== 503 && s !== 0)).toEqual([]);
    await everythingIsThere("postgres", writing.acked);
    // The switch works again, and tells.
    expect(
      (await call("POST", "/switches", { scope: { kind: "environment" }, mode: "stop", reason: "after" })).status,
    ).toBe(201);
    await until(async () => (await call("GET", "/control?agent_id=x")).body.mode === "stop");
  }, 120_000);

  test("of the worker, while it looks at runs: every run that loops has its alert, once, and nothing is left to look at", async () => {
    const looping: string[] = [];
    let on = true;
    const load = (async () => {
      for (let n = 0; on; n++) {
        const run_id = `loop-${n}`;
        const at = (s: number) => new Date(Date.now() + s).toISOString();
        const spans = [1, 2, 3, 4].map((s) => ({
          span_id: `${n}-${s}`,
          kind: "tool",
          name: "kb.read",
          args: { q: 1 },
          result: "same",
          status: "ok",
          started_at: at(s),
          ended_at: at(s),
        }));
        const { status } = await call("POST", "/spans", { run_id, agent_id: `looper-${n % 5}`, spans }).catch(() => ({
          status: 0,
        }));
        if (status === 200) looping.push(run_id);
      }
    })();
    const worker = () => family(pidOf(server)).find((pid) => commandOf(pid).includes("worker.mjs"));
    for (let kill = 0; kill < 3; kill++) {
      const pid = await until(async () => worker(), 60_000);
      const before = looping.length;
      // It is among its work: some of what was sent since the last kill stands as alerts.
      await until(
        async () =>
          looping.length > before + 20 &&
          ((await call("GET", `/alerts?run_id=${looping[before]}`)).body.items as unknown[] | undefined)?.length,
        60_000,
      );
      killNow(pid);
    }
    on = false;
    await load;
    expect(looping.length).toBeGreaterThan(60);
    for (const run_id of looping)
      await until(
        async () =>
          ((await call("GET", `/alerts?run_id=${run_id}`)).body.items as { rule: string }[]).some(
            (a) => a.rule === "runaway-consecutive",
          ),
        60_000,
      );
    const { items } = (await call("GET", "/alerts?rule=runaway-consecutive&limit=500")).body as unknown as {
      items: { agent_id: string; runs: number }[];
    };
    const ours = items.filter((a) => a.agent_id.startsWith("looper-"));
    expect(ours.map((a) => a.agent_id).sort()).toEqual([0, 1, 2, 3, 4].map((n) => `looper-${n}`));
    expect(ours.reduce((sum, a) => sum + a.runs, 0)).toBe(looping.length);
  }, 240_000);

  test("of the front process: another answers within seconds, and the stop still holds", async () => {
    const before = family(pidOf(server));
    const front = before.find((pid) => commandOf(pid).includes("server.mjs"));
    if (!front) throw new Error("no front process");
    killNow(front);
    await ready();
    expect((await call("GET", "/control?agent_id=x")).body.mode).toBe("stop");
    expect((await call("POST", "/runs", { request_id: "no", agent_id: "x", task_type: "t" })).body.code).toBe(
      "stopped",
    );
  }, 60_000);
});

test("a second start on the same data folder is refused with one clear line", async () => {
  said = "";
  const second = start({ PORT: String(port + 1) });
  await gone(second);
  expect(second.exitCode).toBe(1);
  expect(said).toContain("Another Interlock runs on");
  expect(
    said
      .trim()
      .split("\n")
      .filter((l) => l.startsWith("Interlock cannot start")),
  ).toHaveLength(1);
});

test("SIGTERM stops everything: no process is left", async () => {
  const before = [pidOf(server), ...family(pidOf(server))];
  server.kill("SIGTERM");
  await gone(server);
  await until(
    async () =>
      before.every((pid) => {
        try {
          process.kill(pid, 0);
          return readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
        } catch {
          return true;
        }
      }),
    10_000,
  );
  server = start();
  await ready();
}, 60_000);
