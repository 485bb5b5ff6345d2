import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { asking } from "./asking";
import { type Api, type Json, startApi } from "./harness";

let api: Api;
let agent: ReturnType<typeof asking>;
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
});

const read = (n: unknown = 0) => ({ tool: "a", effect: "read", args: { n } });
const sha = (text: string) => createHash("sha256").update(text).digest("hex");
let agents = 0;
const open = (document: Json = { tools: { allow: ["*"] } }, run: Json = {}) =>
  agent.ruled(`asker-${++agents}`, document, run);
const environmentId = "(select id from environments where slug = 'production')";

describe("the order", () => {
  test("each refusal stands behind the one before it: peeled off one by one, every code with its stop reason", async () => {
    const document = {
      tools: {
        allow: ["pay.out", "other.x"] as string[],
        deny: ["pay.*"] as string[],
        catalog: { "pay.out": { effect: "write", connector: "bank", capability: "write:money" } },
        retries: { max_attempts: 2 },
      },
      capabilities: ["read:money"],
      goal: { scope: ["inv:*"], out_of_scope: "deny" },
      conditions: [{ tool: "pay.*", when: "args.eur > 10", then: "deny" }] as Json[],
      validators: [{ tool: "pay.*", expression: "args.iban != null", on_fail: "deny" }] as Json[],
      approval_thresholds: { "write:eur": 5 } as Json,
      connectors: { bank: { role: "read-only", rate_limit_per_min: 1, credentials: ["vault"] } } as Json,
      budgets: { max_tool_calls: 0 } as Json,
    };
    const id = "peel";
    const put = (change: (d: typeof document) => void) => async () => {
      change(document);
      await agent.put(id, { bindings: [{ agent_id: id }], ...document });
    };
    await put(() => undefined)();
    let { run_id } = await api.openRun({ agent_id: id, scope: ["read:money"] });
    const question = {
      tool: "pay.out",
      args: { eur: 50 },
      credential_ref: "root",
      intent: { resources: ["crm:1"] },
      attempt: 3,
    };
    const stop = await api.post("/switches", { scope: { kind: "agent", key: id }, mode: "stop", reason: "peel" });
    const block = await api.post("/switches", {
      scope: { kind: "tool", key: "pay.out" },
      mode: "stop",
      reason: "peel",
    });
    const release = (sw: { body: Json }) => async () => {
      await api.post(`/switches/${String(sw.body.switch_id)}/release`, { reason: "peeled" });
    };
    await api.query(
      `insert into breakers (environment_id, tool, failures, opened_at, open_until) values (${environmentId}, 'pay.out', '{}', now(), now() + interval '1 hour')`,
    );
    await api.query(
      `insert into rate_hits (environment_id, connector, decision_id, at) values (${environmentId}, 'bank', 'other', now())`,
    );
    const layers: [string, string, () => Promise<unknown>][] = [
      ["deny stopped", "kill_switch", release(stop)],
      ["deny tool_blocked", "tool_denied", release(block)],
      ["deny tool_denied", "tool_denied", put((d) => d.tools.deny.pop())],
      ["deny capability_not_allowed", "tool_denied", put((d) => d.capabilities.push("write:money"))],
      [
        "deny out_of_scope",
        "goal_drift",
        async () => {
          ({ run_id } = await api.openRun({ agent_id: id, scope: ["write:money"] }));
        },
      ],
      ["deny out_of_goal", "goal_drift", put((d) => d.goal.scope.push("crm:*"))],
      ["deny condition", "tool_denied", put((d) => d.conditions.pop())],
      ["deny validator", "tool_denied", put((d) => d.validators.pop())],
      ["require_approval approval_required", "", put((d) => delete d.approval_thresholds["write:eur"])],
      ["deny connector_role", "tool_denied", put((d) => Object.assign(d.connectors.bank as Json, { role: "full" }))],
      ["deny credential_not_allowed", "tool_denied", put((d) => delete (d.connectors.bank as Json).credentials)],
      [
        "deny attempts_exhausted",
        "tool_failed",
        async () => {
          question.attempt = 1;
        },
      ],
      ["deny circuit_open", "circuit_open", () => api.query("delete from breakers")],
      ["wait rate_limited", "", () => api.query("delete from rate_hits")],
      ["deny tool_budget", "tool_budget", put((d) => Object.assign(d.budgets, { max_tool_calls: 1 }))],
      ["allow allowed", "", async () => undefined],
    ];
    for (const [said, reason, peel] of layers) {
      const answer = await agent.ask(run_id, question);
      expect([answer.said, answer.stop_reason ?? ""]).toEqual([said, reason]);
      await peel();
    }
    const spend = await api.query("select tool_calls, unique_calls from run_spend where run_id = $1", [run_id]);
    expect(spend).toEqual([{ tool_calls: 1, unique_calls: 1 }]);
  });

  test("409 run_finished with the stop reason, 409 lease_lost with an old token, with none after a take-over, and when it is over", async () => {
    const done = await open();
    await api.post(`/runs/${done}/finish`, { stop_reason: "success" });
    expect(await agent.ask(done, read())).toMatchObject({ said: "409 run_finished", stop_reason: "success" });
    const id = `asker-${++agents}`;
    const body = { request_id: "taken", agent_id: id, task_type: "task" };
    await agent.put(id, { bindings: [{ agent_id: id }], tools: { allow: ["*"] } });
    const first = await api.post("/runs", { ...body, instance_id: "one" });
    const run = String(first.body.run_id);
    await api.query("update runs set lease_until = now() - interval '1 second' where run_id = $1", [run]);
    expect((await agent.ask(run, read())).said).toBe("409 lease_lost");
    await api.sweep();
    const second = await api.post("/runs", { ...body, instance_id: "two" });
    const token = (answer: { body: Json }) => (answer.body.lease as { token: string }).token;
    expect((await agent.ask(run, { ...read(), lease_token: token(first) })).said).toBe("409 lease_lost");
    expect((await agent.ask(run, read())).said).toBe("409 lease_lost");
    expect((await agent.ask(run, { ...read(), lease_token: token(second) })).said).toBe("allow allowed");
  });

  test("a stop beats the state of the run: a stopped waiting run is told so; pause says when to ask again", async () => {
    const run = await open();
    const pause = await api.post("/switches", { scope: { kind: "run", key: run }, mode: "pause", reason: "lunch" });
    expect(await agent.ask(run, read())).toMatchObject({ said: "wait paused", retry_after_ms: 5_000 });
    await api.post(`/switches/${String(pause.body.switch_id)}/release`, { reason: "over" });
    expect((await agent.ask(run, read())).said).toBe("allow allowed");
  });
});

describe("who asks", () => {
  test("404 a run of another environment and one that is not; 403 another agent's key, and one without the scope; 401 none", async () => {
    const run = await open();
    const key = (scopes: Parameters<Api["key"]>[0], more = {}) => api.key(scopes, more);
    const said = async (k: string | null, id = run) => (await agent.ask(id, read(), { key: k })).said;
    expect(await said(await key(["agent"], { environment: "there" }))).toBe("404 not_found");
    expect(await said(await key(["agent"]), "run_none")).toBe("404 not_found");
    expect(await said(await key(["agent"], { agent_ids: ["other-*"] }))).toBe("403 forbidden");
    expect(await said(await key(["agent"], { tenant_ids: ["acme"] }))).toBe("403 forbidden");
    expect(await said(await key(["ingest", "operate", "approve", "configure", "read"]))).toBe("403 forbidden");
    expect(await said(null)).toBe("401 unauthorized");
    expect(await said(await key(["agent"], { agent_ids: ["asker-*"] }))).toBe("allow allowed");
  });

  test("404 and 403 alike for results, and for what is read", async () => {
    const run = await open();
    const { decision_id } = await agent.ask(run, read());
    const there = await api.key(["agent", "read", "operate"], { environment: "there" });
    const bound = await api.key(["agent"], { agent_ids: ["other-*"] });
    expect((await agent.tell(decision_id, {}, { key: there })).status).toBe(404);
    expect((await agent.tell(decision_id, {}, { key: bound })).status).toBe(403);
    expect((await api.get(`/decisions/${decision_id}`, { key: there })).status).toBe(404);
    expect((await api.get(`/decisions?run_id=${run}`, { key: there })).body.items).toEqual([]);
    expect((await agent.tell(decision_id)).status).toBe(200);
  });
});

describe("request_id", () => {
  test("the same question again is the same decision, hold and claim, however often and at once", async () => {
    const run = await open();
    const question = { tool: "w", args: { b: 1, a: [2] }, request_id: "q-1", estimate: { usd: 0.25 } };
    const first = await agent.ask(run, question);
    const again = await Promise.all(
      Array.from({ length: 20 }, () => agent.ask(run, { ...question, args: { a: [2], b: 1 } })),
    );
    expect(new Set(again.map((a) => a.decision_id))).toEqual(new Set([first.decision_id]));
    expect(again.every((a) => a.said === "allow allowed" && a.effect_id === first.effect_id)).toBe(true);
    expect(await api.query("select held_micros, tool_calls from run_spend where run_id = $1", [run])).toEqual([
      { held_micros: 250_000, tool_calls: 1 },
    ]);
    expect((await api.query("select 1 from decisions where run_id = $1", [run])).length).toBe(1);
    await agent.tell(first.decision_id);
    expect((await agent.ask(run, question)).decision_id).toBe(first.decision_id);
  });

  test("409 request_id_reused for any other content; the id is free in another run; without one each question is new", async () => {
    const run = await open();
    await agent.ask(run, { ...read(1), request_id: "q" });
    for (const other of [
      read(2),
      { ...read(1), tool: "b" },
      { ...read(1), attempt: 2 },
      { ...read(1), estimate: { usd: 1 } },
    ])
      expect((await agent.ask(run, { ...other, request_id: "q" })).said).toBe("409 request_id_reused");
    expect((await agent.ask(await open(), { ...read(2), request_id: "q" })).said).toBe("allow allowed");
    const two = [await agent.ask(run, read(3)), await agent.ask(run, read(3))];
    expect(two[0]?.decision_id).not.toBe(two[1]?.decision_id);
  });

  test("decision_expired once the allow was not begun in time, unless it was: then the stored answer stands", async () => {
    const run = await open();
    const late = { ...read(1), request_id: "late" };
    const begun = { ...read(2), request_id: "begun" };
    const [a, b] = [await agent.ask(run, late), await agent.ask(run, begun)];
    expect([a.start_within_s, b.start_within_s]).toEqual([30, 30]);
    await agent.tell(b.decision_id);
    await api.query("update decisions set start_by = now() - interval '1 second' where run_id = $1", [run]);
    expect(await agent.ask(run, late)).toMatchObject({
      said: "deny decision_expired",
      stop_reason: "cancelled",
      decision_id: a.decision_id,
    });
    expect((await agent.ask(run, begun)).said).toBe("allow allowed");
    expect((await agent.ask(run, { ...late, request_id: "anew" })).said).toBe("allow allowed");
  });

  test("a wait is not kept: the same request is judged anew; a refusal is", async () => {
    const run = await open({ tools: { allow: ["a"] } });
    const pause = await api.post("/switches", { scope: { kind: "run", key: run }, mode: "pause", reason: "wait" });
    const question = { ...read(), request_id: "later" };
    expect((await agent.ask(run, question)).outcome).toBe("wait");
    await api.post(`/switches/${String(pause.body.switch_id)}/release`, { reason: "go" });
    expect((await agent.ask(run, question)).said).toBe("allow allowed");
    const no = await agent.ask(run, { tool: "b", args: {}, request_id: "no" });
    expect((await agent.ask(run, { tool: "b", args: {}, request_id: "no" })).decision_id).toBe(no.decision_id);
  });
});

describe("arguments", () => {
  const raw = (run_id: string, args: string, type = "application/json") =>
    api.call("POST", "/decisions", `{"run_id":"${run_id}","kind":"tool","tool":"w","args":${args}}`, {
      headers: { "content-type": type },
    });

  test("the key is run : tool : SHA-256 of the canonical text, whatever the order and the spelling", async () => {
    const run = await open();
    const canonical = '{"a":[1,0.000001,"é"],"z":{"x":1e-27,"€":null}}';
    const { body } = await raw(
      run,
      '{ "z":{"\\u20ac":null,"x":0.000000000000000000000000001}, "a":[1.0,1e-6,"\\u00e9"] }',
    );
    expect(body.idempotency_key).toBe(`${run}:w:${sha(canonical)}`);
    const row = await api.get(`/decisions/${String(body.decision_id)}`);
    expect(row.body.args_hash).toBe(sha(canonical));
    const twin = await agent.ask(run, { tool: "w", args: JSON.parse(canonical) as Json, dedupe_key: "second" });
    expect(twin.idempotency_key).toBe(`${run}:w:${sha(canonical)}:second`);
  });

  test.each([
    ["a key that stands twice", '{"a":{"k":1,"k":1}}', "args.a.k"],
    ["an integer beyond 2^53", '{"id":9007199254740993}', "args.id"],
    ["a lone surrogate", '{"a":["\\ud800"]}', "args.a[0]"],
    ["nesting beyond 64", `${"[".repeat(80)}${"]".repeat(80)}`, `args${"[0]".repeat(65)}`],
  ])("422 args_not_canonical: %s", async (_name, args, path) => {
    const run = await open();
    const { status, body } = await raw(run, args);
    expect([status, body.code, (body.errors as unknown as Json[])[0]?.path]).toEqual([422, "args_not_canonical", path]);
    expect(await api.query("select 1 from decisions where run_id = $1", [run])).toEqual([]);
  });

  test("413 five megabytes, and arguments over one; 415 another type; 400 no JSON; 422 an unknown key, a missing tool", async () => {
    const run = await open();
    const text = (n: number) => JSON.stringify({ text: "x".repeat(n) });
    expect((await raw(run, text(5 * 1024 * 1024))).status).toBe(413);
    expect((await raw(run, text(1024 * 1024 + 1))).status).toBe(413);
    expect((await raw(run, text(1000 * 1000))).status).toBe(200);
    expect((await raw(run, "{}", "text/plain")).status).toBe(415);
    expect((await raw(run, "{")).status).toBe(400);
    const unknown = await api.post("/decisions", { run_id: run, kind: "tool", tool: "a", arguments: {} });
    expect([unknown.status, unknown.body.errors]).toMatchObject([422, [{ path: "arguments" }]]);
    const nameless = await api.post("/decisions", { run_id: run, kind: "tool" });
    expect([nameless.status, nameless.body.errors]).toMatchObject([422, [{ path: "tool" }]]);
  });

  test.each<[string, Json]>([
    ["NUL in a text", { args: { a: "x\u0000y" } }],
    ["NUL in a key", { args: { "k\u0000": 1 } }],
    ["NUL in a fact", { facts: { who: "x\u0000" } }],
    ["a text that begins with a colon", { args: { a: ":smile:", b: " : " } }],
    ["no arguments", { args: null }],
    ["__proto__", { args: JSON.parse('{"__proto__":{"polluted":true}}') }],
  ])("200 %s is judged like any other", async (_name, more) => {
    const run = await open();
    const answer = await agent.ask(run, { tool: "w", args: {}, ...more });
    expect(answer.said).toBe("allow allowed");
    expect((await agent.tell(answer.decision_id, { result: { said: "a\u0000b" } })).status).toBe(200);
    expect((await agent.ask(run, { tool: "w", args: {}, ...more })).outcome).toBe("replay");
    expect((await api.get(`/decisions/${answer.decision_id}`)).status).toBe(200);
    expect((await api.get(`/effects?run_id=${run}`)).status).toBe(200);
  });

  test.each<[string, Json, string]>([
    ["negative dollars", { estimate: { usd: -1 } }, "estimate.usd"],
    ["absurd dollars", { estimate: { usd: 1e12 } }, "estimate.usd"],
    ["negative tokens", { estimate: { tokens: -5 } }, "estimate.tokens"],
    ["half a token", { estimate: { tokens: 0.5 } }, "estimate.tokens"],
    ["a score above one", { scores: { grounding: 1.2 } }, "scores.grounding"],
    ["a score without a name", { scores: { "g\u0000": 1 } }, "scores.g\u0000"],
    ["attempt 0", { attempt: 0 }, "attempt"],
    ["a phase of a step", { kind: "step", phase: "prepare" }, "phase"],
  ])("422 %s", async (_name, more, path) => {
    const { status, body } = await api.post("/decisions", { run_id: "r", kind: "tool", tool: "a", ...more });
    expect([status, (body.errors as unknown as Json[]).map((e) => e.path)]).toEqual([422, [path]]);
  });

  test("facts without end are a 4xx that says so, and no decision", async () => {
    const run = await open();
    const deep = `${'{"a":'.repeat(8_000)}1${"}".repeat(8_000)}`;
    const text = `{"run_id":"${run}","kind":"tool","tool":"a","request_id":"deep","facts":{"x":${deep}}}`;
    const { status } = await api.call("POST", "/decisions", text, { headers: { "content-type": "application/json" } });
    expect([400, 413, 422]).toContain(status);
  });
});

describe("POST /decisions/batch", () => {
  test("answers in order; what cannot be decided is an entry of its own; several of one write claim it once", async () => {
    const run = await open();
    const q = (more: Json) => ({ run_id: run, kind: "tool", ...more });
    const { status, body } = await api.post("/decisions/batch", [
      q({ tool: "w", args: {} }),
      q({ tool: "w", args: {} }),
      q({ tool: "a", args: { id: 2 ** 60 } }),
      q({ tool: "a", nonsense: 1 }),
      { ...q({ tool: "a" }), run_id: "none" },
      q({ tool: "a", effect: "read" }),
    ]);
    const said = (body as unknown as Json[]).map((d) => d.code ?? (d.error as Json).code);
    expect([status, said]).toEqual([
      200,
      ["allowed", "effect_in_flight", "args_not_canonical", "invalid_input", "not_found", "allowed"],
    ]);
  });

  test("422 for 101 questions and for what is no array; 403 for another's run is an entry", async () => {
    const one = { run_id: "x", kind: "step" };
    expect((await api.post("/decisions/batch", Array(101).fill(one))).status).toBe(422);
    expect((await api.post("/decisions/batch", one)).status).toBe(422);
    expect((await api.post("/decisions/batch", [])).body).toEqual([]);
    const key = await api.key(["agent"], { agent_ids: ["nobody"] });
    const { body } = await api.post("/decisions/batch", [{ ...one, run_id: await open() }], { key });
    expect(body).toMatchObject([{ error: { code: "forbidden" } }]);
  });
});

describe("GET /decisions", () => {
  test("200 pages newest first without gap or repeat, and filters by tool, outcome and code", async () => {
    const run = await open({ tools: { allow: ["a"] } });
    for (let n = 0; n < 5; n++) await agent.ask(run, read(n));
    await agent.ask(run, { tool: "b", args: {} });
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await api.get(`/decisions?run_id=${run}&limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...(body.items as unknown as { decision_id: string }[]).map((d) => d.decision_id));
      cursor = (body.next_cursor as unknown as string | null) ?? "";
    } while (cursor);
    expect([seen.length, new Set(seen).size]).toEqual([6, 6]);
    const count = async (q: string) =>
      ((await api.get(`/decisions?run_id=${run}&${q}`)).body.items as unknown as Json[]).length;
    expect(await count("tool=b")).toBe(1);
    expect(await count("outcome=deny,allow")).toBe(6);
    expect(await count("code=tool_not_allowed")).toBe(1);
    expect((await api.get("/decisions?outcome=maybe")).status).toBe(422);
  });

  test("arguments are kept redacted by whole key names, whatever their case", async () => {
    const run = await open();
    const { decision_id } = await agent.ask(run, {
      tool: "a",
      args: { API_KEY: "s3cret", tokens: 5, nested: { Authorization: "Bearer x" } },
    });
    const kept = String((await api.get(`/decisions/${decision_id}`)).body.args_preview);
    expect(kept).not.toContain("s3cret");
    expect(kept).not.toContain("Bearer");
    expect(kept).toContain('"tokens":5');
  });
});
