import { beforeAll, describe, expect, test } from "vitest";
import { asking } from "./asking";
import { type Api, type Json, startApi, until } from "./harness";

let api: Api;
let agent: ReturnType<typeof asking>;
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
});

let agents = 0;
const open = (document: Json = {}, run: Json = {}) =>
  agent.ruled(`spender-${++agents}`, { tools: { allow: ["*"] }, ...document }, run);
const read = (n: unknown, more: Json = {}) => ({ tool: "kb", effect: "read", args: { n }, ...more });
const usd = (dollars: number) => ({ estimate: { usd: dollars } });
const spend = async (run: string) =>
  (
    await api.query(
      "select micros, held_micros as held, unsettled_micros as unsettled from run_spend where run_id = $1",
      [run],
    )
  )[0];
const expire = (run: string) =>
  api.query("update holds set expires_at = now() - interval '1 second' where run_id = $1", [run]);

describe("holds", () => {
  test("spent + unsettled + held never pass the cap, with any number of callers at once", async () => {
    const run = await open({ budgets: { max_usd: 1, max_tool_calls: 1_000 } });
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => agent.ask(run, read(n, usd(0.07)))));
    const allowed = answers.filter((a) => a.outcome === "allow");
    expect([allowed.length, new Set(answers.map((a) => a.said))]).toEqual([
      14,
      new Set(["allow allowed", "deny cost_budget"]),
    ]);
    await Promise.all(allowed.map((a) => agent.tell(a.decision_id, { usd: 0.05 })));
    expect(await spend(run)).toEqual({ micros: 700_000, held: 0, unsettled: 0 });
    expect(allowed.at(-1)?.remaining).toMatchObject({ usd: 0.02 });
  });

  test("without a result the estimate stays booked as unsettled, which counts; a late result replaces it", async () => {
    const run = await open({ budgets: { max_usd: 1 } });
    const first = await agent.ask(run, read(1, usd(0.8)));
    await expire(run);
    await api.sweep();
    expect(await spend(run)).toEqual({ micros: 0, held: 0, unsettled: 800_000 });
    expect((await agent.ask(run, read(2, usd(0.3)))).said).toBe("deny cost_budget");
    expect((await agent.tell(first.decision_id, { usd: 0.1 })).body).toMatchObject({
      late: true,
      remaining: { usd: 0.9 },
    });
    expect(await spend(run)).toEqual({ micros: 100_000, held: 0, unsettled: 0 });
    expect((await agent.ask(run, read(2, usd(0.3)))).said).toBe("allow allowed");
  });

  test("not_executed gives everything back: money, count and claim", async () => {
    const run = await open({ budgets: { max_usd: 1, max_tool_calls: 1 } });
    const { decision_id } = await agent.ask(run, { tool: "w", args: {}, ...usd(1) });
    await agent.tell(decision_id, { status: "not_executed" });
    expect(await spend(run)).toEqual({ micros: 0, held: 0, unsettled: 0 });
    expect((await agent.ask(run, { tool: "w", args: {}, ...usd(1) })).said).toBe("allow allowed");
  });

  test("a hold lasts time-out × attempts + back-off + 30 s, and heartbeats renew it", async () => {
    const run = await open({
      tools: { allow: ["*"], timeouts_s: { kb: 7 }, retries: { max_attempts: 2, backoff_ms: [500] } },
    });
    await agent.ask(run, read(1));
    const left = async () =>
      (
        await api.query("select extract(epoch from expires_at - now())::float8 as s from holds where run_id = $1", [
          run,
        ])
      )[0]?.s as number;
    const seconds = await left();
    expect(seconds).toBeGreaterThan(40);
    expect(seconds).toBeLessThanOrEqual(44.5);
    await api.query("update holds set expires_at = now() + interval '1 second' where run_id = $1", [run]);
    await api.post(`/runs/${run}/heartbeat`, { step: 1 });
    await until(async () => (await left()) > 50);
  });

  test("what turned out dearer than its estimate ends the run, and nothing more is allowed", async () => {
    const run = await open({ budgets: { max_usd: 0.5 } });
    const { decision_id } = await agent.ask(run, read(1, usd(0.1)));
    expect((await agent.tell(decision_id, { usd: 0.7 })).body).toMatchObject({
      next: "stop",
      stop_reason: "cost_budget",
      remaining: { usd: 0 },
    });
    expect((await agent.ask(run, read(2, usd(0.01)))).said).toBe("deny cost_budget");
  });

  test("nothing is put on anyone by a refusal", async () => {
    const run = await open({ budgets: { max_usd: 0.1 } });
    await agent.ask(run, read(1, usd(5)));
    expect(await spend(run)).toBeUndefined();
    expect(await api.query("select 1 from holds where run_id = $1", [run])).toEqual([]);
  });
});

describe("rate caps", () => {
  test("the clock that went backwards gives no tokens away: hits of the future count", async () => {
    const run = await open({ connectors: { api: { role: "full", rate_limit_per_min: 2 } } });
    await api.query(
      `insert into rate_hits (environment_id, connector, decision_id, at) select id, 'api', 'f' || n, now() + interval '20 seconds'
       from environments, generate_series(1, 2) n where slug = 'production'`,
    );
    const full = await agent.ask(run, read(1, { connector: "api" }));
    expect(full.said).toBe("wait rate_limited");
    expect(full.retry_after_ms).toBeGreaterThan(60_000);
  });

  test("no 60-second window holds more than N, however the calls come; a refused one takes no token", async () => {
    const run = await open({
      connectors: { win: { role: "full", rate_limit_per_min: 5 } },
      budgets: { max_tool_calls: 500 },
    });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => agent.ask(run, read(n, { connector: "win" }))),
    );
    expect(answers.filter((a) => a.outcome === "allow")).toHaveLength(5);
    const hits = await api.query("select count(*)::int as n from rate_hits where connector = 'win'");
    expect(hits).toEqual([{ n: 5 }]);
    await api.query("update rate_hits set at = now() - interval '61 seconds' where connector = 'win'");
    expect((await agent.ask(run, read(99, { connector: "win" }))).said).toBe("allow allowed");
  });
});

describe("families", () => {
  test("a parent's caps bind its children, and its children's children", async () => {
    const parent = await open({ budgets: { max_usd: 1, max_tool_calls: 3 } });
    const child = await open({ budgets: { max_usd: 5, max_tool_calls: 50 } }, { parent_run_id: parent });
    const grandchild = await open({ budgets: { max_usd: 5, max_tool_calls: 50 } }, { parent_run_id: child });
    expect((await agent.ask(grandchild, read(1, usd(0.6)))).said).toBe("allow allowed");
    const no = await agent.ask(child, read(2, usd(0.6)));
    expect([no.said, String(no.message)]).toEqual(["deny cost_budget", expect.stringContaining(parent)]);
    expect((await agent.ask(child, read(3))).said).toBe("allow allowed");
    expect((await agent.ask(parent, read(4))).said).toBe("allow allowed");
    expect((await agent.ask(grandchild, read(5))).said).toBe("deny tool_budget");
    expect(await spend(parent)).toMatchObject({ held: 600_000 });
  });
});

describe("models", () => {
  const model = (name: string, estimate: Json | null, more: Json = {}) => ({
    kind: "model",
    model: name,
    ...(estimate ? { estimate } : {}),
    ...more,
  });
  const io = (input_tokens: number, max_output_tokens: number) => ({ input_tokens, max_output_tokens });

  test("estimate_required under a cap; unpriced_model where nobody knows its price, unless allowed; never zero by accident", async () => {
    const run = await open({ budgets: { max_usd: 1 } });
    expect(await agent.ask(run, model("gpt-4o", null))).toMatchObject({
      said: "deny estimate_required",
      stop_reason: "invalid_input",
    });
    expect((await agent.ask(run, model("home-brew-7", io(10, 10)))).said).toBe("deny unpriced_model");
    expect((await agent.ask(run, model("home-brew-7", { usd: 0.01 }))).said).toBe("allow allowed");
    const priced = await agent.ask(run, model("gpt-4o", io(1_000, 500)));
    expect(priced.said).toBe("allow allowed");
    const held = (await spend(run))?.held as number;
    expect(held).toBeGreaterThan(10_000);
    await agent.tell(priced.decision_id, { tokens: { input: 1_000, output: 100 } });
    expect((await spend(run))?.micros as number).toBeGreaterThan(0);
    const lax = await open({ budgets: { max_usd: 1 }, models: { unpriced: "allow" } });
    expect((await agent.ask(lax, model("home-brew-7", io(10, 10)))).said).toBe("allow allowed");
    const tokens = await open({ budgets: { max_tokens: 100 } });
    expect((await agent.ask(tokens, model("gpt-4o", { usd: 0.01 }))).said).toBe("deny estimate_required");
    expect((await agent.ask(tokens, model("gpt-4o", io(90, 20)))).said).toBe("deny token_budget");
  });

  test("allow and deny lists, routes by stage, input tokens of one call", async () => {
    const run = await open({
      models: { allow: ["gpt-*"], deny: ["gpt-3*"], routes: { draft: ["gpt-4o-mini"] } },
      context: { max_input_tokens: 1_000 },
    });
    const said = async (name: string, more: Json = {}) => (await agent.ask(run, model(name, io(10, 10), more))).said;
    expect(await said("gpt-4o")).toBe("allow allowed");
    expect([await said("claude-x"), await said("gpt-3.5"), await said("gpt-4o", { stage: "draft" })]).toEqual(
      Array(3).fill("deny model_not_allowed"),
    );
    expect(await said("gpt-4o-mini", { stage: "draft" })).toBe("allow allowed");
    const long = await agent.ask(run, model("gpt-4o", io(1_001, 10)));
    expect([long.said, long.stop_reason]).toEqual(["deny context_budget", "context_budget"]);
  });

  test("beyond the soft limit a model gives way to the smaller one, which goes on", async () => {
    const run = await open({
      budgets: { max_usd: 1, soft: { at: 0.5, then: "downgrade" } },
      models: { downgrade: { "gpt-4o": "gpt-4o-mini" } },
    });
    expect((await agent.ask(run, model("gpt-4o", { usd: 0.5 }))).said).toBe("allow allowed");
    const no = await agent.ask(run, model("gpt-4o", { usd: 0.1 }));
    expect([no.said, (no.limits as Json).use_model]).toEqual(["deny model_downgraded", "gpt-4o-mini"]);
    expect((await agent.ask(run, model("gpt-4o-mini", { usd: 0.1 }))).said).toBe("allow allowed");
  });

  test("a stage has tokens of its own; another stage has its own again", async () => {
    const run = await open({
      budgets: { max_tokens: 1_000 },
      stages: { draft: { max_tokens: 100 }, final: { max_tokens: 100 } },
    });
    const ask = (stage: string, tokens: number) => agent.ask(run, model("gpt-4o", { tokens }, { stage }));
    expect((await ask("draft", 80)).said).toBe("allow allowed");
    expect(await ask("draft", 30)).toMatchObject({ said: "deny stage_budget", stop_reason: "token_budget" });
    expect([(await ask("final", 30)).said, (await ask("draft", 20)).said]).toEqual(["allow allowed", "allow allowed"]);
  });
});

describe("soft limits", () => {
  test("are recorded once a run and window, and stop nothing", async () => {
    const run = await open({ budgets: { max_usd: 1, soft: { at: 0.5, then: "alert" } } });
    for (const n of [1, 2, 3, 4])
      expect((await agent.call(run, read(n, usd(0.2)), { usd: 0.2 })).said).toBe("allow allowed");
    const events = await api.query(`select limit_kind, "then", metric from budget_events where run_id = $1`, [run]);
    expect(events).toEqual([{ limit_kind: "soft", then: "alert", metric: "micros" }]);
    expect((await agent.ask(run, read(9, usd(0.3)))).said).toBe("deny cost_budget");
    await agent.ask(run, read(10, usd(0.3)));
    expect(
      await api.query("select 1 from budget_events where run_id = $1 and limit_kind = 'hard'", [run]),
    ).toHaveLength(1);
  });

  test("safe_mode sets a switch on the agent, once, that only a person releases", async () => {
    const { enterSafeModes } = await import("../../budgets");
    const run = await open({
      budgets: { max_usd: 1, soft: { at: 0.5, then: "safe_mode" } },
      safe_mode: { allowed_tools: ["kb"] },
    });
    await agent.call(run, read(1, usd(0.6)), { usd: 0.6 });
    await enterSafeModes();
    await enterSafeModes();
    const active = (await api.get("/switches?active=true")).body.items as unknown as Json[];
    const mine = active.filter((s) => (s.scope as Json).key === `spender-${agents}`);
    expect(mine).toMatchObject([{ mode: "safe_mode", reason: expect.stringContaining("soft limit") }]);
    expect((await agent.ask(run, { tool: "mail", args: {} })).said).toBe("deny safe_mode");
    expect((await agent.ask(run, read(2))).said).toBe("allow allowed");
  });
});

describe("other kinds", () => {
  test("steps are counted; a step number beyond the cap is refused even where steps were not asked for", async () => {
    const run = await open({ budgets: { max_steps: 2 } });
    const step = async (n: number) => (await agent.ask(run, { kind: "step", step: n })).said;
    expect([await step(1), await step(2), await step(3)]).toEqual([
      "allow allowed",
      "allow allowed",
      "deny step_budget",
    ]);
    expect(await agent.ask(await open({ budgets: { max_steps: 2 } }), read(1, { step: 3 }))).toMatchObject({
      stop_reason: "step_budget",
    });
  });

  test("memory: scopes, writes and bytes; what was not written does not count", async () => {
    const run = await open({ memory: { scopes: ["tenant"], max_writes: 2, max_bytes: 100 } });
    const write = (bytes: number, scope = "tenant") => agent.ask(run, { kind: "memory", bytes, scope });
    expect((await write(10, "global")).said).toBe("deny memory_scope");
    expect((await write(101)).said).toBe("deny memory_budget");
    const first = await write(60);
    expect([first.said, (await write(60)).said]).toEqual(["allow allowed", "deny memory_budget"]);
    await agent.tell(first.decision_id, { status: "not_executed" });
    expect([(await write(60)).said, (await write(40)).said, (await write(0)).said]).toEqual([
      "allow allowed",
      "allow allowed",
      "deny memory_budget",
    ]);
  });

  test("output: a score below the threshold, or a missing one, keeps it from the user", async () => {
    const run = await open({ output: { grounding: 0.7, tone: 0.2 } });
    const judge = async (scores: Json) => (await agent.ask(run, { kind: "output", scores })).said;
    expect(await judge({ grounding: 0.7, tone: 1 })).toBe("allow allowed");
    expect(await agent.ask(run, { kind: "output", scores: { grounding: 0.69, tone: 1 } })).toMatchObject({
      said: "deny output_rejected",
      stop_reason: "output_rejected",
      policy: { rule: "output.grounding" },
    });
    expect(await judge({ grounding: 1 })).toBe("deny output_rejected");
  });

  test("per-tool budgets: calls and retries of one run", async () => {
    const run = await open({
      tools: { allow: ["*"], budgets: { kb: { max_calls: 3, max_retries: 1 } }, retries: { max_attempts: 5 } },
    });
    const said = async (n: number, attempt = 1) => (await agent.ask(run, read(n, { attempt }))).said;
    expect([await said(1), await said(1, 2), await said(2, 2), await said(3), await said(4)]).toEqual([
      "allow allowed",
      "allow allowed",
      "deny attempts_exhausted",
      "allow allowed",
      "deny tool_budget",
    ]);
  });

  test("unique calls: a known call goes on, a new one does not", async () => {
    const run = await open({ budgets: { max_unique_calls: 2 } });
    for (const n of [1, 2]) await agent.ask(run, read(n));
    expect((await agent.ask(run, read(3))).said).toBe("deny unique_calls");
    expect((await agent.ask(run, read(1))).said).toBe("allow allowed");
  });

  test("loops: volatile fields do not hide one, another write between is progress, exempt tools may repeat", async () => {
    const run = await open({
      tools: { allow: ["*"] },
      loop_detection: { exempt_tools: ["poll"], no_progress_threshold: 50 },
    });
    const ask = (tool: string, args: Json) => agent.call(run, { tool, effect: "read", args }, { result: "same" });
    for (let n = 0; n < 3; n++) await ask("kb", { q: 1, timestamp: n, reason: `try ${n}`, nonce: n });
    expect((await ask("kb", { q: 1, timestamp: 9 })).said).toBe("deny loop_detected");
    for (let n = 0; n < 6; n++) expect((await ask("poll", { job: 1 })).said).toBe("allow allowed");
    await agent.call(run, { tool: "w", args: { n: 1 } }, { result: 1 });
    expect((await ask("kb", { q: 1, timestamp: 10 })).said).toBe("allow allowed");
  });
});
