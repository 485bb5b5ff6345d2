import { beforeAll, expect, test } from "vitest";
import { type Api, type Json, startApi } from "./harness";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

const POLICY = {
  state: "enforce",
  bindings: [{ agent_id: "gate-*" }],
  tools: {
    allow: ["search.read", "ticket.create", "mail.send"],
    deny: ["payment.*"],
    idempotency_required: ["ticket.create"],
    catalog: { "mail.send": { effect: "irreversible" }, "search.read": { effect: "read" } },
  },
  budgets: { max_seconds: 600, max_usd: 1 },
};
const put = (id: string, body: unknown) => api.put(`/policies/${id}`, body);
const ask = (run_id: string, body: Json, options?: Parameters<Api["post"]>[2]) =>
  api.post("/decisions", { run_id, kind: "tool", ...body }, options);

test("200 allows what the document allows, and says what a deny lacks", async () => {
  expect((await put("gate", POLICY)).status).toBe(200);
  const { run_id } = await api.openRun({ agent_id: "gate-1" });
  const yes = await ask(run_id, { tool: "search.read", args: { q: "x" } });
  expect([yes.status, yes.body]).toEqual([
    200,
    expect.objectContaining({ outcome: "allow", code: "allowed", start_within_s: 30 }),
  ]);
  const no = await ask(run_id, { tool: "db.drop", args: {} });
  expect(no.body).toMatchObject({ outcome: "deny", code: "tool_not_allowed", stop_reason: "tool_denied" });
  const denied = await ask(run_id, { tool: "payment.send", args: {} });
  expect(denied.body).toMatchObject({ code: "tool_denied", policy: { id: "gate", version: 1, rule: "tools.deny[0]" } });
});

test("200 a result settles the hold, and a write asked again is answered from the ledger", async () => {
  const { run_id } = await api.openRun({ agent_id: "gate-1" });
  const first = await ask(run_id, { tool: "ticket.create", args: { title: "a" }, estimate: { usd: 0.1 } });
  expect(first.body).toMatchObject({ outcome: "allow", effect: "write" });
  const flying = await ask(run_id, { tool: "ticket.create", args: { title: "a" } });
  expect(flying.body).toMatchObject({ outcome: "wait", code: "effect_in_flight" });
  const told = await api.post(`/decisions/${first.body.decision_id}/result`, {
    status: "ok",
    latency_ms: 5,
    usd: 0.02,
    result: { id: "T-1" },
    effect: { external_id: "T-1" },
  });
  expect([told.status, told.body]).toEqual([
    200,
    expect.objectContaining({ next: "continue", effect: { effect_id: first.body.effect_id, status: "done" } }),
  ]);
  const again = await ask(run_id, { tool: "ticket.create", args: { title: "a" } });
  expect(again.body).toMatchObject({
    outcome: "replay",
    code: "replay",
    replay: { external_id: "T-1", result: { id: "T-1" } },
  });
  expect((await api.query("select * from holds where run_id = $1", [run_id])).length).toBe(0);
  expect((await api.query("select micros, held_micros from run_spend where run_id = $1", [run_id]))[0]).toEqual({
    micros: 20_000,
    held_micros: 0,
  });
});
test("200 an irreversible call asks a person", async () => {
  const { run_id } = await api.openRun({ agent_id: "gate-1" });
  const first = await ask(run_id, { tool: "mail.send", args: { to: "x" }, intent: { reason: "asked" } });
  expect(first.body).toMatchObject({ outcome: "require_approval", code: "approval_required" });
  expect((await api.get(`/runs/${run_id}`)).body.status).toBe("waiting");
});
