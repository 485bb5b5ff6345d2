import { beforeAll, expect, test } from "vitest";
import type { Ctx } from "../../platform/ctx";
import type { Verb } from "../../platform/verb";
import { type Api, startApi } from "./harness";

let api: Api;
let verbs: Verb[] = [];
let home: Ctx;
let far: Ctx;

const isVerb = (value: unknown): value is Verb => typeof value === "function" && "action" in value && "kind" in value;

beforeAll(async () => {
  api = await startApi();
  const doors = await Promise.all([
    import("../../tenancy"),
    import("../../fleet"),
    import("../../runs"),
    import("../../controls"),
    import("../../audit"),
    import("../../policies"),
    import("../../budgets"),
    import("../../approvals"),
    import("../../decisions"),
    import("../../failures"),
    import("../../config"),
    import("../../alerts"),
    import("../../incidents"),
    import("../../detectors"),
    import("../../notifications"),
    import("../../evaluations"),
    import("../../readiness"),
  ]);
  verbs = doors.flatMap((door) => Object.values(door).filter(isVerb));
  const person = (await api.query("select id, name, email from people limit 1"))[0] as {
    id: string;
    name: string;
    email: string;
  };
  const actor = { type: "person" as const, ...person, roles: ["admin" as const] };
  const ctx = async (slug: string): Promise<Ctx> => ({
    environmentId: await api.environment(slug),
    actor,
    requestId: "t",
    now: () => new Date(),
  });
  home = await ctx("production");
  far = await ctx("far");
  await api.openRun({ run_id: "home-run", agent_id: "home-agent" });
  await api.post("/spans", {
    run_id: "home-run",
    spans: [{ span_id: "s", kind: "tool", name: "x", started_at: new Date().toISOString() }],
  });
});

/** A new write must say here how it is called, else its test fails: that is the point of the table. */
const WRITES: Record<string, () => Promise<Record<string, unknown>> | Record<string, unknown>> = {
  "person.invite": () => ({ email: "new@example.com", name: "New", roles: ["viewer"] }),
  "person.set_roles": async () => ({
    person_id: (await api.query("select id from people where email = 'new@example.com'"))[0]?.id,
    roles: ["operator"],
  }),
  "person.disable": async () => ({
    person_id: (await api.query("select id from people where email = 'new@example.com'"))[0]?.id,
  }),
  "person.change_password": () => ({ current: "correct horse battery", password: "another horse battery" }),
  "key.create": () => ({ name: "k", scopes: ["read"] }),
  "key.revoke": async () => ({
    key_id: (await api.query("select id from agent_keys where name = 'k' and revoked_at is null"))[0]?.id,
  }),
  "environment.create": () => ({ name: "made", kind: "staging" }),
  "agent.review": () => ({ agent_id: "home-agent" }),
  "price.set": () => ({ model: "m", input_usd: 1, output_usd: 1 }),
  "switch.set": () => ({ scope: { kind: "agent", key: "home-agent-9" }, mode: "stop", reason: "r" }),
  "switch.release": async () => ({
    switch_id: (await api.query("select id from switches where released_at is null limit 1"))[0]?.id,
    reason: "r",
  }),
  "control.configure": () => ({ ttl_s: 45 }),
  "drill.start": async () => {
    await api.openRun({ agent_id: "drilled", instance_id: "drilled-1" });
    return { agent_id: "drilled", reason: "r" };
  },
  "policy.put": () => ({
    policy_id: "p",
    format: "yaml",
    text: 'bindings: [{agent_id: "home-*"}]\ntools: {allow: ["mail.send", "ticket.create"], catalog: {"mail.send": {effect: irreversible}}}',
  }),
  "policy.state": () => ({ policy_id: "p", state: "draft" }),
  "policy.bind": () => ({ policy_id: "p", bindings: [{ agent_id: "home-*" }] }),
  "policy.roll_back": () => ({ policy_id: "p", version: 1 }),
  "budget.put": () => ({ slug: "b", scope: { kind: "environment" }, metric: "usd", amount: 5 }),
  "budget.delete": () => ({ slug: "b" }),
  "grant.make": () => ({ agent_id: "a", tool: "t", reason: "r", expires_in_s: 600 }),
  "grant.revoke": async () => ({ grant_id: (await api.query("select id from approval_grants limit 1"))[0]?.id }),
  "approval.settings": () => ({ self_approval: true, reason: "one person" }),
  "approval.verdict": async () => ({ approval_id: await asking("1"), verdict: "approve", reason: "r" }),
  "approval.break_glass": async () => ({ approval_id: await asking("2"), reason: "r" }),
  "approval.review": async () => ({
    approval_id: (await api.query("select approval_id as id from approvals where review_state = 'open'"))[0]?.id,
    note: "r",
  }),
  "config.import": () => ({
    text: "interlock: 1\nbudgets: {imported: {scope: {kind: environment}, metric: usd, amount: 9}}\n",
  }),
  "failure.put": () => ({ slug: "f", category: "runaway_loop" }),
  "failure.adopt": () => ({ category: "tool_flapping" }),
  "failure.delete": async () => {
    await api.query(
      `insert into failures (environment_id, slug, name, category, regime, triage, updated_by)
       select environment_id, 'g', name, category, regime, triage, updated_by from failures where slug = 'f'`,
    );
    return { slug: "g", reason: "r" };
  },
  "evaluator.put": () => ({ slug: "ev", url: "https://judge.example.com" }),
  "evaluator.delete": () => ({ slug: "ev" }),
  "rule.put": () => ({ slug: "r", category: "runaway_loop", sentence: "steps exceeding 9" }),
  "rule.delete": () => ({ slug: "r" }),
  "alert.acknowledge": async () => ({ alert_id: await openAlert("1") }),
  "alert.resolve": async () => ({ alert_id: await openAlert("2") }),
  "incident.open": async () => ({ title: "t", severity: "high", run_ids: [await freshRun()] }),
  "incident.change": () => ({ incident_id: "INC-1", post_mortem: { root_cause: "r" } }),
  "incident.note": () => ({ incident_id: "INC-1", text: "t" }),
  "incident.tick": async () => {
    const effect_id = await unknownEffect();
    await api.query(
      "insert into incident_runs (environment_id, incident_id, run_id) select environment_id, 'INC-1', run_id from effects where effect_id = $1",
      [effect_id],
    );
    return { incident_id: "INC-1", effect_id, verdict: "not_done" };
  },
  "incident.close": async () => {
    await api.query(
      `update incidents set commander_id = 'p', status = 'resolved', resolved_at = now(), failure = 'f', what_happened = 'w', what_helped = 'w',
         what_hindered = 'w', policy_change = '{"none": "n"}', rule_change = '{"none": "n"}', regression_case = '{"none": "n"}',
         actual = '{"rule_fired": false, "minutes_early_or_late": null, "cost_usd": null, "impact": "i", "changes": "c"}'`,
    );
    return { incident_id: "INC-1" };
  },
  "effect.settle": async () => ({ effect_id: await unknownEffect(), done: true, reason: "r" }),
  "channel.put": () => ({ slug: "c", kind: "email", name: "C", to: ["a@example.com"] }),
  "channel.test": () => ({ slug: "c" }),
  "delivery.retry": async () => {
    await api.query("update deliveries set state = 'dead' where channel = 'c'");
    return { delivery_id: await anyDelivery() };
  },
  "channel.delete": async () => {
    await api.query(
      `insert into channels (environment_id, slug, kind, name, target, updated_by)
       select environment_id, 'd', kind, name, target, updated_by from channels where slug = 'c'`,
    );
    return { slug: "d" };
  },
  "canary.put": () => ({
    slug: "c",
    agent_id: "home-agent",
    baseline_version: "1",
    canary_version: "2",
    percent_traffic: 5,
  }),
  "canary.delete": async () => {
    await api.query(
      `insert into canaries (environment_id, slug, agent_id, baseline_version, canary_version, percent_traffic, updated_by)
       select environment_id, 'd', agent_id, baseline_version, canary_version, percent_traffic, updated_by from canaries where slug = 'c'`,
    );
    return { slug: "d" };
  },
  "release_checklist.put": () => ({ runbook: "r", probes: [{ name: "sanity", type: "end-to-end" }] }),
  "release_checklist.delete": () => ({ runbook: "r" }),
  "target.put": () => ({
    slug: "t",
    name: "T",
    url: "https://example.com/",
    expected_marker: { kind: "header", name: "x-env", value: "production" },
  }),
  "target.check": () => ({ slug: "t" }),
  "target.screenshot": () => ({ slug: "t", bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) }),
  "target.delete": async () => {
    await api.query(
      `insert into watched_targets (environment_id, slug, name, url, marker_kind, marker_name, marker_value, interval_s, silent_after_s, updated_by)
       select environment_id, 'u', name, url, marker_kind, marker_name, marker_value, interval_s, silent_after_s, updated_by from watched_targets where slug = 't'`,
    );
    return { slug: "u", reason: "r" };
  },
  "readiness.waive": () => ({
    agent_id: "home-agent",
    check: "release_probes",
    reason: "r",
    until: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
  }),
  "readiness.revoke_waiver": async () => ({
    waiver_id: (await api.query("select waiver_id as id from readiness_waivers limit 1"))[0]?.id,
    reason: "r",
  }),
};

let runs = 0;
const freshRun = async () =>
  String((await api.openRun({ agent_id: "home-agent-2", run_id: `fresh-${runs++}` })).run_id);
async function asking(to: string): Promise<unknown> {
  const asked = await api.post("/decisions", {
    run_id: await freshRun(),
    kind: "tool",
    tool: "mail.send",
    args: { to },
  });
  return (asked.body.approval as unknown as { id: string } | null)?.id;
}
async function unknownEffect(): Promise<unknown> {
  const asked = await api.post("/decisions", {
    run_id: await freshRun(),
    kind: "tool",
    tool: "ticket.create",
    args: {},
  });
  await api.post(`/decisions/${String(asked.body.decision_id)}/result`, { status: "timeout" });
  return asked.body.effect_id;
}
async function openAlert(q: string): Promise<unknown> {
  const run_id = await freshRun();
  const call = { kind: "tool", name: "x", tool: "kb.read", args: { q }, result: "same", status: "ok" };
  const at = (n: number) => new Date(Date.now() + n).toISOString();
  const spans = [1, 2, 3, 4].map((n) => ({ ...call, span_id: `${q}-${n}`, started_at: at(n), ended_at: at(n) }));
  await api.post("/spans", { run_id, spans });
  await api.detect();
  const { items } = (await api.get(`/alerts?run_id=${run_id}`)).body as unknown as { items: { alert_id: string }[] };
  return items[0]?.alert_id;
}
/** What belongs to one environment, and how another environment would ask for it. */
const FOREIGN: Record<string, Record<string, unknown> | (() => Promise<Record<string, unknown>>)> = {
  "run.get": { run_id: "home-run" },
  "run.spans": { run_id: "home-run" },
  "run.span": { run_id: "home-run", span_id: "s" },
  "run.heartbeat": { run_id: "home-run" },
  "run.finish": { run_id: "home-run", stop_reason: "success" },
  "agent.get": { agent_id: "home-agent", lost_after_s: 90 },
  "agent.get_live": { agent_id: "home-agent" },
  "agent.review": { agent_id: "home-agent" },
  "key.revoke": async () => ({
    key_id: (await api.query("select id from agent_keys where environment_id = $1 limit 1", [home.environmentId]))[0]
      ?.id,
  }),
  "switch.release": async () => ({
    switch_id: (await api.query("select id from switches where environment_id = $1 limit 1", [home.environmentId]))[0]
      ?.id,
    reason: "r",
  }),
  "policy.get": { policy_id: "p" },
  "policy.versions": { policy_id: "p" },
  "policy.diff": { policy_id: "p", from: 1, to: 2 },
  "policy.roll_back": { policy_id: "p", version: 1 },
  "policy.state": { policy_id: "p", state: "draft" },
  "policy.bind": { policy_id: "p", bindings: [] },
  "failure.get": { slug: "f" },
  "failure.revisions": { slug: "f" },
  "failure.delete": { slug: "f", reason: "r" },
  "evaluator.get": { slug: "ev" },
  "evaluator.delete": { slug: "ev" },
  "rule.get": { slug: "far-away" },
  "rule.delete": { slug: "r" },
  "alert.get": async () => ({ alert_id: (await api.query("select alert_id as id from alerts limit 1"))[0]?.id }),
  "alert.acknowledge": async () => ({
    alert_id: (await api.query("select alert_id as id from alerts limit 1"))[0]?.id,
  }),
  "alert.resolve": async () => ({ alert_id: (await api.query("select alert_id as id from alerts limit 1"))[0]?.id }),
  "budget.get": { slug: "b" },
  "budget.delete": { slug: "b" },
  "channel.get": { slug: "c" },
  "channel.delete": { slug: "c" },
  "channel.test": { slug: "c" },
  "delivery.retry": async () => ({ delivery_id: await anyDelivery() }),
  "approval.get": async () => ({ approval_id: await anyApproval() }),
  "approval.case": async () => ({ approval_id: await anyApproval() }),
  "approval.verdict": async () => ({ approval_id: await anyApproval(), verdict: "deny", reason: "r" }),
  "grant.get": async () => ({ grant_id: (await api.query("select id from approval_grants limit 1"))[0]?.id }),
  "grant.revoke": async () => ({ grant_id: (await api.query("select id from approval_grants limit 1"))[0]?.id }),
  "decision.get": async () => ({
    decision_id: (await api.query("select decision_id as id from decisions limit 1"))[0]?.id,
  }),
  "effect.settle": async () => ({
    effect_id: (await api.query("select effect_id as id from effects limit 1"))[0]?.id,
    done: true,
    reason: "r",
  }),
  "drill.get": async () => ({ drill_id: (await api.query("select drill_id as id from drills limit 1"))[0]?.id }),
  "drill.start": { agent_id: "home-agent", reason: "r" },
  "switch.propagation": async () => ({
    switch_id: (await api.query("select id from switches where environment_id = $1 limit 1", [home.environmentId]))[0]
      ?.id,
  }),
  "evaluation.post": { run_id: "home-run", name: "n", score: 1, evaluator: "e" },
  "checkpoint.save": { run_id: "home-run", step: 1, state_hash: "h", bytes: 1 },
  "checkpoint.verify": async () => ({
    checkpoint_id: (await api.post("/checkpoints", { run_id: "home-run", step: 1, state_hash: "h", bytes: 1 })).body
      .checkpoint_id,
    state_hash: "h",
  }),
  "checkpoint.list": { run_id: "home-run" },
  "canary.get": { slug: "c" },
  "canary.compare": { slug: "c" },
  "canary.delete": { slug: "c" },
  "release_checklist.delete": { runbook: "r" },
  "agent.compound": { agent_id: "home-agent" },
  "readiness.get": { agent_id: "home-agent" },
  "readiness.waive": { agent_id: "home-agent", check: "target", reason: "r", until: "2099-01-01" },
  "readiness.revoke_waiver": async () => ({
    waiver_id: (await api.query("select waiver_id as id from readiness_waivers limit 1"))[0]?.id,
    reason: "r",
  }),
  "target.get": { slug: "t" },
  "target.check": { slug: "t" },
  "target.delete": { slug: "t", reason: "r" },
  "target.screenshot": { slug: "t", bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  "target.get_screenshot": { slug: "t" },
  "incident.get": { incident_id: "INC-1" },
  "incident.timeline": { incident_id: "INC-1" },
  "incident.regression": { incident_id: "INC-1" },
  "incident.change": { incident_id: "INC-1", title: "t" },
  "incident.note": { incident_id: "INC-1", text: "t" },
  "incident.tick": { incident_id: "INC-1", effect_id: "e", verdict: "right" },
  "incident.close": { incident_id: "INC-1" },
};

const anyDelivery = async () => (await api.query("select delivery_id as id from deliveries limit 1"))[0]?.id;
const anyApproval = async () => (await api.query("select approval_id as id from approvals limit 1"))[0]?.id;
const call = (verb: Verb, ctx: Ctx, input: unknown) =>
  (verb as unknown as (c: Ctx, i: unknown) => Promise<Record<string, unknown>>)(ctx, input);
const as = (ctx: Ctx, actor: Ctx["actor"]): Ctx => ({ ...ctx, actor });

test("the table knows every write, and no write that is gone", () => {
  expect(
    verbs
      .filter((v) => v.kind === "write")
      .map((v) => v.action)
      .sort(),
  ).toEqual(Object.keys(WRITES).sort());
  expect(verbs.length).toBeGreaterThan(30);
});

test("every write and record refuses a viewer, and every verb refuses somebody without a role", async () => {
  const person = home.actor;
  if (person.type !== "person") throw new Error("a person was expected");
  for (const verb of verbs) {
    const own = verb.action === "person.change_password";
    if (verb.kind !== "read" && !own)
      await expect(call(verb, as(home, { ...person, roles: ["viewer"] }), {}), verb.action).rejects.toMatchObject({
        code: "forbidden",
      });
    await expect(call(verb, as(home, { ...person, roles: [] }), {}), verb.action).rejects.toMatchObject({
      code: "forbidden",
    });
  }
});

test("every verb names what is wrong with its input", async () => {
  for (const verb of verbs)
    await expect(
      call(verb, as(home, { type: "system", id: "t", name: "t" }), { no_such_key: 1 }),
      verb.action,
    ).rejects.toMatchObject({
      code: "invalid_input",
      errors: expect.arrayContaining([expect.objectContaining({ path: "no_such_key" })]),
    });
});

test("each write leaves exactly one audit row, and the chain holds", async () => {
  for (const [action, input] of Object.entries(WRITES)) {
    const verb = verbs.find((v) => v.action === action);
    if (!verb) throw new Error(action);
    const count = async () =>
      (await api.query("select count(*)::int as n from audit_rows where chain_id = $1", [home.environmentId]))[0]
        ?.n as number;
    const before = await count();
    const value = await call(verb, home, await input());
    expect([action, (await count()) - before]).toEqual([action, 1]);
    expect(value.audit_row, action).toBe(before + 1);
  }
  expect((await api.get("/audit/verify")).body).toMatchObject({ ok: true });
});

test("what belongs to another environment is not found", async () => {
  for (const [action, input] of Object.entries(FOREIGN)) {
    const verb = verbs.find((v) => v.action === action);
    if (!verb) throw new Error(action);
    const given = typeof input === "function" ? await input() : input;
    await expect(call(verb, as(far, { type: "system", id: "t", name: "t" }), given), action).rejects.toMatchObject({
      code: "not_found",
    });
  }
});

test("lists of another environment are empty", async () => {
  const key = await api.key(["read"], { environment: "far" });
  for (const path of [
    "/runs",
    "/agents",
    "/switches",
    "/drills",
    "/audit",
    "/channels",
    "/deliveries",
    "/failures",
    "/incidents",
    "/names?kind=task_type",
  ])
    expect((await api.get(path, { key })).body.items, path).toEqual([]);
});
