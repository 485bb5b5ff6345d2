import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { asking } from "./asking";
import { type Api, type Json, startApi } from "./harness";

let api: Api;
let agent: ReturnType<typeof asking>;
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
});

// Circuits are the whole fleet's: each test begins with them closed.
beforeEach(() => api.query("delete from breakers").then(() => undefined));

let agents = 0;
const open = (tools: Json = {}, more: Json = {}) =>
  agent.ruled(`writer-${++agents}`, { tools: { allow: ["*"], ...tools }, ...more });
const items = (answer: { body: Json }) => answer.body.items as Json[];
const effects = async (run: string) => items(await api.get(`/effects?run_id=${run}`));
const write = { tool: "ticket.create", args: { title: "Login outage" } };

describe("the ledger", () => {
  test("a done write is answered, not done again: its result to its own key, to another by hash and external id alone", async () => {
    const run = await open();
    const first = await agent.ask(run, write);
    const told = await agent.tell(first.decision_id, {
      result: { id: "T-1", note: "secret-note" },
      effect: { external_id: "T-1", url: "https://t/1", compensation: { tool: "ticket.close", args: { id: "T-1" } } },
    });
    expect(told.body).toMatchObject({ next: "continue", effect: { effect_id: first.effect_id, status: "done" } });
    const again = await agent.ask(run, write);
    expect(again).toMatchObject({ said: "replay replay", replay: { external_id: "T-1", result: { id: "T-1" } } });
    const other = await agent.ask(run, write, { key: await api.key(["agent"]) });
    expect(other).toMatchObject({ said: "replay replay_without_body", replay: { external_id: "T-1", result: null } });
    const [row] = await effects(run);
    expect(row).toMatchObject({ status: "done", attempts: 1, replays: 2, compensation: { tool: "ticket.close" } });
    for (const table of ["effects", "decisions", "decision_results", "audit_rows"])
      expect(JSON.stringify(await api.query(`select t::text from ${table} t`)), table).not.toContain("secret-note");
    expect(JSON.stringify((await api.get(`/decisions?run_id=${run}`)).body)).not.toContain("secret-note");
  });

  test("a result over 64 KB is known by its hash; a read is asked anew each time", async () => {
    const run = await open();
    const first = await agent.ask(run, write);
    await agent.tell(first.decision_id, { result: "x".repeat(64 * 1024 + 1), effect: { external_id: "big" } });
    expect(await agent.ask(run, write)).toMatchObject({
      said: "replay replay_without_body",
      replay: { external_id: "big" },
    });
    const read = { tool: "kb", effect: "read", args: {} };
    await agent.call(run, read);
    expect(await agent.ask(run, read)).toMatchObject({ said: "allow allowed", idempotency_key: null, effect_id: null });
  });

  test.each<[string, Json, string]>([
    ["ok", { status: "ok" }, "done"],
    ["ok with invalid output", { status: "ok", output_valid: false }, "done"],
    ["not executed", { status: "not_executed" }, "not_done"],
    ...[400, 401, 403, 404, 405, 413, 415, 422, 429].map((http_status): [string, Json, string] => [
      String(http_status),
      { status: "error", http_status },
      "not_done",
    ]),
    ...[408, 409, 500, 502, 503].map((http_status): [string, Json, string] => [
      String(http_status),
      { status: "error", http_status },
      "unknown",
    ]),
    ["timeout", { status: "timeout" }, "unknown"],
    ["an error without status", { status: "error", error: { message: "socket hang up" } }, "unknown"],
  ])("%s leaves the write as it says", async (_name, result, status) => {
    const run = await open();
    const { decision_id } = await agent.ask(run, write);
    expect((await agent.tell(decision_id, result)).body.effect).toMatchObject({ status });
    const next = await agent.ask(run, write);
    expect(next.said).toBe(
      { done: "replay replay_without_body", not_done: "allow allowed", unknown: "require_approval effect_unknown" }[
        status
      ],
    );
  });

  test("200 a result is told one time: the same again is the same answer, another is 409, one for a refusal too; 404 for none", async () => {
    const run = await open({ deny: ["no"] });
    const { decision_id } = await agent.ask(run, write);
    const first = await agent.tell(decision_id, { latency_ms: 5 });
    expect((await agent.tell(decision_id, { latency_ms: 5 })).body).toEqual(first.body);
    expect((await agent.tell(decision_id, { latency_ms: 6 })).status).toBe(409);
    const no = await agent.ask(run, { tool: "no" });
    expect((await agent.tell(no.decision_id)).body.code).toBe("conflict");
    expect((await agent.tell("dec_none")).status).toBe(404);
  });

  test("200 whatever bytes a result brings: what happened is never lost for the way it is told", async () => {
    const run = await open();
    const { decision_id } = await agent.ask(run, write);
    const undo = String.raw`{"tool":"undo","args":{"a":"\u0000\ud800","password":"hunter2"}}`;
    const text = String.raw`{"status":"ok","result":"\ud800\u0000","endpoint":"e\u0000","effect":{"external_id":"x\u0000","compensation":${undo}}}`;
    const json = { headers: { "content-type": "application/json" } };
    const told = await api.call("POST", `/decisions/${decision_id}/result`, text, json);
    expect([told.status, told.body.effect]).toMatchObject([200, { status: "done" }]);
    expect((await effects(run))[0]).toMatchObject({
      external_id: "x",
      compensation: { args: { password: "[redacted]" } },
    });
  });

  test("of many results at once one is booked; of many who settle one write one does", async () => {
    const run = await open();
    const { decision_id } = await agent.ask(run, { ...write, estimate: { usd: 0.1 } });
    const told = await Promise.all([1, 2, 3, 4].map(() => agent.tell(decision_id, { usd: 0.1 })));
    expect(told.map((t) => t.status)).toEqual(Array(4).fill(200));
    expect(await api.query("select micros, held_micros from run_spend where run_id = $1", [run])).toEqual([
      { micros: 100_000, held_micros: 0 },
    ]);
    const lost = await agent.call(run, { tool: "w", args: {} }, { status: "timeout" });
    const settled = await Promise.all(
      [true, false, true].map((done) => api.post(`/effects/${lost.effect_id}/settle`, { done, reason: "looked" })),
    );
    expect(settled.map((s) => s.status).sort()).toEqual([200, 409, 409]);
  });

  test("scopes of idempotency: a run's, an agent's, a tenant's; dedupe_key tells twins apart; a window ends", async () => {
    const catalog = {
      own: {},
      agent: { idempotency: { scope: "agent", window_s: 60 } },
      tenant: { idempotency: { scope: "tenant" } },
    };
    const id = `writer-${++agents}`;
    await agent.ruled(id, { tools: { allow: ["*"], catalog } });
    const run = async (tenant_id: string) => (await api.openRun({ agent_id: id, tenant_id })).run_id;
    const [a, b, c] = [await run("x"), await run("x"), await run("y")];
    for (const tool of ["own", "agent", "tenant"]) await agent.call(a, { tool, args: {} }, { result: 1 });
    const said = async (r: string, tool: string) => (await agent.call(r, { tool, args: {} })).outcome;
    expect([await said(b, "own"), await said(b, "agent"), await said(b, "tenant")]).toEqual([
      "allow",
      "replay",
      "replay",
    ]);
    expect([await said(c, "agent"), await said(c, "tenant")]).toEqual(["replay", "allow"]);
    expect((await agent.ask(a, { tool: "own", args: {}, dedupe_key: "meant twice" })).said).toBe("allow allowed");
    await api.query("update effects set window_until = now() - interval '1 second' where tool = 'agent'");
    expect(await said(c, "agent")).toBe("allow");
  });
});

describe("unknown writes", () => {
  test("again with the same key only where the tool takes one and attempts remain; then a person, never a grant", async () => {
    const run = await open({ idempotency_required: ["ticket.create"], retries: { max_attempts: 2 } });
    const lost = { status: "error", http_status: 502 };
    const first = await agent.call(run, write, lost);
    const second = await agent.call(run, { ...write, attempt: 2 }, lost);
    expect([second.said, second.idempotency_key]).toEqual(["allow allowed", first.idempotency_key]);
    await api.post("/grants", { agent_id: "writer-*", tool: "ticket.create", reason: "routine", expires_in_s: 600 });
    const third = await agent.ask(run, write);
    expect([third.said, third.effect_id]).toEqual(["require_approval effect_unknown", first.effect_id]);
    expect((await effects(run))[0]).toMatchObject({ status: "unknown", attempts: 2 });
  });

  test("a person settles it done: it is replayed; not done: it is free again; 409 for what is known, 403 for an agent's key", async () => {
    const settle = (id: string, body: Json, options?: Parameters<Api["post"]>[2]) =>
      api.post(`/effects/${id}/settle`, { reason: "looked it up", ...body }, options);
    const [happened, not] = [await open(), await open()];
    const a = await agent.call(happened, write, { status: "timeout" });
    const b = await agent.call(not, write, { status: "timeout" });
    expect((await settle(a.effect_id, { done: true }, { key: await api.key(["agent", "read"]) })).status).toBe(403);
    const other = await api.key(["operate"], { environment: "there" });
    expect((await settle(a.effect_id, { done: true }, { key: other })).status).toBe(404);
    expect((await api.post(`/effects/${a.effect_id}/settle`, { done: true })).status).toBe(422);
    expect((await settle(a.effect_id, { done: true, external_id: "T-9" })).body).toMatchObject({
      status: "done",
      settled_by: "Administrator",
      settle_reason: "looked it up",
    });
    expect((await settle(a.effect_id, { done: false })).status).toBe(409);
    expect(await agent.ask(happened, write)).toMatchObject({ outcome: "replay", replay: { external_id: "T-9" } });
    await settle(b.effect_id, { done: false });
    expect((await agent.ask(not, write)).said).toBe("allow allowed");
    const rows = await api.query(
      "select summary from audit_rows where target_type = 'effect' and summary like '%looked it up' order by at",
    );
    expect(rows.map((r) => r.summary)).toEqual([
      "settled that ticket.create did happen: looked it up",
      "settled that ticket.create did not happen: looked it up",
    ]);
  });

  test("the instance that called is gone: whoever takes its run over asks a person about the write, and does not wait for it", async () => {
    const agentId = `writer-${++agents}`;
    await agent.put(agentId, {
      bindings: [{ agent_id: agentId }],
      tools: { allow: ["*"], timeouts_s: { default: 600 } },
    });
    const request = { request_id: "gone", agent_id: agentId, task_type: "task" };
    const run = (await api.openRun({ ...request, instance_id: "a" })).run_id;
    expect((await agent.ask(run, write)).said).toBe("allow allowed");
    await api.query("update runs set lease_until = now() - interval '1 second' where run_id = $1", [run]);
    const second = (await api.post("/runs", { ...request, instance_id: "b" })).body;
    expect(second).toMatchObject({ run_id: run, attempt: 2, owner: true });
    const { token } = second.lease as unknown as { token: string };
    // Its heartbeat keeps its own calls held, not those of the one before.
    expect((await api.post(`/runs/${run}/heartbeat`, { lease_token: token })).status).toBe(200);
    await api.sweep();
    expect((await effects(run))[0]).toMatchObject({ status: "unknown" });
    expect((await agent.ask(run, { ...write, lease_token: token })).said).toBe("require_approval effect_unknown");
  });

  test("no result at all: the hold ends, the write is unknown and its claim stays; a late yes still makes it done", async () => {
    const run = await open();
    const first = await agent.ask(run, { ...write, estimate: { usd: 0.5 } });
    await api.query("update holds set expires_at = now() - interval '1 second' where run_id = $1", [run]);
    await api.query("update effects set hold_until = now() - interval '1 second' where run_id = $1", [run]);
    await api.sweep();
    expect((await effects(run))[0]).toMatchObject({ status: "unknown" });
    expect((await agent.ask(run, write)).said).toBe("require_approval effect_unknown");
    const late = await agent.tell(first.decision_id, { result: 1, usd: 0.1 });
    expect(late.body).toMatchObject({ late: true, effect: { status: "done" } });
    expect((await agent.ask(run, write)).said).toBe("replay replay");
  });
});

describe("two attempts of one write", () => {
  test("a late yes to the first stands, whatever the second says: it is never done a third time", async () => {
    for (const second of [{ status: "not_executed" }, { status: "error", http_status: 404 }, { status: "timeout" }]) {
      const run = await open({ idempotency_required: ["ticket.create"], retries: { max_attempts: 3 } });
      const first = await agent.ask(run, write);
      await api.query("update holds set expires_at = now() - interval '1 second' where run_id = $1", [run]);
      await api.query("update effects set hold_until = now() - interval '1 second' where run_id = $1", [run]);
      await api.sweep();
      const again = await agent.ask(run, { ...write, attempt: 2 });
      expect([again.said, again.effect_id]).toEqual(["allow allowed", first.effect_id]);
      const late = await agent.tell(first.decision_id, { effect: { external_id: "T-1" } });
      expect(late.body).toMatchObject({ late: true, effect: { status: "done" } });
      expect((await agent.tell(again.decision_id, second)).body.effect).toMatchObject({ status: "done" });
      expect(await agent.ask(run, write)).toMatchObject({ outcome: "replay", replay: { external_id: "T-1" } });
    }
  });
});

describe("fenced writes", () => {
  const fence = { conditions: [{ tool: "flag.*", when: "true", then: "require_fence" }] };
  const flag = { tool: "flag.set", args: { name: "beta" } };

  test("prepare, then commit; each phase once, in order; the ledger shows what stands in a fence", async () => {
    const run = await open({}, fence);
    expect(await agent.ask(run, flag)).toMatchObject({ said: "deny fence_required", stop_reason: "tool_denied" });
    expect((await agent.ask(run, { ...flag, phase: "commit" })).said).toBe("deny fence_missing");
    await agent.call(run, { ...flag, phase: "prepare" }, { effect: { external_id: "draft-1" } });
    expect((await effects(run))[0]).toMatchObject({ status: "prepared", external_id: "draft-1" });
    expect((await agent.ask(run, { ...flag, phase: "prepare" })).outcome).toBe("replay");
    const commit = await agent.ask(run, { ...flag, phase: "commit" });
    expect(commit.said).toBe("allow allowed");
    expect((await agent.ask(run, { ...flag, phase: "commit" })).said).toBe("wait effect_in_flight");
    expect((await agent.tell(commit.decision_id)).body.effect).toMatchObject({ status: "committed" });
    expect((await agent.ask(run, { ...flag, phase: "commit" })).outcome).toBe("replay");
    expect((await agent.ask(run, { ...flag, phase: "rollback" })).said).toBe("deny effect_settled");
  });

  test("rolled back it may be prepared anew; a commit that fails for certain stays prepared, one that is lost is unknown", async () => {
    const run = await open({}, fence);
    const phase = (name: string, result: Json = {}) => agent.call(run, { ...flag, phase: name }, result);
    const status = async () => (await effects(run))[0]?.status;
    await phase("prepare");
    await phase("rollback");
    expect(await status()).toBe("rolled_back");
    expect((await phase("commit")).said).toBe("deny effect_settled");
    expect((await phase("prepare")).said).toBe("allow allowed");
    await phase("commit", { status: "error", http_status: 422 });
    expect(await status()).toBe("prepared");
    await phase("commit", { status: "timeout" });
    expect(await status()).toBe("unknown");
    expect((await phase("commit")).said).toBe("require_approval effect_unknown");
  });

  test("an irreversible write is prepared freely and committed by a person's word", async () => {
    const run = await open({ catalog: { "flag.set": { effect: "irreversible" } } }, fence);
    expect((await agent.call(run, { ...flag, phase: "prepare" })).said).toBe("allow allowed");
    expect((await agent.ask(run, { ...flag, phase: "commit" })).said).toBe("require_approval approval_required");
    expect((await agent.ask(run, { ...flag, phase: "rollback" })).said).toBe("allow allowed");
  });
});

describe("output schema", () => {
  const output_schema = {
    type: "object",
    required: ["id", "status"],
    properties: { id: { type: "string" }, status: { enum: ["created", "pending"] } },
  };
  const tools = { catalog: { "ticket.create": { output_schema } } };

  test("fails closed with the path, and the write is done all the same", async () => {
    const run = await open(tools);
    const { decision_id } = await agent.ask(run, write);
    const told = await agent.tell(decision_id, { result: { id: 7, status: "maybe" } });
    expect(told.body).toMatchObject({
      next: "stop",
      stop_reason: "tool_output_invalid",
      output_valid: false,
      effect: { status: "done" },
    });
    expect((told.body.errors as unknown as Json[]).map((e) => e.path)).toEqual(["result.id", "result.status"]);
  });

  test("a missing result fails closed, a fitting one goes on, fail_closed: false only says so", async () => {
    const run = await open(tools);
    const one = async (n: number, result: Json) => {
      const { decision_id } = await agent.ask(run, { ...write, args: { n } });
      return (await agent.tell(decision_id, result)).body;
    };
    expect(await one(1, {})).toMatchObject({ next: "stop", stop_reason: "tool_output_invalid" });
    expect(await one(2, { result: { id: "a", status: "created" } })).toMatchObject({
      next: "continue",
      output_valid: true,
    });
    const lax = await open(tools, { validation: { output: { fail_closed: false } } });
    const { decision_id } = await agent.ask(lax, write);
    expect((await agent.tell(decision_id, { result: {} })).body).toMatchObject({
      next: "continue",
      output_valid: false,
    });
  });
});

describe("circuit breakers", () => {
  const down = { status: "error", http_status: 503 };
  const tripped = async (tool: string) => {
    const run = await open({ circuit_breakers: { failure_threshold: 2, open_seconds: 30 } });
    const call = (n: number, result: Json = {}) => agent.call(run, { tool, effect: "read", args: { n } }, result);
    await call(1, down);
    await call(2, down);
    expect((await call(3)).said).toBe("deny circuit_open");
    return { run, call };
  };
  const elapse = (tool: string) =>
    api.query("update breakers set open_until = now() - interval '1 second' where tool = $1", [tool]);
  const state = async (tool: string) => items(await api.get("/breakers")).find((b) => b.tool === tool)?.state;

  test("half open lets one probe through, among many that ask at once; its success closes the circuit for everybody", async () => {
    const { run, call } = await tripped("flaky");
    const elsewhere = await open();
    expect((await agent.ask(elsewhere, { tool: "flaky", effect: "read", args: {} })).said).toBe("deny circuit_open");
    await elapse("flaky");
    expect(await state("flaky")).toBe("half_open");
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        agent.ask(n % 2 ? run : elsewhere, { tool: "flaky", effect: "read", args: { p: n } }),
      ),
    );
    const probes = answers.filter((a) => a.outcome === "allow");
    expect([probes.length, new Set(answers.map((a) => a.code))]).toEqual([1, new Set(["allowed", "circuit_open"])]);
    await agent.tell(probes[0]?.decision_id ?? "");
    expect([await state("flaky"), (await call(9)).said]).toEqual(["closed", "allow allowed"]);
  });

  test("a failed probe opens it again, a probe that never answers gives its place back", async () => {
    const { call } = await tripped("dead");
    await elapse("dead");
    expect((await call(4, down)).said).toBe("allow allowed");
    expect([await state("dead"), (await call(5)).said]).toEqual(["open", "deny circuit_open"]);
    await elapse("dead");
    const { run } = { run: await open() };
    expect((await agent.ask(run, { tool: "dead", effect: "read", args: { silent: 1 } })).said).toBe("allow allowed");
    expect((await call(6)).said).toBe("deny circuit_open");
    await api.query("update breakers set probe_until = now() - interval '1 second' where tool = 'dead'");
    expect((await call(7)).said).toBe("allow allowed");
  });

  test("one caller's 4xx trips nothing; a refused call is no probe", async () => {
    const run = await open({ circuit_breakers: { failure_threshold: 2 } });
    for (let n = 0; n < 4; n++)
      await agent.call(run, { tool: "picky", effect: "read", args: { n } }, { status: "error", http_status: 404 });
    expect(await state("picky")).toBeUndefined();
    await tripped("shy");
    await elapse("shy");
    const poor = await open({}, { budgets: { max_tool_calls: 0 } });
    expect((await agent.ask(poor, { tool: "shy", effect: "read", args: {} })).said).toBe("deny tool_budget");
    expect((await agent.ask(run, { tool: "shy", effect: "read", args: {} })).said).toBe("allow allowed");
  });
});
