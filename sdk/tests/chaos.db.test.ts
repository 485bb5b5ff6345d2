import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { asking } from "../../lib/http/tests/asking";
import { type Json, startApi } from "../../lib/http/tests/harness";
import { type Consumer, consumer } from "./consumer";

const api = await startApi();
const { put } = asking(api);
const env = { INTERLOCK_URL: api.origin, INTERLOCK_KEY: api.rootKey };
const CLI = "node_modules/@interlock/agent/dist/cli/bin.js";
let project: Consumer;

beforeAll(async () => {
  project = await consumer();
  project.bring("sdk/tests/chaos", "chaos");
  await api.put("/prices/scripted", { input_usd: 1, output_usd: 2 });
  // Short times, so that what never answers is soon over; who is killed waits for its lease, and has more.
  for (const [agentId, max_seconds] of [
    ["chaos-agent", 8],
    ["chaos-killed", 600],
  ] as const) {
    const made = await put(agentId, {
      bindings: [{ agent_id: agentId }],
      tools: {
        allow: ["*"],
        timeouts_s: { default: 1 },
        retries: { max_attempts: 3, backoff_ms: [50, 100] },
        circuit_breakers: { enabled: false },
      },
      budgets: { max_tool_calls: 30, max_seconds },
    });
    expect(made.status).toBe(200);
  }
}, 60_000);

test("the golden failures end as they should, and stand on the score card", async () => {
  const ran = await project.node(
    [
      CLI,
      "chaos",
      "chaos/agent.mjs",
      "--version",
      "1.0.0",
      "--adapter",
      "sdk",
      "--without",
      "kill_and_resume",
      "--json",
    ],
    env,
    150_000,
  );
  const { results } = JSON.parse(ran.out) as {
    results: { task: string; passed: boolean; detail: string | null; actual: string }[];
  };
  expect(results.filter((r) => !r.passed)).toEqual([]);
  expect(ran.code).toBe(0);
  expect(results).toHaveLength(17);
  const card = (await api.get("/chaos-results?agent_id=chaos-agent")).body as unknown as { versions: Json[] };
  expect(card.versions).toMatchObject([{ version: "1.0.0", adapter: "sdk", passed: 17, failed: 0 }]);
}, 180_000);

test("killed after the write and started again: the write is there once, and a person is asked about it", async () => {
  const ledger = path.join(project.folder, "ledger.txt");
  const ran = await project.node(
    [
      CLI,
      "chaos",
      "chaos/agent.mjs",
      "--version",
      "1.0.0",
      "--only",
      "kill_and_resume",
      "--agent",
      "chaos-killed",
      "--json",
    ],
    { ...env, LEDGER: ledger },
    170_000,
  );
  const { results } = JSON.parse(ran.out) as { results: Json[] };
  expect(results).toMatchObject([{ task: "kill_and_resume", passed: true, actual: "approval_expired" }]);
  expect(readFileSync(ledger, "utf8").trim().split("\n")).toHaveLength(1);
}, 180_000);

test("what an incident left behind is run as a golden task", async () => {
  const opened = (await api.post("/incidents", { title: "It answered from an old page", severity: "high" }))
    .body as Json;
  const id = String(opened.incident_id);
  const changed = await api.call("PATCH", `/incidents/${id}`, {
    regression_case: {
      name: "old-page",
      inject: "stale_data",
      tool: "kb_search",
      expect_stop_reason: "tool_output_invalid",
    },
  });
  expect(changed.status).toBe(200);
  const ran = await project.node([CLI, "chaos", "chaos/agent.mjs", "--incident", id], env);
  expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("pass  old-page") });
});

test("an agent that takes what it gets fails, by name, and the exit code says so", async () => {
  const ran = await project.node([CLI, "chaos", "chaos/careless.mjs"], env);
  expect(ran.code).toBe(3);
  expect(ran.out).toContain("FAIL  malformed_output");
  expect(ran.out).toContain("It ended with success");
});

test("in Vitest each golden failure is a test", async () => {
  const ran = await project.node(
    ["node_modules/vitest/vitest.mjs", "run", "--root", "chaos", "golden.spec.mjs"],
    env,
    60_000,
  );
  expect(ran.out).toMatch(/3 passed/);
  const card = (await api.get("/chaos-results?agent_id=chaos-agent")).body as unknown as { versions: Json[] };
  expect(card.versions).toContainEqual(expect.objectContaining({ version: "2.0.0", passed: 3 }));
});
