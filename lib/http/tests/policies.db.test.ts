import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { asking } from "./asking";
import { type Api, type Json, startApi } from "./harness";

let api: Api;
let agent: ReturnType<typeof asking>;
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
});

const fixture = (name: string) => readFile(path.join(import.meta.dirname, "../../policies/fixtures", name), "utf8");
const yaml = { headers: { "content-type": "application/yaml" } };
const items = (answer: { body: Json }) => answer.body.items as Json[];
const paths = (answer: { body: Json }) => (answer.body.errors as { path: string }[]).map((e) => e.path);
const bind = (id: string, agent_id: string) => api.post(`/policies/${id}/bind`, { bindings: [{ agent_id }] });

describe("policy-agent-summarizer.json", () => {
  let run_id = "";
  const read = { tool: "doc.fetch", capability: "read:documents", connector: "s3", effect: "read" };
  const write = { tool: "summary.save", capability: "write:summaries", connector: "db", effect: "write" };

  test("200 is accepted byte for byte, binds nothing until it is bound", async () => {
    const text = await fixture("policy-agent-summarizer.json");
    const made = await api.put("/policies/policy-agent-summarizer", text);
    expect([made.status, made.body]).toMatchObject([200, { version: 1, state: "enforce" }]);
    const [version] = items(await api.get("/policies/policy-agent-summarizer/versions"));
    expect(version).toMatchObject({ source: text, format: "json", document: JSON.parse(text) });
    const before = await api.get("/policies/effective?agent_id=summarizer");
    expect((before.body.documents as unknown as Json[]).map((d) => d.policy_id)).toEqual(["default"]);
    await bind("policy-agent-summarizer", "summarizer");
    run_id = (await api.openRun({ agent_id: "summarizer" })).run_id;
  });

  test.each<[string, Json, string, string]>([
    ["a read by capability", read, "allow allowed", "capabilities"],
    ["a write up to 50 MB", { ...write, facts: { size_mb: 50 } }, "allow allowed", "capabilities"],
    ["a read of any size", { ...read, facts: { size_mb: 500 } }, "allow allowed", "capabilities"],
    ["a tool without a capability", { tool: "doc.fetch" }, "deny tool_not_allowed", "capabilities"],
    ["another capability", { ...read, capability: "x" }, "deny capability_not_allowed", "capabilities"],
    ["51 MB", { ...write, facts: { size_mb: 51 } }, "require_approval approval_required", "write:size_mb"],
    ["a size that is no number", { ...write, facts: { size_mb: "9" } }, "require_approval approval_required", "size"],
    ["a domain outside", { ...write, facts: { external_domain: "a.b" } }, "require_approval approval_required", "dom"],
    ["a write to s3", { ...write, connector: "s3" }, "deny connector_role", "connectors.s3.role"],
    ["a connector that is not named", { ...write, connector: "ftp" }, "deny connector_not_allowed", "connectors"],
  ])("%s", async (name, question, said, rule) => {
    const answer = await agent.ask(run_id, { ...question, args: { name } });
    expect([answer.said, (answer.policy as Json).rule]).toEqual([said, expect.stringContaining(rule)]);
  });

  test.each([
    ["s3", 120, read],
    ["db", 30, write],
  ] as const)("%s takes %i calls a minute, and not one more", async (connector, perMin, question) => {
    await api.query("delete from rate_hits");
    await api.query(
      `insert into rate_hits (environment_id, connector, decision_id, at)
       select (select id from environments where slug = 'production'), $1, 'h' || n, now() - interval '30 seconds' from generate_series(1, $2::int - 1) n`,
      [connector, perMin],
    );
    expect((await agent.ask(run_id, { ...question, args: { connector, n: 1 } })).said).toBe("allow allowed");
    const full = await agent.ask(run_id, { ...question, args: { connector, n: 2 } });
    expect(full.said).toBe("wait rate_limited");
    expect(full.retry_after_ms).toBeGreaterThan(20_000);
    expect(full.retry_after_ms).toBeLessThanOrEqual(30_000);
  });
});

describe("safe-default.yaml", () => {
  const open = async () => (await api.openRun({ agent_id: "safe-1" })).run_id;

  test("200 is accepted byte for byte, comments and all, and read from under agent:", async () => {
    const text = await fixture("safe-default.yaml");
    expect((await api.put("/policies/safe-default", text, yaml)).status).toBe(200);
    const { body } = await api.get("/policies/safe-default");
    expect(body.latest).toMatchObject({ source: text, format: "yaml" });
    expect((body.latest as unknown as { document: Json }).document.budgets).toEqual({
      max_steps: 25,
      max_seconds: 60,
      max_tool_calls: 40,
      max_usd: 1,
    });
    await bind("safe-default", "safe-1");
    const run = await api.openRun({ agent_id: "safe-1" });
    expect(run.body.limits).toMatchObject({ max_steps: 25, max_seconds: 60, max_tool_calls: 40, max_usd: 1 });
  });

  test("its allow list, time-outs, two attempts 250 ms apart", async () => {
    const run = await open();
    const of = async (tool: string) => (await agent.ask(run, { tool, args: {} })).limits as Json;
    expect((await agent.ask(run, { tool: "web.fetch", args: {} })).said).toBe("deny tool_not_allowed");
    expect([await of("search.read"), await of("kb.read"), await of("ticket.create")]).toMatchObject([
      { timeout_s: 5 },
      { timeout_s: 10 },
      { timeout_s: 15, max_attempts: 2, backoff_ms: [250], retryable_status: [429, 500, 503, 504] },
    ]);
    const third = await agent.ask(run, { tool: "kb.read", args: { n: 2 }, attempt: 3 });
    expect([third.said, third.stop_reason]).toEqual(["deny attempts_exhausted", "tool_failed"]);
  });

  test("the circuit opens at 5 failures within 60 s, not at 5 that are further apart", async () => {
    const fail = async (run: string, n: number) =>
      (await agent.call(run, { tool: "kb.read", args: { n } }, { status: "error", http_status: 503 })).said;
    const first = await open();
    for (let n = 0; n < 4; n++) expect(await fail(first, n)).toBe("allow allowed");
    await api.query("update breakers set failures = array(select f - 61000 from unnest(failures) f)");
    for (let n = 4; n < 9; n++) expect(await fail(first, n)).toBe("allow allowed");
    const open5 = await agent.ask(first, { tool: "kb.read", args: { n: 9 } });
    expect([open5.said, open5.stop_reason]).toEqual(["deny circuit_open", "circuit_open"]);
    expect(items(await api.get("/breakers"))[0]).toMatchObject({ tool: "kb.read", state: "open" });
    await api.query("delete from breakers");
  });

  test("the fourth same call with the same answer is a loop; six calls that bring nothing new are no progress", async () => {
    const search = (run: string, q: string) =>
      agent.call(run, { tool: "search.read", effect: "read", args: { q } }, { result: { hits: [] } });
    const loop = await open();
    for (let n = 0; n < 3; n++) expect((await search(loop, "a")).said).toBe("allow allowed");
    const fourth = await search(loop, "a");
    expect([fourth.said, fourth.stop_reason]).toEqual(["deny loop_detected", "loop_detected"]);
    const stale = await open();
    for (let n = 0; n < 3; n++) for (const q of ["a", "b", "c"]) expect((await search(stale, q)).outcome).toBe("allow");
    const next = await search(stale, "d");
    expect([next.said, next.stop_reason]).toEqual(["deny no_progress", "no_progress"]);
  });

  test("25 steps, 40 calls, 60 s, one dollar", async () => {
    const run = await open();
    for (let n = 0; n < 25; n++) await agent.ask(run, { kind: "step", step: n + 1 });
    expect((await agent.ask(run, { kind: "step", step: 26 })).said).toBe("deny step_budget");
    const calls = Array.from({ length: 41 }, (_, n) => ({ run_id: run, kind: "tool", tool: "kb.read", args: { n } }));
    const { body } = await api.post("/decisions/batch", calls);
    const said = (body as unknown as Json[]).map((d) => d.code);
    expect([said.filter((c) => c === "allowed").length, said.at(-1)]).toEqual([40, "tool_budget"]);
    const rich = await open();
    const dear = { tool: "kb.read", args: {}, estimate: { usd: 1.000001 } };
    expect((await agent.ask(rich, dear)).said).toBe("deny cost_budget");
    expect((await agent.ask(rich, { ...dear, estimate: { usd: 1 } })).said).toBe("allow allowed");
    await api.query("update runs set started_at = started_at - interval '61 seconds' where run_id = $1", [rich]);
    const late = await agent.ask(rich, { tool: "kb.read", args: { late: true } });
    expect([late.said, late.stop_reason]).toEqual(["deny time_budget", "time_budget"]);
  });

  test("invalid output fails closed; safe mode leaves its two tools, one attempt each", async () => {
    const run = await open();
    const bad = await agent.ask(run, { tool: "kb.read", args: { bad: 1 } });
    expect((await agent.tell(bad.decision_id, { output_valid: false })).body).toMatchObject({
      next: "stop",
      stop_reason: "tool_output_invalid",
    });
    const sw = await api.post("/switches", { scope: { kind: "run", key: run }, mode: "safe_mode", reason: "degraded" });
    expect((await agent.ask(run, { tool: "ticket.create", args: {} })).said).toBe("deny safe_mode");
    const reads = await agent.ask(run, { tool: "search.read", args: {} });
    expect([reads.said, (reads.limits as Json).max_attempts]).toEqual(["allow allowed", 1]);
    await api.post(`/switches/${sw.body.switch_id}/release`, { reason: "over" });
  });
});

describe("PUT /policies/{policy_id}", () => {
  test("422 names an unknown key by its path, and what was probably meant", async () => {
    const { status, body } = await agent.put("typo", { tools: { alow: ["a"] }, budgets: { max_dollars: 1, zzz: 1 } });
    expect([status, body.errors]).toMatchObject([
      422,
      [
        { path: "tools.alow", message: "Unknown key. Did you mean allow?" },
        { path: "budgets.max_dollars" },
        { path: "budgets.zzz", message: "Unknown key." },
      ],
    ]);
    const nested = await api.put("/policies/typo", "agent:\n  tools:\n    allowed: [a]\n", yaml);
    expect(nested.body.errors).toMatchObject([
      { path: "agent.tools.allowed", message: expect.stringContaining("allow") },
    ]);
  });

  test.each<[string, Json, string]>([
    ["allowed and denied", { tools: { allow: ["a"], deny: ["a"] } }, "tools.allow"],
    [
      "more unique calls than calls",
      { budgets: { max_unique_calls: 9, max_tool_calls: 3 } },
      "budgets.max_unique_calls",
    ],
    ["a summary too late", { context: { max_input_tokens: 1, summarize_above: 2 } }, "context.summarize_above"],
    ["bytes without writes", { memory: { max_writes: 0, max_bytes: 5 } }, "memory.max_bytes"],
    ["a stage above its run", { budgets: { max_tokens: 5 }, stages: { a: { max_tokens: 6 } } }, "stages.a.max_tokens"],
    [
      "a denied tool in safe mode",
      { tools: { deny: ["a"] }, safe_mode: { allowed_tools: ["a"] } },
      "safe_mode.allowed_tools[0]",
    ],
    ["a model that becomes itself", { models: { downgrade: { a: "a" } } }, "models.downgrade.a"],
    [
      "more votes than people",
      { approvals: { ladder: [{ people: ["a@b.cc"], quorum: 2 }] } },
      "approvals.ladder[0].quorum",
    ],
    ["CEL that is none", { conditions: [{ when: "args.", then: "deny" }] }, "conditions[0].when"],
    ["an id that is not the path's", { policy_id: "other" }, "policy_id"],
    ["a negative cap", { budgets: { max_usd: -1 } }, "budgets.max_usd"],
  ])("422 %s", async (_name, document, at) => {
    const answer = await agent.put("nonsense", document);
    expect([answer.status, paths(answer)]).toEqual([422, [at]]);
    expect((await api.get("/policies/nonsense")).status).toBe(404);
  });

  test("412 where If-Match is not the latest version, 415 for another type, 400 with the line where it is not YAML", async () => {
    expect((await api.put("/policies/tagged", {}, { headers: { "if-match": '"0"' } })).status).toBe(200);
    const etag = (await api.get("/policies/tagged")).headers.get("etag") ?? "";
    expect(etag).toBe('"1"');
    expect((await api.put("/policies/tagged", {}, { headers: { "if-match": etag } })).status).toBe(200);
    const stale = await api.put("/policies/tagged", {}, { headers: { "if-match": etag } });
    expect([stale.status, stale.body]).toMatchObject([412, { code: "precondition_failed", latest_version: 2 }]);
    expect((await api.put("/policies/tagged", "<a/>", { headers: { "content-type": "text/xml" } })).status).toBe(415);
    const broken = await api.put("/policies/tagged", "tools:\n  allow: [a\nbudgets: {}\n", yaml);
    expect([broken.status, broken.body.errors]).toMatchObject([400, [{ path: "line 3" }]]);
    expect((await api.put("/policies/tagged", '{"tools":', {})).status).toBe(400);
    const twice = await api.put("/policies/tagged", '{"budgets":{"max_steps":1},"budgets":{"max_steps":9}}');
    expect(twice.status).toBe(400);
  });

  test("200 however many write it at the same time, from its first version on; of many with one If-Match one wins", async () => {
    const many = (more?: Parameters<Api["put"]>[2]) =>
      Promise.all([1, 2, 3, 4, 5].map((n) => api.put("/policies/race", { budgets: { max_steps: n } }, more)));
    expect((await many()).map((a) => a.status)).toEqual(Array(5).fill(200));
    const versions = items(await api.get("/policies/race/versions"));
    expect(versions.map((v) => `${String(v.version)} ${String(v.state)}`)).toEqual([
      "5 enforce",
      "4 retired",
      "3 retired",
      "2 retired",
      "1 retired",
    ]);
    const raced = await many({ headers: { "if-match": '"5"' } });
    expect(raced.map((a) => a.status).sort()).toEqual([200, 412, 412, 412, 412]);
  });

  test("403 for a key without configure, 404 in another environment", async () => {
    const weak = await api.key(["agent", "read", "operate", "approve"]);
    expect((await api.put("/policies/tagged", {}, { key: weak })).status).toBe(403);
    const elsewhere = await api.key(["configure"], { environment: "elsewhere" });
    expect((await api.get("/policies/tagged", { key: elsewhere })).status).toBe(404);
    expect((await api.post("/policies/tagged/state", { state: "retired" }, { key: elsewhere })).status).toBe(404);
  });
});

describe("GET /policies/starters", () => {
  test("200 each is accepted as it stands", async () => {
    const starters = items(await api.get("/policies/starters")) as unknown as { id: string; source: string }[];
    expect(starters.map((s) => s.id)).toContain("mcp-session");
    for (const { id, source } of starters) {
      const tried = await api.call("PUT", `/policies/${id}?dry_run=true`, source, yaml);
      expect([id, tried.status, tried.body.errors]).toEqual([id, 200, undefined]);
    }
  });
});
