import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { asking } from "./asking";
import { type Api, type Json, startApi } from "./harness";

let api: Api;
let agent: ReturnType<typeof asking>;
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
});
// Budgets hold for everybody: each test begins with none.
beforeEach(async () => {
  for (const { slug } of (await api.get("/budgets")).body.items as unknown as { slug: string }[])
    await api.call("DELETE", `/budgets/${slug}`);
});

let agents = 0;
const name = () => `payer-${agents}`;
const open = (document: Json = {}, run: Json = {}) =>
  agent.ruled(
    `payer-${++agents}`,
    {
      tools: { allow: ["*"] },
      budgets: { max_usd: 1_000, max_tool_calls: 1_000, max_steps: 1_000, max_tokens: 1e9 },
      ...document,
    },
    run,
  );
const again = (run: Json = {}) => api.openRun({ agent_id: name(), ...run });
const put = (slug: string, body: Json) => api.put(`/budgets/${slug}`, body);
const each = (kind: string) => ({ kind });
const get = async (slug: string) => (await api.get(`/budgets/${slug}`)).body;
let n = 0;
const read = (more: Json = {}) => ({ tool: "kb", effect: "read", args: { n: n++ }, ...more });
const usd = (dollars: number) => ({ estimate: { usd: dollars } });

describe("by status", () => {
  const body = { scope: { kind: "agent", key: "payer" }, metric: "usd", window: "day", amount: 5, soft: { at: 0.8 } };

  test("200 writes, reads and lists one; again is its next revision; 200 deletes it, 404 then", async () => {
    expect((await put("daily", body)).body).toMatchObject({
      slug: "daily",
      revision: 1,
      amount: 5,
      hard: true,
      soft: { at: 0.8, then: "alert" },
    });
    expect((await put("daily", { ...body, amount: 7.25, note: "raised" })).body).toMatchObject({
      revision: 2,
      amount: 7.25,
    });
    const found = await get("daily");
    expect(found).toMatchObject({ usage: { spent: 0, held: 0, unsettled: 0 }, reached: "none", holds: [], events: [] });
    expect(Date.parse(String(found.window_end)) - Date.parse(String(found.window_start))).toBe(86_400_000);
    expect((await api.get("/budgets")).body).toMatchObject({
      items: [{ slug: "daily" }],
      run_caps: { live: expect.any(Number) },
    });
    expect((await api.call("DELETE", "/budgets/daily")).status).toBe(200);
    expect([(await api.get("/budgets/daily")).status, (await api.call("DELETE", "/budgets/daily")).status]).toEqual([
      404, 404,
    ]);
    const rows = await api.query(
      "select action, summary from audit_rows where target_type = 'budget' and target_id = 'daily' order by seq",
    );
    expect(rows.map((r) => r.summary)).toEqual([
      "set budget daily to 5 usd per day",
      "set budget daily to 7.25 usd per day: raised",
      "deleted budget daily",
    ]);
  });

  test("200 ?dry_run=true checks, tells what was before, and keeps nothing", async () => {
    const dry = await api.put("/budgets/tried?dry_run=true", body);
    expect(dry.body).toMatchObject({ valid: true, before: null, after: { amount: 5 } });
    expect((await api.put("/budgets/tried?dry_run=true", { ...body, amount: -1 })).status).toBe(422);
    expect((await api.get("/budgets/tried")).status).toBe(404);
  });

  test("403 for a key without configure, 404 in another environment", async () => {
    await put("mine", body);
    const weak = { key: await api.key(["agent", "read", "operate", "approve"]) };
    expect((await api.put("/budgets/mine", body, weak)).status).toBe(403);
    expect((await api.call("DELETE", "/budgets/mine", undefined, weak)).status).toBe(403);
    const there = { key: await api.key(["configure"], { environment: "there" }) };
    expect((await api.get("/budgets/mine", there)).status).toBe(404);
    expect((await api.call("DELETE", "/budgets/mine", undefined, there)).status).toBe(404);
    expect((await api.get("/budgets", there)).body.items).toEqual([]);
  });

  test.each<[string, Json, string]>([
    ["a key of the environment", { scope: { kind: "environment", key: "x" } }, "scope.key"],
    ["seconds a day", { metric: "seconds" }, "window"],
    ["depth an hour", { metric: "depth", window: "hour" }, "window"],
    ["concurrent runs a day", { metric: "concurrent_runs" }, "window"],
    ["concurrent runs of a tool", { metric: "concurrent_runs", window: "run", scope: each("tool") }, "scope.kind"],
    ["a stage a day", { scope: each("stage") }, "window"],
    ["steps of a stage", { scope: each("stage"), window: "run", metric: "steps" }, "metric"],
    ["steps of a tool", { scope: each("tool"), metric: "steps" }, "metric"],
    ["seconds of a tool", { scope: each("tool"), metric: "seconds", window: "run" }, "metric"],
    ["children of a tool", { scope: each("tool"), metric: "children", window: "run" }, "metric"],
    ["errors of an agent", { metric: "error_rate", amount: 0.1 }, "scope.kind"],
    ["errors of a run", { scope: each("task_type"), metric: "error_rate", window: "run", amount: 0.1 }, "window"],
    ["more than all fail", { scope: each("task_type"), metric: "error_rate", amount: 1.5 }, "amount"],
    ["half a token", { metric: "tokens", amount: 0.5 }, "amount"],
    ["less than nothing", { amount: -1 }, "amount"],
    ["a soft limit above the cap", { soft: { at: 1.5 } }, "soft.at"],
    ["a smaller model to save steps", { metric: "steps", soft: { at: 0.5, then: "downgrade" } }, "soft.then"],
    ["an unknown metric", { metric: "euros" }, "metric"],
    ["an unknown key", { colour: "red" }, "colour"],
  ])("422 %s", async (_name, more, path) => {
    const answer = await put("nonsense", {
      scope: { kind: "agent" },
      metric: "usd",
      window: "day",
      amount: 5,
      ...more,
    });
    const errors = answer.body.errors as unknown as { path: string }[];
    expect([answer.status, errors.map((e) => e.path)]).toEqual([422, [path]]);
  });

  test("422 a name that is no slug", async () => expect((await put("Big%20Budget", body)).status).toBe(422));
});

describe("windows", () => {
  test("an hour's budget counts what the hour has used, of every run; the next hour begins at nothing", async () => {
    const one = await open();
    const two = (await again()).run_id;
    await put("hourly", { scope: { kind: "agent", key: name() }, metric: "tool_calls", window: "hour", amount: 3 });
    for (const run of [one, two, one]) expect((await agent.ask(run, read())).said).toBe("allow allowed");
    const full = await agent.ask(two, read());
    expect([full.said, (full.policy as Json).rule]).toEqual(["deny tool_budget", "budget hourly"]);
    expect(await get("hourly")).toMatchObject({
      usage: { spent: 3 },
      reached: "hard",
      events: [{ limit: "hard", scope: `agent ${name()}`, value: 3 }],
    });
    await api.query("update spend_hours set hour = hour - interval '1 hour' where scope_key = $1", [name()]);
    expect((await agent.ask(two, read())).said).toBe("allow allowed");
  });

  test.each(["day", "month"])(
    "a %s is one in UTC: what was before it does not count, what it holds does",
    async (window) => {
      const run = await open();
      await put(window, { scope: { kind: "agent", key: name() }, metric: "usd", window, amount: 10 });
      const past = (amount: number, at: string) =>
        api.query(
          `insert into spend_hours (environment_id, scope_kind, scope_key, hour, source, micros)
         select id, 'agent', $1, ${at}, 'decisions', $2 from environments where slug = 'production'`,
          [name(), amount],
        );
      await past(50_000_000, `date_trunc('${window}', now(), 'UTC') - interval '1 hour'`);
      expect((await agent.call(run, read(usd(4)), { usd: 4 })).said).toBe("allow allowed");
      await agent.ask(run, read(usd(5)));
      expect((await agent.ask(run, read(usd(2)))).said).toBe("deny cost_budget");
      expect(await get(window)).toMatchObject({
        usage: { spent: 4, held: 5 },
        holds: [{ what: "kb", state: "held", amount: 5 }],
      });
    },
  );

  test("of each run: with all its descendants, every run for itself", async () => {
    const parent = await open();
    await put("per-run", { scope: each("agent"), metric: "usd", window: "run", amount: 1 });
    const child = await open({}, { parent_run_id: parent });
    expect((await agent.ask(child, read(usd(0.7)))).said).toBe("allow allowed");
    expect((await agent.ask(parent, read(usd(0.7)))).said).toBe("deny cost_budget");
    expect((await agent.ask((await again()).run_id, read(usd(0.7)))).said).toBe("allow allowed");
  });

  test("each tenant has its own where no key is named; who has none is not concerned", async () => {
    await open();
    await put("tenants", { scope: each("tenant"), metric: "usd", window: "day", amount: 1 });
    const of = async (tenant_id: string | null) => (await again(tenant_id ? { tenant_id } : {})).run_id;
    const [acme, globex, nobody] = [await of("acme"), await of("globex"), await of(null)];
    const said = async (run: string) => (await agent.ask(run, read(usd(0.6)))).said;
    expect([await said(acme), await said(acme), await said(globex)]).toEqual([
      "allow allowed",
      "deny cost_budget",
      "allow allowed",
    ]);
    expect([await said(nobody), await said(nobody)]).toEqual(["allow allowed", "allow allowed"]);
    expect((await get("tenants")).worst).toMatch(/acme|globex/);
  });

  test("several on one call: all must hold; the environment's binds everybody; soft alone refuses nothing", async () => {
    const run = await open();
    await put("wide", { scope: each("environment"), metric: "tokens", window: "day", amount: 100 });
    await put("narrow", { scope: { kind: "tool", key: "kb" }, metric: "tool_calls", window: "day", amount: 2 });
    await put("look", {
      scope: { kind: "agent", key: name() },
      metric: "tool_calls",
      window: "day",
      amount: 1,
      hard: false,
      soft: { at: 1 },
    });
    const base = (await get("narrow")).usage as unknown as { spent: number };
    await put("narrow", {
      scope: { kind: "tool", key: "kb" },
      metric: "tool_calls",
      window: "day",
      amount: base.spent + 2,
    });
    const used = (await get("wide")).usage as unknown as { spent: number; held: number; unsettled: number };
    await put("wide", {
      scope: each("environment"),
      metric: "tokens",
      window: "day",
      amount: used.spent + used.held + used.unsettled + 100,
    });
    expect((await agent.ask(run, read({ estimate: { tokens: 101 } }))).said).toBe("deny token_budget");
    expect((await agent.ask(run, read({ estimate: { tokens: 100 } }))).said).toBe("allow allowed");
    expect((await agent.ask(run, read())).said).toBe("allow allowed");
    expect(await agent.ask(run, read())).toMatchObject({ said: "deny tool_budget", policy: { rule: "budget narrow" } });
    expect((await get("look")).events).toMatchObject([{ limit: "soft", then: "alert" }]);
  });

  test.each([
    ["usd", usd(0.6), 1, "cost_budget"],
    ["tokens", { estimate: { tokens: 60 } }, 100, "token_budget"],
    ["tool_calls", {}, 1, "tool_budget"],
  ])("%s of one tool in each run: that tool alone is held to it", async (metric, more, amount, code) => {
    const run = await open();
    await put("tool-run", { scope: { kind: "tool", key: "kb" }, metric, window: "run", amount });
    expect((await agent.ask(run, read(more))).said).toBe("allow allowed");
    expect((await agent.ask(run, read(more))).code).toBe(code);
    expect((await agent.ask(run, { ...read(more), tool: "other" })).said).toBe("allow allowed");
  });
});

describe("raising a cap", () => {
  test("lets the same run go on, at once; deleting it does too", async () => {
    const run = await open();
    const daily = (amount: number) =>
      put("daily", { scope: { kind: "agent", key: name() }, metric: "usd", window: "day", amount });
    await daily(1);
    expect((await agent.ask(run, read(usd(0.9)))).said).toBe("allow allowed");
    expect((await agent.ask(run, read(usd(0.9)))).said).toBe("deny cost_budget");
    await daily(2);
    expect((await agent.ask(run, read(usd(0.9)))).said).toBe("allow allowed");
    expect((await agent.ask(run, read(usd(0.9)))).said).toBe("deny cost_budget");
    await api.call("DELETE", "/budgets/daily");
    expect((await agent.ask(run, read(usd(0.9)))).said).toBe("allow allowed");
    expect((await api.get(`/runs/${run}`)).body.status).toBe("running");
  });

  test("lowering it below what is used refuses the next call and takes nothing back", async () => {
    const run = await open();
    const { decision_id } = await agent.ask(run, read(usd(3)));
    await put("low", { scope: { kind: "agent", key: name() }, metric: "usd", window: "day", amount: 1 });
    expect((await agent.ask(run, read(usd(0.1)))).said).toBe("deny cost_budget");
    expect((await agent.tell(decision_id, { usd: 3 })).status).toBe(200);
  });
});

describe("opening a run", () => {
  const refused = async (run: Json = {}) => {
    const { status, body } = await again(run);
    return [status, body.code, body.budget];
  };

  test("409 budget_exhausted names the budget that cannot hold the estimate; it is checked, not held", async () => {
    await open();
    await put("purse", { scope: { kind: "agent", key: name() }, metric: "usd", window: "day", amount: 5 });
    expect((await again({ estimate: { usd: 5 } })).status).toBe(201);
    expect((await again({ estimate: { usd: 5 } })).status).toBe(201);
    expect(await refused({ estimate: { usd: 5.01 } })).toEqual([409, "budget_exhausted", "budget purse"]);
    const { run_id } = await again();
    await agent.call(run_id, read(usd(5)), { usd: 5 });
    expect(await refused()).toEqual([409, "budget_exhausted", "budget purse"]);
    await open({ budgets: { max_usd: 2 } });
    expect(await refused({ estimate: { usd: 3 } })).toEqual([409, "budget_exhausted", `policy ${name()}`]);
  });

  test("409 concurrent runs, waiting ones among them; one that ends makes room", async () => {
    const first = await open();
    await put("crowd", { scope: { kind: "agent", key: name() }, metric: "concurrent_runs", window: "run", amount: 2 });
    expect((await again()).status).toBe(201);
    expect(await refused()).toEqual([409, "budget_exhausted", "budget crowd"]);
    expect((await get("crowd")).usage).toMatchObject({ spent: 2 });
    await api.post(`/runs/${first}/finish`, { stop_reason: "success" });
    const racing = await Promise.all(Array.from({ length: 8 }, () => again()));
    expect(racing.filter((r) => r.status === 201)).toHaveLength(1);
  });

  test("409 too deep, too many children, by policy and by budget", async () => {
    const top = await open({ budgets: { max_depth: 1, max_children: 2 } });
    const child = await again({ parent_run_id: top });
    expect(child.status).toBe(201);
    expect(await refused({ parent_run_id: child.run_id })).toEqual([409, "budget_exhausted", `policy ${name()}`]);
    expect((await again({ parent_run_id: top })).status).toBe(201);
    expect(await refused({ parent_run_id: top })).toEqual([409, "budget_exhausted", `policy ${name()}`]);
    const other = await open();
    await put("kids", { scope: { kind: "agent", key: name() }, metric: "children", window: "run", amount: 1 });
    expect((await again({ parent_run_id: other })).status).toBe(201);
    expect(await refused({ parent_run_id: other })).toEqual([409, "budget_exhausted", "budget kids"]);
  });

  test("a refused run leaves nothing behind: no run, no lock", async () => {
    await open();
    await put("none", { scope: { kind: "agent", key: name() }, metric: "usd", window: "day", amount: 0 });
    expect(await refused({ lock_key: "the-lock", request_id: "refused" })).toEqual([
      409,
      "budget_exhausted",
      "budget none",
    ]);
    await api.call("DELETE", "/budgets/none");
    expect((await again({ lock_key: "the-lock", request_id: "refused" })).status).toBe(201);
  });
});

describe("of a run's own", () => {
  test.each([
    ["seconds", 30, "time_budget"],
    ["unique_calls", 1, "unique_calls"],
    ["steps", 1, "step_budget"],
  ])("%s", async (metric, amount, code) => {
    const run = await open();
    await put("own", { scope: { kind: "agent", key: name() }, metric, window: "run", amount });
    const question = metric === "steps" ? { kind: "step" } : read();
    expect((await agent.ask(run, question)).said).toBe("allow allowed");
    if (metric === "seconds")
      await api.query("update runs set started_at = started_at - interval '31 seconds' where run_id = $1", [run]);
    expect((await agent.ask(run, metric === "steps" ? { kind: "step" } : read())).code).toBe(code);
  });
});

describe("looking ahead", () => {
  test("the forecast says when it will be spent at the present pace, and nothing where nothing is used", async () => {
    const run = await open();
    await put("ahead", {
      scope: { kind: "agent", key: name() },
      metric: "usd",
      window: "month",
      amount: 10.001,
      soft: { at: 0.5 },
    });
    expect((await get("ahead")).forecast).toEqual({ soft_at: null, hard_at: null, per_hour: 0 });
    await agent.call(run, read(usd(10)), { usd: 10 });
    const { forecast, reached, series } = await get("ahead");
    expect([reached, (forecast as unknown as Json).soft_at]).toEqual(["soft", null]);
    expect(Date.parse(String((forecast as unknown as Json).hard_at))).toBeGreaterThan(Date.now());
    expect((series as unknown as { value: number }[]).at(-1)?.value).toBe(10);
  });

  test("promises of a task type are measured over its runs, and hold no call back", async () => {
    await open();
    const task_type = `promised-${agents}`;
    const promise = (slug: string, metric: string, amount: number) =>
      put(slug, { scope: { kind: "task_type", key: task_type }, metric, window: "day", amount, soft: { at: 0.5 } });
    await promise("errors", "error_rate", 0.4);
    await promise("slow", "latency_p95_ms", 1_000);
    for (const stop_reason of ["success", "tool_failed", "success", "loop_detected"]) {
      const { run_id } = await again({ task_type });
      await api.query("update runs set started_at = now() - interval '3 seconds' where run_id = $1", [run_id]);
      await api.post(`/runs/${run_id}/finish`, { stop_reason });
    }
    expect(await get("errors")).toMatchObject({ amount: 0.4, usage: { spent: 0.5 }, reached: "hard" });
    const slow = await get("slow");
    expect([(slow.usage as unknown as { spent: number }).spent >= 3_000, slow.reached]).toEqual([true, "hard"]);
    const { run_id, status } = await again({ task_type });
    expect([status, (await agent.ask(run_id, read())).said]).toEqual([201, "allow allowed"]);

    // Four runs say too little; the fifth makes it news, once.
    const { keepPromises } = await import("../../budgets");
    const told = async () =>
      (
        await api.query(
          "select limit_kind, metric, scope from budget_events where source in ('budget errors', 'budget slow') order by metric",
        )
      ).map((e) => `${String(e.limit_kind)} ${String(e.metric)} ${String(e.scope)}`);
    await keepPromises();
    expect(await told()).toEqual([]);
    await api.post(`/runs/${run_id}/finish`, { stop_reason: "tool_failed" });
    await keepPromises();
    await keepPromises();
    expect(await told()).toEqual([
      `hard error_rate task_type ${task_type}`,
      `hard latency_p95_ms task_type ${task_type}`,
    ]);
  });
});
