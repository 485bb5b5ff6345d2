import { beforeAll, describe, expect, test } from "vitest";
import { asking } from "./asking";
import { type Api, type Json, startApi, until } from "./harness";

let api: Api;
let agent: ReturnType<typeof asking>;
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
});

const items = (answer: { body: Json }) => answer.body.items as Json[];
const read = (tool: string, n: unknown = 0) => ({ tool, effect: "read", args: { n } });

describe("versions", () => {
  const versions = async (id: string) =>
    items(await api.get(`/policies/${id}/versions`)).map((v) => `${v.version} ${v.state}`);
  const state = (id: string, to: string) => api.post(`/policies/${id}/state`, { state: to });

  test("each PUT is a version; the newest enforced one decides, also for runs that were open before", async () => {
    const run = await agent.ruled("v-1", { tools: { allow: ["a"] } });
    expect((await agent.ask(run, read("a"))).policy).toMatchObject({ id: "v-1", version: 1 });
    await agent.put("v-1", { bindings: [{ agent_id: "v-1" }], tools: { allow: ["b"] } });
    const later = await agent.ask(run, read("a", 1));
    expect([later.said, later.policy]).toMatchObject(["deny tool_not_allowed", { version: 2 }]);
    expect(await versions("v-1")).toEqual(["2 enforce", "1 retired"]);
    const diff = await api.get("/policies/v-1/diff?from=1&to=2");
    expect(items(diff)).toEqual([{ path: "tools.allow", kind: "changed", before: ["a"], after: ["b"] }]);
    expect((await api.get("/policies/v-1/diff?from=1&to=9")).status).toBe(404);
  });

  test("roll-back writes the old text again as a new version, with author and note in the audit", async () => {
    const back = await api.post("/policies/v-1/roll-back", { version: 1 });
    expect(back.body).toMatchObject({ version: 3, state: "enforce" });
    const [newest, , oldest] = items(await api.get("/policies/v-1/versions"));
    expect(newest).toMatchObject({ note: "Back to version 1", author: "Administrator", source: oldest?.source });
    const { run_id } = await api.openRun({ agent_id: "v-1" });
    expect((await agent.ask(run_id, read("a"))).said).toBe("allow allowed");
    const [row] = await api.query("select summary from audit_rows where target_id = 'v-1' order by seq desc limit 1");
    expect(row?.summary).toContain("version 3");
    expect((await api.post("/policies/v-1/roll-back", { version: 9 })).status).toBe(404);
  });

  test("a draft decides nothing, a retired one no more: the default speaks again", async () => {
    const bindings = [{ agent_id: "v-2" }];
    await agent.put("v-2", { state: "draft", bindings, tools: { allow: ["x.do"] } });
    const { run_id } = await api.openRun({ agent_id: "v-2" });
    expect((await agent.ask(run_id, read("x.do"))).policy).toMatchObject({ id: "default" });
    await state("v-2", "enforce");
    expect((await agent.ask(run_id, read("x.do"))).said).toBe("allow allowed");
    await agent.put("v-2", { state: "draft", bindings, tools: { allow: [] } });
    expect((await agent.ask(run_id, read("x.do", 1))).policy).toMatchObject({ id: "v-2", version: 2 });
    await state("v-2", "retired");
    expect((await agent.ask(run_id, read("x.do", 2))).policy).toMatchObject({ id: "default" });
    expect((await api.get("/policies/v-2")).body.policy).toMatchObject({ enforced_version: null, latest_version: 4 });
  });

  test("without any document everything is denied: no_policy", async () => {
    const key = await api.key(["agent", "read"], { environment: "bare" });
    const { run_id } = await api.openRun({ agent_id: "v-3" }, { key });
    const answer = await agent.ask(run_id, read("a.read"), { key });
    expect([answer.said, answer.stop_reason]).toEqual(["deny no_policy", "tool_denied"]);
    expect((await api.get("/policies/effective?agent_id=v-3", { key })).body).toMatchObject({
      mode: "none",
      documents: [],
    });
  });
});

describe("observe", () => {
  test("blocks nothing, and records what it would have said", async () => {
    const run = await agent.ruled("o-1", {
      state: "observe",
      tools: { allow: ["a"], catalog: { pay: { effect: "irreversible" } } },
      budgets: { max_tool_calls: 3, max_steps: 1 },
    });
    expect(await agent.ask(run, read("b"))).toMatchObject({
      said: "allow observed",
      mode: "observe",
      would: { outcome: "deny", code: "tool_not_allowed", policy: { id: "o-1", version: 1 } },
    });
    expect((await agent.ask(run, { tool: "a", effect: "irreversible", args: {} })).would).toMatchObject({
      code: "approval_required",
    });
    await agent.ask(run, read("a"));
    expect((await agent.ask(run, read("a", 1))).would).toMatchObject({ code: "tool_budget" });
    const [row] = items(await api.get(`/decisions?run_id=${run}&limit=1`));
    expect(((row?.answer ?? {}) as Json).would).toMatchObject({ code: "tool_budget" });
    expect(items(await api.get(`/approvals?run_id=${run}`))).toEqual([]);
  });

  test("a switch, a write in flight and a done write hold all the same", async () => {
    const run = await agent.ruled("o-2", { state: "observe", tools: { allow: ["w"] } });
    const first = await agent.ask(run, { tool: "w", args: {} });
    expect((await agent.ask(run, { tool: "w", args: {} })).said).toBe("wait effect_in_flight");
    await agent.tell(first.decision_id);
    expect((await agent.ask(run, { tool: "w", args: {} })).outcome).toBe("replay");
    const sw = await api.post("/switches", { scope: { kind: "run", key: run }, mode: "stop", reason: "now" });
    expect((await agent.ask(run, read("a"))).said).toBe("deny stopped");
    await api.post(`/switches/${sw.body.switch_id}/release`, { reason: "over" });
  });

  test("a version observed beside the enforced one of the same policy: one decides, the other is noted", async () => {
    const bindings = [{ agent_id: "o-3" }];
    const run = await agent.ruled("o-3", { tools: { allow: ["a", "b"] } });
    await agent.put("o-3", { state: "observe", bindings, tools: { allow: ["a"] } });
    expect((await api.get("/policies/o-3")).body.policy).toMatchObject({ enforced_version: 1, observed_version: 2 });
    expect(await agent.ask(run, read("b"))).toMatchObject({
      said: "allow allowed",
      mode: "enforce",
      policy: { version: 1 },
      would: { outcome: "deny", code: "tool_not_allowed", policy: { id: "o-3", version: 2 } },
    });
    expect((await agent.ask(run, read("a"))).would).toBeNull();
    await api.post("/policies/o-3/state", { state: "enforce" });
    expect((await agent.ask(run, read("b", 1))).said).toBe("deny tool_not_allowed");
  });
});

describe("GET /policies/effective", () => {
  const line = async (query: string, key: string) => {
    const { body } = await api.get(`/policies/effective?${query}`);
    return (body.lines as unknown as Json[]).find((l) => l.key === key);
  };
  const broad = { policy_id: "e-broad", version: 1 };
  const narrow = { policy_id: "e-narrow", version: 1 };

  test("lists intersect, deny-lists unite, caps take the least, else the narrower wins; each line says whence", async () => {
    await agent.put("e-broad", {
      bindings: [{ agent_id: "e-*" }],
      tools: { allow: ["*.read", "mail.*"], deny: ["pay"], timeouts_s: { default: 20 } },
      budgets: { max_usd: 2, max_steps: 5 },
      output: { grounding: 0.7 },
      on_stale: "safe_mode",
    });
    await agent.put("e-narrow", {
      bindings: [{ agent_id: "e-1", tenant_id: "acme" }],
      tools: { allow: ["kb.read", "mail.*", "db.write"], deny: ["rm"], timeouts_s: { default: 3 } },
      budgets: { max_usd: 1, max_steps: 50 },
      output: { grounding: 0.5 },
      on_stale: "stop",
    });
    const q = "agent_id=e-1&tenant_id=acme";
    expect(await line(q, "tools.allow")).toEqual({
      key: "tools.allow",
      value: ["kb.read", "mail.*"],
      from: [narrow, broad],
      how: "lists intersect",
      set_aside: [
        { ...narrow, value: ["db.write"] },
        { ...broad, value: ["*.read"] },
      ],
    });
    expect((await line(q, "tools.deny"))?.value).toEqual(["rm", "pay"]);
    expect(await line(q, "budgets.max_usd")).toMatchObject({
      value: 1,
      from: [narrow],
      set_aside: [{ ...broad, value: 2 }],
    });
    expect(await line(q, "budgets.max_steps")).toMatchObject({ value: 5, from: [broad] });
    expect(await line(q, "tools.timeouts_s.default")).toMatchObject({ value: 3, from: [narrow], how: "narrower wins" });
    expect(await line(q, "output.grounding")).toMatchObject({ value: 0.7, from: [broad] });
    expect(await line(q, "on_stale")).toMatchObject({ value: "stop", how: "the strictest" });
    expect(await line(q, "budgets.max_tool_calls")).toMatchObject({ value: 40, from: [] });
    expect((await line("agent_id=e-1", "tools.timeouts_s.default"))?.value).toBe(20);
  });

  test("the call is judged by that sum: outside of either list is denied, a deny of either holds", async () => {
    const { run_id, body } = await api.openRun({ agent_id: "e-1", tenant_id: "acme" });
    expect(body.limits).toMatchObject({ max_usd: 1, max_steps: 5 });
    const said = async (tool: string) => (await agent.ask(run_id, read(tool))).said;
    expect([await said("kb.read"), await said("mail.send")]).toEqual(["allow allowed", "allow allowed"]);
    expect([await said("db.write"), await said("web.read")]).toEqual(Array(2).fill("deny tool_not_allowed"));
    expect([await said("pay"), await said("rm")]).toEqual(Array(2).fill("deny tool_denied"));
  });

  test("the environment's default is a fallback, never a layer", async () => {
    const names = async (who: string) =>
      ((await api.get(`/policies/effective?agent_id=${who}`)).body.documents as unknown as Json[]).map(
        (d) => d.policy_id,
      );
    expect([await names("stranger"), await names("e-2")]).toEqual([["default"], ["e-broad"]]);
    expect((await line("agent_id=e-2", "budgets.max_seconds"))?.value).toBe(60);
    expect((await line("agent_id=stranger", "budgets.max_seconds"))?.value).toBe(600);
  });

  test("safe_mode.enabled puts its bindings in safe mode, for decisions and for those who poll; on_stale is the strictest", async () => {
    const run = await agent.ruled("s-1", {
      tools: { allow: ["a", "b"] },
      safe_mode: { enabled: true, allowed_tools: ["b", "c"] },
      on_stale: "continue",
    });
    expect((await agent.ask(run, read("a"))).said).toBe("deny safe_mode");
    expect((await agent.ask(run, read("b"))).said).toBe("allow allowed");
    expect((await agent.ask(run, read("c"))).said).toBe("deny tool_not_allowed");
    const poll = await until(async () => {
      const { body } = await api.get("/control?agent_id=s-1");
      return body.mode === "safe_mode" && body;
    });
    expect(poll).toMatchObject({
      reason: "safe_mode.enabled in policy s-1",
      safe_mode: { allowed_tools: ["b", "c"] },
      on_stale: "stop",
    });
    expect((await api.get("/control?agent_id=s-2")).body.mode).toBe("run");
    await agent.put("s-1", { bindings: [{ agent_id: "s-1" }], tools: { allow: ["a", "b"] } });
    expect((await agent.ask(run, read("a", 1))).said).toBe("allow allowed");
    await until(async () => (await api.get("/control?agent_id=s-1")).body.mode === "run");
  });
});

describe("dry run", () => {
  const bindings = [{ agent_id: "d-1" }];
  const before = { bindings, tools: { allow: ["a", "b", "w"] }, budgets: { max_tool_calls: 20 } };

  test("groups what would change over past traffic: by what was said, what would be, and the rule", async () => {
    const run = await agent.ruled("d-1", before);
    for (let n = 0; n < 3; n++) await agent.call(run, read("a", n));
    for (let n = 0; n < 2; n++) await agent.call(run, read("b", n));
    await agent.call(run, { tool: "w", args: { size_mb: 80 } });
    await agent.call(run, read("c"));
    await api.post(`/runs/${run}/finish`, { stop_reason: "success" });
    const document = { bindings, tools: { allow: ["a", "w", "c"] }, approval_thresholds: { "write:size_mb": 50 } };
    const { status, body } = await api.post("/policies/d-1/dry-run", { document });
    expect(status).toBe(200);
    const groups = (body.groups as unknown as Json[]).map((g) => ({
      to: (g.to as Json).code,
      calls: g.calls,
      runs: g.runs,
      succeeded: g.succeeded,
    }));
    expect(body).toMatchObject({ decisions: 7, differ: 4, unknown: 0, truncated: false });
    expect(groups).toEqual(
      expect.arrayContaining([
        { to: "tool_not_allowed", calls: 2, runs: 1, succeeded: 1 },
        { to: "approval_required", calls: 1, runs: 1, succeeded: 1 },
        { to: "allowed", calls: 1, runs: 1, succeeded: 1 },
      ]),
    );
    expect((await api.get(`/decisions?run_id=${run}`)).body.items).toHaveLength(7);
  });

  test("PUT ?dry_run=true answers the diff and the same, and writes nothing", async () => {
    const document = { ...before, budgets: { max_tool_calls: 4 } };
    const { body } = await api.put("/policies/d-1?dry_run=true", document);
    expect(body).toMatchObject({
      valid: true,
      diff: [{ path: "budgets.max_tool_calls", kind: "changed", before: 20, after: 4 }],
      dry_run: { differ: 2, groups: [{ to: { code: "tool_budget" }, calls: 2 }] },
    });
    expect((await api.get("/policies/d-1")).body.policy).toMatchObject({ latest_version: 1 });
    expect((await api.put("/policies/d-1?dry_run=true", { tool: {} })).status).toBe(422);
  });

  test("POST /decisions/try answers by what holds, or by a draft, and records nothing", async () => {
    const attempt = (more: Json) =>
      api.post("/decisions/try", { agent_id: "d-1", question: { tool: "b", args: {} }, ...more });
    expect((await attempt({})).body).toMatchObject({ outcome: "allow" });
    expect((await attempt({ document: { tools: { allow: ["a"] } } })).body).toMatchObject({ code: "tool_not_allowed" });
    expect((await attempt({ agent_id: "nobody" })).body).toMatchObject({ policy: { id: "default" }, outcome: "deny" });
    expect((await attempt({ document: { bindings: [{ agent_id: "x" }] } })).status).toBe(422);
    expect((await attempt({ question: { kind: "tool" } })).status).toBe(422);
    expect(await api.query("select 1 from decisions where run_id = 'run_tried'")).toEqual([]);
  });
});
