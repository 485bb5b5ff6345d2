import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provide } from "../../platform/env";
import type { CheckShape, ReadinessShape, TargetDetail, TargetShape } from "../../readiness/schema";
import { asking } from "./asking";
import { type Api, type Json, startApi } from "./harness";

let api: Api;
let door: typeof import("../../readiness");
let agent: ReturnType<typeof asking>;
let site: Server;
let origin = "";
/** What the watched page answers now. */
let page: { status: number; headers: Record<string, string>; body: string };
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
  door = await import("../../readiness");
  provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "true" });
  page = { status: 200, headers: { "x-env": "production" }, body: '{"env":{"name":"production"}}' };
  site = createServer((_, response) => response.writeHead(page.status, page.headers).end(page.body));
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterAll(async () => {
  provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "false" });
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
});

const del = (path: string, body: Json = {}, options?: Parameters<Api["get"]>[1]) =>
  api.call("DELETE", path, body, options);
const gate = async (agentId: string, version?: string): Promise<ReadinessShape> => {
  const { status, body } = await api.get(`/readiness?agent_id=${agentId}${version ? `&version=${version}` : ""}`);
  expect(status).toBe(200);
  return body as unknown as ReadinessShape;
};
const check = async (agentId: string, slug: string): Promise<CheckShape> => {
  const found = (await gate(agentId)).checks.find((c) => c.check === slug);
  if (!found) throw new Error(`no check ${slug}`);
  return found;
};
const answer = async (agentId: string, slug: string) => (await check(agentId, slug)).answer;

let n = 0;
/** An agent that has run once, with a version, and ended. */
async function seen(more: Json = {}, name = `ready-${++n}`): Promise<string> {
  const { run_id } = await api.openRun({ agent_id: name, versions: { agent: "1.0.0" }, ...more });
  await api.post(`/runs/${run_id}/finish`, { stop_reason: "success" });
  return name;
}
const FULL = {
  capabilities: ["read:kb", "write:tickets"],
  connectors: { jira: { role: "write-limited" } },
  tools: {
    allow: ["kb.read", "ticket.create"],
    catalog: {
      "kb.read": { effect: "read", output_schema: { type: "object" } },
      "ticket.create": { effect: "write", output_schema: { type: "object" } },
    },
  },
  context: { max_input_tokens: 60_000 },
  budgets: { max_tokens: 100_000, max_steps: 25, max_usd: 1 },
  goal: { scope: ["jira:*"] },
};
const policy = async (agentId: string, document: Json = FULL) => {
  const { status, body } = await agent.put(agentId, { bindings: [{ agent_id: agentId }], ...document });
  if (status !== 200) throw new Error(JSON.stringify(body));
};
/** Spans with models, tokens and tools: what rules see. */
async function busy(agentId: string, steps: number): Promise<string> {
  const { run_id } = await api.openRun({ agent_id: agentId, versions: { agent: "1.0.0" } });
  const at = (m: number) => new Date(Date.now() - 60_000 + m * 1_000).toISOString();
  const spans = Array.from({ length: steps }, (_, i) => [
    {
      span_id: `m${i}`,
      kind: "model",
      name: "chat",
      model: "m",
      tokens: { input: 100, output: 9 },
      status: "ok",
      started_at: at(i),
      ended_at: at(i),
    },
    {
      span_id: `t${i}`,
      kind: "tool",
      name: "kb.read",
      tool: "kb.read",
      args: { i },
      result: { i },
      status: "ok",
      started_at: at(i),
      ended_at: at(i),
    },
  ]).flat();
  expect((await api.post("/spans", { run_id, spans })).body.accepted).toBe(spans.length);
  await api.post(`/runs/${run_id}/finish`, { stop_reason: "success" });
  await api.detect();
  return run_id;
}

describe("GET /readiness", () => {
  test("200 computed, with what blocks and where it is mended; the newest version without one", async () => {
    const name = await seen();
    const found = await gate(name);
    expect(found).toMatchObject({ agent_id: name, version: "1.0.0", versions: ["1.0.0"], ready: false });
    expect(found.blocking.map((b) => b.check)).toEqual(expect.arrayContaining(["entries", "kill_switch", "target"]));
    expect(found.blocking.length).toBe(found.counts.open + found.counts.unknown);
    expect(found.checks.filter((c) => c.question !== null).map((c) => c.question)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const c of found.checks.filter((x) => !x.ok))
      expect([c.check, c.mend]).toEqual([c.check, expect.stringMatching(/^\//)]);
    expect((await gate(name, "2.0.0")).version).toBe("2.0.0");
  });
  test("404 for an agent that nobody has seen, 422 for an unknown key, 403 without the permission or bound elsewhere", async () => {
    const name = await seen();
    expect((await api.get("/readiness?agent_id=nobody")).status).toBe(404);
    expect((await api.get(`/readiness?agent_id=${name}&x=1`)).status).toBe(422);
    expect((await api.get(`/readiness?agent_id=${name}`, { key: await api.key(["agent"]) })).status).toBe(403);
    const bound = { key: await api.key(["read"], { agent_ids: ["other-*"] }) };
    expect((await api.get(`/readiness?agent_id=${name}`, bound)).status).toBe(403);
    const far = { key: await api.key(["read"], { environment: "far" }) };
    expect((await api.get(`/readiness?agent_id=${name}`, far)).status).toBe(404);
  });
  test("200 every agent with its newest version, by pages; a bound key sees its own", async () => {
    const [a, b] = [await seen({}, "list-a"), await seen({}, "list-b")];
    const bound = { key: await api.key(["read"], { agent_ids: ["list-*"] }) };
    const first = (await api.get("/readiness/agents?limit=1", bound)).body as unknown as {
      items: Json[];
      next_cursor: string;
    };
    expect(first.items).toMatchObject([{ agent_id: a, version: "1.0.0", ready: false, first: expect.any(String) }]);
    const second = (await api.get(`/readiness/agents?limit=1&cursor=${first.next_cursor}`, bound)).body;
    expect(second).toMatchObject({ items: [{ agent_id: b }], next_cursor: null });
    expect(Number(first.items[0]?.blocking)).toBe((await gate(a)).blocking.length);
    expect((await api.get("/readiness/agents?cursor=x")).status).toBe(422);
    expect((await api.get("/readiness/agents", { key: await api.key(["agent"]) })).status).toBe(403);
  });
});

describe("the six questions change with their evidence", () => {
  test("1 context: no without limits, unknown without a run of ten steps, yes with all three", async () => {
    const name = await seen();
    expect(await answer(name, "context_degrades")).toBe("no");
    await policy(name);
    await busy(name, 3);
    const short = await check(name, "context_degrades");
    expect([short.answer, short.detail]).toEqual(["unknown", expect.stringContaining("none has 10")]);
    const run = await busy(name, 11);
    const long = await check(name, "context_degrades");
    expect(long.answer).toBe("yes");
    expect(long.evidence.map((e) => e.path)).toContain(`/runs/${run}`);
    await policy(name, { ...FULL, context: {} });
    expect(await answer(name, "context_degrades")).toBe("no");
  });
  test("2 a wrong answer: by a rule on endings, or by scores and a rule on them; no where every such rule is off", async () => {
    const name = await seen();
    await busy(name, 2);
    expect(await answer(name, "wrong_answer")).toBe("yes");
    const rules = ((await api.get("/rules")).body.items as unknown as Json[]).filter((r) =>
      ["failed_endings", "unacknowledged_errors"].includes(String(r.metric)),
    );
    const write = (r: Json, mode: string) =>
      api.put(`/rules/${r.slug}`, { category: r.category, metric: r.metric, threshold: r.threshold, mode });
    for (const r of rules) expect((await write(r, "off")).status).toBe(200);
    expect(await answer(name, "wrong_answer")).toBe("no");
    for (const score of [0.9, 0.8])
      await api.post("/evaluations", { run_id: await busy(name, 1), name: "grounding", score, evaluator: "judge" });
    await api.detect();
    const byScore = await check(name, "wrong_answer");
    expect([byScore.answer, byScore.detail]).toEqual([
      "yes",
      expect.stringContaining("2 scores arrived for 1.0.0: grounding"),
    ]);
    expect((await gate(name, "9.9.9")).checks.find((c) => c.check === "wrong_answer")?.answer).not.toBe("yes");
    for (const r of rules) await api.call("DELETE", `/rules/${r.slug}`);
  });
  test("3 a schema: each tool declares one, and a tool without one is named", async () => {
    const name = await seen();
    await busy(name, 2);
    await policy(name);
    expect(await answer(name, "schema_change")).toBe("yes");
    await policy(name, { ...FULL, tools: { ...FULL.tools, allow: [...FULL.tools.allow, "mail.send"] } });
    expect(await check(name, "schema_change")).toMatchObject({
      answer: "no",
      detail: expect.stringContaining("mail.send"),
    });
    await policy(name, { ...FULL, validation: { output: { fail_closed: false } } });
    expect(await answer(name, "schema_change")).toBe("no");
  });
  test("4 caps: no token cap is no; a budget on each run answers it; a policy that observes holds nothing", async () => {
    const name = await seen();
    await policy(name, { ...FULL, budgets: {} });
    expect(await check(name, "hard_caps")).toMatchObject({ answer: "no", detail: expect.stringContaining("tokens") });
    const cap = { scope: { kind: "agent", key: name }, metric: "tokens", window: "run", amount: 5_000 };
    await api.put(`/budgets/cap-${name}`, { ...cap, hard: false });
    expect(await answer(name, "hard_caps")).toBe("no");
    await api.put(`/budgets/cap-${name}`, cap);
    const held = await check(name, "hard_caps");
    expect(held.answer).toBe("yes");
    expect(held.evidence.map((e) => e.path)).toContain(`/budgets?budget=cap-${name}`);
    await api.call("DELETE", `/budgets/cap-${name}`);
    await policy(name);
    expect(await answer(name, "hard_caps")).toBe("yes");
    const looked = await seen();
    await policy(looked, { ...FULL, state: "observe" });
    expect(await check(looked, "hard_caps")).toMatchObject({
      answer: "no",
      detail: expect.stringContaining("only observes"),
    });
  });
  test("5 credentials: unknown until a decision names one, yes alone, no once another agent uses it too", async () => {
    const [one, two] = [await seen(), await seen()];
    await policy(one);
    await policy(two);
    expect(await check(one, "credentials")).toMatchObject({
      answer: "unknown",
      detail: expect.stringContaining("nobody says"),
    });
    const uses = async (name: string, ref: string) => {
      const { run_id } = await api.openRun({ agent_id: name, versions: { agent: "1.0.0" } });
      const said = await agent.ask(run_id, {
        tool: "kb.read",
        effect: "read",
        connector: "jira",
        capability: "read:kb",
        credential_ref: ref,
        args: { ref },
      });
      expect(said.said).toBe("allow allowed");
    };
    await uses(one, `cred-${one}`);
    expect(await answer(one, "credentials")).toBe("yes");
    // Gathered or not, the answer is the same.
    await door.watchGates();
    expect(await answer(one, "credentials")).toBe("yes");
    await uses(two, `cred-${one}`);
    expect(await check(one, "credentials")).toMatchObject({ answer: "no", detail: expect.stringContaining(two) });
    await policy(two, { ...FULL, connectors: {} });
    expect(await answer(two, "credentials")).toBe("no");
  });
  test("6 scope: stated tools, a contract and a gate; * states nothing, and who asks nobody is held by nothing", async () => {
    const name = await seen();
    await policy(name);
    expect(await answer(name, "scope")).toBe("yes");
    await policy(name, { ...FULL, goal: {} });
    expect(await answer(name, "scope")).toBe("no");
    await seen({ scope: ["write:tickets"] }, name);
    expect(await answer(name, "scope")).toBe("yes");
    await policy(name, { ...FULL, capabilities: undefined, tools: { allow: ["*"] } });
    expect(await check(name, "scope")).toMatchObject({ answer: "no", detail: expect.stringContaining("*") });
    await policy(name, { ...FULL, approvals: { irreversible: false } });
    expect(await answer(name, "scope")).toBe("no");
    await policy(name);
    await api.query("update agents set gated_at = null, ungated_at = now() where agent_id = $1", [name]);
    expect(await check(name, "scope")).toMatchObject({ answer: "no", detail: expect.stringContaining("cooperative") });
  });
});

describe("the other conditions", () => {
  test("a pre-launch entry blocks until its rule is armed, sees this agent and somebody owns it", async () => {
    const name = await seen();
    const put = (more: Json) =>
      api.put("/failures/too-many-steps", { category: "runaway_loop", agents: [name], ...more });
    expect((await put({})).status).toBeLessThan(300);
    expect(await check(name, "entry.too-many-steps")).toMatchObject({
      answer: "no",
      detail: expect.stringContaining("no rule"),
    });
    expect((await gate(await seen())).checks.map((c) => c.check)).not.toContain("entry.too-many-steps");
    await put({ owner: "admin@example.com", rule: { sentence: "steps exceeding 9", mode: "observe" } });
    expect(await check(name, "entry.too-many-steps")).toMatchObject({
      answer: "no",
      detail: expect.stringContaining("Blind"),
    });
    await busy(name, 2);
    expect(await answer(name, "entry.too-many-steps")).toBe("yes");
    await put({ owner: null });
    expect(await check(name, "entry.too-many-steps")).toMatchObject({ answer: "no", detail: "Nobody owns it." });
    await api.query("update detection_rules set mode = 'off' where failure = 'too-many-steps'");
    expect((await check(name, "entry.too-many-steps")).detail).toContain("not armed");
    await put({ triage: { when: "after_first_incident", reason: "rare", review_at: "2099-01-01" } });
    expect(await answer(name, "reviews")).toBe("yes");
    await api.query("update failures set review_at = current_date - 1 where slug = 'too-many-steps'");
    expect(await answer(name, "reviews")).toBe("no");
    await api.call("DELETE", "/failures/too-many-steps", { reason: "tried" });
  });
  test("the kill switch is unknown untried, no while a run goes on, yes once it has ended", async () => {
    const name = await seen();
    expect(await answer(name, "kill_switch")).toBe("unknown");
    const { run_id } = await api.openRun({ agent_id: name, versions: { agent: "1.0.0" } });
    const stop = await api.post("/switches", { scope: { kind: "agent", key: name }, mode: "stop", reason: "drill" });
    expect(await answer(name, "kill_switch")).toBe("no");
    await api.post(`/runs/${run_id}/finish`, { stop_reason: "kill_switch" });
    expect(await answer(name, "kill_switch")).toBe("yes");
    await api.query("update switches set set_at = now() - interval '91 days' where id = $1", [stop.body.switch_id]);
    expect(await answer(name, "kill_switch")).toBe("unknown");
    await api.post(`/switches/${stop.body.switch_id}/release`, { reason: "over" });
  });
  test("golden tasks and release probes: unknown, no, yes; another version proves nothing", async () => {
    const name = await seen();
    expect([await answer(name, "golden_tasks"), await answer(name, "release_probes")]).toEqual(["unknown", "unknown"]);
    const chaos = (passed: boolean, version = "1.0.0", task = "tool_timeout") =>
      api.post("/chaos-results", {
        agent_id: name,
        version,
        results: [
          {
            task,
            expected_stop_reason: "tool_timeout",
            actual_stop_reason: passed ? "tool_timeout" : "success",
            passed,
          },
        ],
      });
    expect((await chaos(true, "0.9.0")).status).toBe(201);
    expect(await answer(name, "golden_tasks")).toBe("unknown");
    await chaos(false);
    expect(await check(name, "golden_tasks")).toMatchObject({
      answer: "no",
      detail: expect.stringContaining("tool_timeout"),
    });
    await chaos(true);
    expect(await answer(name, "golden_tasks")).toBe("yes");
    await chaos(true, "0.9.0", "lost_response");
    expect(await answer(name, "golden_tasks")).toBe("unknown");
    await api.put(`/release-checklists/${name}`, {
      agent_ids: [name],
      probes: [{ name: "sanity", type: "end-to-end" }],
    });
    expect(await answer(name, "release_probes")).toBe("unknown");
    const probe = (status: string) =>
      api.post("/probes", { runbook: name, agent_id: name, version: "1.0.0", name: "sanity", status, latency_ms: 5 });
    expect((await probe("failed")).status).toBe(201);
    expect(await answer(name, "release_probes")).toBe("no");
    await probe("ok");
    expect(await answer(name, "release_probes")).toBe("yes");
  });
});

describe("waivers", () => {
  const until = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const waive = (agent_id: string, more: Json = {}, options?: Parameters<Api["get"]>[1]) =>
    api.post(
      "/readiness/waivers",
      { agent_id, check: "kill_switch", reason: "no canary yet", until: until(14), ...more },
      options,
    );

  test("201 by name, with its audit row; it lapses and blocks again; 200 taken back, 409 twice", async () => {
    const name = await seen();
    const made = await waive(name);
    expect([made.status, made.body]).toMatchObject([
      201,
      { version: "1.0.0", state: "holds", by: expect.stringMatching(/\w/) },
    ]);
    const waived = await check(name, "kill_switch");
    expect(waived).toMatchObject({
      answer: "unknown",
      ok: true,
      waived: { reason: "no canary yet", until: until(14) },
    });
    expect((await gate(name, "1.0.1")).checks.find((c) => c.check === "kill_switch")?.ok).toBe(false);
    expect((await waive(name)).status).toBe(409);
    await api.query("update readiness_waivers set until = current_date - 1 where agent_id = $1", [name]);
    expect((await check(name, "kill_switch")).ok).toBe(false);
    expect((await gate(name)).waivers).toMatchObject([{ state: "lapsed" }]);
    const again = await waive(name);
    const path = `/readiness/waivers/${String(again.body.waiver_id)}`;
    expect((await del(path)).status).toBe(422);
    expect((await del(path, { reason: "tried now" })).body).toMatchObject({
      state: "revoked",
      revoke_reason: "tried now",
    });
    expect((await check(name, "kill_switch")).ok).toBe(false);
    expect([
      (await del(path, { reason: "x" })).status,
      (await del("/readiness/waivers/wvr_x", { reason: "x" })).status,
    ]).toEqual([409, 404]);
    const rows = await api.query(
      "select summary from audit_rows where target_type = 'readiness' and target_id = $1 order by seq",
      [name],
    );
    expect(rows.map((r) => r.summary)).toMatchObject([
      expect.stringMatching(/^waived kill_switch of .* 1\.0\.0 until .*: no canary yet$/),
      expect.stringMatching(/^waived/),
      expect.stringMatching(/^took back the waiver of kill_switch/),
    ]);
  });
  test("422 without a reason, past, beyond 180 days, or of no such check; 409 of what is met; 404 unknown; 403", async () => {
    const name = await seen();
    await policy(name);
    for (const more of [
      { reason: " " },
      { until: until(-1) },
      { until: until(181) },
      { check: "no_such_check" },
      { x: 1 },
    ])
      expect([more, (await waive(name, more)).status]).toEqual([more, 422]);
    expect((await waive(name, { until: until(180) })).status).toBe(201);
    expect((await waive(name, { check: "hard_caps" })).status).toBe(409);
    expect((await waive("nobody")).status).toBe(404);
    expect((await waive(name, {}, { key: await api.key(["agent", "read", "operate", "approve"]) })).status).toBe(403);
    expect((await waive(name, {}, { key: await api.key(["configure"], { agent_ids: ["x"] }) })).status).toBe(403);
  });
  test("an agent whose every condition is met or waived is ready; when one goes, people are told once", async () => {
    const name = await seen();
    await policy(name);
    for (const c of (await gate(name)).blocking) expect((await waive(name, { check: c.check })).status).toBe(201);
    expect(await gate(name)).toMatchObject({ ready: true, blocking: [] });
    const told = async () =>
      (
        await api.query(
          "select event, title from notifications where topic = 'readiness' and dedupe_key = $1 order by at",
          [`readiness:${name}:1.0.0`],
        )
      ).map((r) => r.event);
    await door.watchGates();
    expect(await told()).toEqual([]);
    await policy(name, { ...FULL, goal: {} });
    await door.watchGates();
    await door.watchGates();
    expect(await told()).toEqual(["opened"]);
    await policy(name);
    await door.watchGates();
    expect(await told()).toEqual(["opened", "resolved"]);
  });
});

describe("watched targets", () => {
  const body = (more: Json = {}) => ({
    name: "Shop",
    url: `${origin}/`,
    expected_marker: { kind: "header", name: "x-env", value: "production" },
    agent_ids: ["shop-*"],
    service: { deployment_env: "production" },
    interval_s: 60,
    ...more,
  });
  const get = async (slug: string) => (await api.get(`/targets/${slug}`)).body as unknown as TargetDetail;
  const look = async (slug: string): Promise<TargetDetail> => {
    await api.query("update target_watch set next_at = now() where slug = $1", [slug]);
    await door.lookAtTargets();
    return get(slug);
  };
  /** Spans of an agent of this deployment. */
  const spans = async (agent_id: string, deployment_env: string | null) => {
    const { run_id } = await api.openRun({ agent_id, deployment_env, versions: { agent: "1.0.0" } });
    await api.post("/spans", {
      run_id,
      spans: [{ span_id: "s", kind: "tool", name: "x", started_at: new Date().toISOString() }],
    });
    return run_id;
  };
  const alerts = async () =>
    (await api.get("/alerts?rule=watched-target&category=watching_wrong_production")).body.items as unknown as Json[];
  const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from("a picture")]);
  const shoot = (slug: string, bytes: Uint8Array, options: { key?: string } = {}) =>
    api.put(`/targets/${slug}/screenshot`, bytes, { ...options, headers: { "content-type": "image/png" } });

  test("200 writes, reads, lists; again is its next revision; 200 asks for a check; 200 deletes it with a reason, 404 then", async () => {
    const made = await api.put("/targets/written", body());
    expect([made.status, made.body]).toMatchObject([
      200,
      { slug: "written", revision: 1, state: "unverified", created: true, last_check: null },
    ]);
    expect((await api.put("/targets/written", body({ name: "Shop 2" }))).body).toMatchObject({
      revision: 2,
      created: false,
    });
    expect((await api.get("/targets")).body).toMatchObject({
      items: [{ slug: "written", name: "Shop 2" }],
      next_cursor: null,
    });
    expect((await api.post("/targets/written/check")).body).toMatchObject({ slug: "written", due: true });
    expect((await del("/targets/written")).status).toBe(422);
    expect((await del("/targets/written", { reason: "moved" })).status).toBe(200);
    const gone = await Promise.all([
      api.get("/targets/written"),
      del("/targets/written", { reason: "moved" }),
      api.post("/targets/written/check"),
      shoot("written", PNG),
      api.get("/targets/written/screenshot"),
    ]);
    expect(gone.map((g) => g.status)).toEqual([404, 404, 404, 404, 404]);
  });
  test("422 names what is wrong; 403 without the permission; 404 in another environment", async () => {
    for (const [more, path] of [
      [{ url: "ftp://x" }, "url"],
      [{ url: "https://a:b@x.example" }, "url"],
      [{ expected_marker: { kind: "header", value: "x" } }, "expected_marker.name"],
      [{ expected_marker: { kind: "body", name: "n", value: "x" } }, "expected_marker.name"],
      [{ expected_marker: { kind: "json_path", name: "a b", value: "x" } }, "expected_marker.name"],
      [{ interval_s: 5 }, "interval_s"],
      [{ verified: true }, "verified"],
    ] as const) {
      const { status, body: said } = await api.put("/targets/bad", body(more));
      expect([status, (said.errors as unknown as Json[]).map((e) => e.path)]).toEqual([422, [path]]);
    }
    const weak = { key: await api.key(["agent", "read", "operate", "approve"]) };
    expect((await api.put("/targets/bad", body(), weak)).status).toBe(403);
    expect((await shoot("bad", PNG, weak)).status).toBe(403);
    await api.put("/targets/ours", body());
    const far = { key: await api.key(["configure"], { environment: "far" }) };
    expect([
      (await api.get("/targets/ours", far)).status,
      (await del("/targets/ours", { reason: "r" }, far)).status,
      (await shoot("ours", PNG, far)).status,
    ]).toEqual([404, 404, 404]);
    expect((await api.get("/targets", far)).body.items).toEqual([]);
    await del("/targets/ours", { reason: "over" });
  });
  test("unverified → mismatch raises an alarm, once; the right marker resolves it; silent, then verified", async () => {
    await api.put("/targets/shop", body());
    page = { ...page, headers: { "x-env": "staging" } };
    const wrong = await look("shop");
    expect(wrong).toMatchObject({ state: "mismatch", last_check: { matched: false, found: "staging", status: 200 } });
    expect(wrong.why).toContain("staging");
    await look("shop");
    const [alarm, ...more] = await alerts();
    expect([alarm, more]).toMatchObject([{ state: "open", severity: "critical", alert_id: wrong.alert_id }, []]);
    const { actOnAlerts } = await import("../../alerts");
    await actOnAlerts();
    const told = () =>
      api.query("select event, text from notifications where dedupe_key = $1 order by at", [`alert:${wrong.alert_id}`]);
    expect(await told()).toMatchObject([{ event: "opened", text: expect.stringContaining("staging") }]);
    page = { ...page, headers: { "x-env": "production" } };
    expect(await look("shop")).toMatchObject({ state: "silent", alert_id: null, last_match_at: expect.any(String) });
    expect((await alerts())[0]).toMatchObject({ state: "resolved", resolved_by: "Interlock" });
    expect((await told()).map((t) => t.event)).toEqual(["opened", "resolved"]);
    await spans("shop-bot", null);
    expect(await look("shop")).toMatchObject({ state: "silent", why: expect.stringContaining("none says") });
    const run_id = await spans("shop-bot", "production");
    expect(await look("shop")).toMatchObject({ state: "verified", last_span: { run_id } });
    await api.query("update spans set received_at = now() - interval '2 hours' where run_id = $1", [run_id]);
    expect(await get("shop")).toMatchObject({ state: "silent" });
    await api.query("update spans set received_at = now() where run_id = $1", [run_id]);
    await api.query("update target_checks set at = at - interval '61 minutes' where slug = 'shop'");
    expect(await get("shop")).toMatchObject({ state: "unverified", gate: { ok: false } });
  });
  test("spans from another deployment are an alarm too, also where the marker is right", async () => {
    expect(await look("shop")).toMatchObject({ state: "verified" });
    const run_id = await spans("shop-bot", "staging");
    expect(await look("shop")).toMatchObject({ state: "mismatch", other_env: { deployment_env: "staging", run_id } });
    expect((await alerts()).filter((a) => a.state === "open")).toHaveLength(1);
    // Another target of this environment expects that deployment: then it is nowhere strange.
    await api.put("/targets/shop-staging", body({ service: { deployment_env: "staging" }, agent_ids: ["none"] }));
    expect(await look("shop")).toMatchObject({ state: "verified", other_env: null });
    expect((await alerts()).filter((a) => a.state === "open")).toHaveLength(0);
    await del("/targets/shop-staging", { reason: "over" });
    await api.query("delete from runs where run_id = $1", [run_id]);
  });
  test("what does not answer is unreachable and no alarm; a body and a place in JSON are markers as well", async () => {
    page = { ...page, status: 503, headers: {} };
    expect(await look("shop")).toMatchObject({
      state: "unreachable",
      last_check: { ok: false, matched: null, error: "it answered 503" },
    });
    page = { status: 302, headers: { location: "/login" }, body: "" };
    expect((await look("shop")).last_check?.error).toContain("/login");
    page = {
      status: 200,
      headers: { "x-env": "production" },
      body: '{"env":{"name":"production"},"nodes":[{"id":7}]}',
    };
    const by = async (expected_marker: Json) => {
      await api.put("/targets/marked", body({ expected_marker }));
      return (await look("marked")).last_check?.matched;
    };
    expect(await by({ kind: "json_path", name: "env.name", value: "production" })).toBe(true);
    expect(await by({ kind: "json_path", name: "nodes[0].id", value: "7" })).toBe(true);
    expect(await by({ kind: "json_path", name: "env.name", value: "other" })).toBe(false);
    expect(await by({ kind: "body", value: '"production"' })).toBe(true);
    expect(await by({ kind: "body", value: "elsewhere" })).toBe(false);
    provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "false" });
    expect((await look("marked")).last_check?.error).toContain("private address");
    provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "true" });
    const open = (await alerts()).filter((a) => a.state === "open");
    await del("/targets/marked", { reason: "over" });
    expect([open.length, (await alerts()).filter((a) => a.state === "open").length]).toEqual([1, 0]);
  });
  test("200 a picture with its date, hash and our own list; its bytes come back as that picture and nothing else", async () => {
    const put = await shoot("shop", PNG);
    const sha256 = createHash("sha256").update(PNG).digest("hex");
    expect([put.status, put.body]).toMatchObject([
      200,
      { sha256, content_type: "image/png", size: PNG.length, listed: [{ slug: "shop" }] },
    ]);
    const answered = await fetch(`${api.origin}/api/v1/targets/shop/screenshot`, {
      headers: { authorization: `Bearer ${api.rootKey}` },
    });
    expect(Buffer.from(await answered.arrayBuffer()).equals(PNG)).toBe(true);
    expect(
      Object.fromEntries(
        ["content-type", "x-content-type-options", "content-disposition"].map((h) => [h, answered.headers.get(h)]),
      ),
    ).toEqual({
      "content-type": "image/png",
      "x-content-type-options": "nosniff",
      "content-disposition": `inline; filename="shop-${sha256.slice(0, 12)}.png"`,
    });
    expect((await api.get(`/targets/shop/screenshot?sha256=${"0".repeat(64)}`)).status).toBe(404);
    expect((await get("shop")).screenshots).toMatchObject([{ sha256, by: expect.any(String), too_old: false }]);
  });
  test("413 above 2 MB, 415 for what only calls itself a picture", async () => {
    const big = Buffer.concat([PNG, Buffer.alloc(2 * 1024 * 1024)]);
    expect((await shoot("shop", big)).status).toBe(413);
    expect((await shoot("shop", Buffer.from("<svg onload=alert(1)>"))).status).toBe(415);
    expect((await shoot("shop", new Uint8Array())).status).toBe(415);
  });
  test("the gate wants the marker within the hour, a span within the day and a picture within 90 days", async () => {
    const slug = "target.shop";
    await spans("shop-bot", "production");
    await look("shop");
    expect(await answer("shop-bot", slug)).toBe("yes");
    const missing = async (sql: string, words: string) => {
      await api.query(sql);
      const { answer: said, detail } = await check("shop-bot", slug);
      expect([said, detail]).toEqual(["no", expect.stringContaining(words)]);
    };
    await missing("update target_screenshots set at = at - interval '91 days'", "90 days hold");
    await shoot("shop", PNG);
    expect(await answer("shop-bot", slug)).toBe("yes");
    await missing("update spans set received_at = received_at - interval '25 hours'", "No span");
    await missing("update target_checks set at = at - interval '2 hours'", "No marker");
  });
  test("an address that was changed is verified by nothing that was seen before", async () => {
    await look("shop");
    expect((await get("shop")).last_check?.matched).toBe(true);
    const { body: changed } = await api.put("/targets/shop", body({ url: `${origin}/moved` }));
    expect((changed as unknown as TargetShape).last_check).toBeNull();
    expect((changed as unknown as TargetShape).state).toBe("unverified");
  });
});
