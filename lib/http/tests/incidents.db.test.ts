import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { asking } from "./asking";
import { type Api, type Json, startApi } from "./harness";
import { admin, person } from "./people";

let api: Api;
let agent: ReturnType<typeof asking>;
let openIncidents: () => Promise<number>;
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
  ({ openIncidents } = await import("../../incidents"));
});
// Whether something has happened before is judged by what stands: each test begins with nothing.
beforeEach(async () => {
  for (const table of [
    "incidents",
    "incident_events",
    "incident_effects",
    "incident_runs",
    "alerts",
    "alert_runs",
    "alert_actions",
    "detection_rules",
    "failures",
    "failure_actuals",
    "failure_revisions",
    "notifications",
  ])
    await api.query(`delete from ${table}`);
});

type Incident = Json & {
  incident_id: string;
  revision: number;
  effects: { total: number; validated: number; items: Json[] };
  evidence: Json;
  checks: { check: string; met: boolean; says: string }[];
  missing: { path: string; message: string }[];
};
const open = async (body: Json = {}) => {
  const answer = await api.post("/incidents", { title: "It loops", severity: "high", ...body });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body as unknown as Incident;
};
const get = async (id: string) => (await api.get(`/incidents/${id}`)).body as unknown as Incident;
const patch = (id: string, body: Json, options?: Parameters<Api["call"]>[3]) =>
  api.call("PATCH", `/incidents/${id}`, body, options);
const pathsOf = (body: Json) => ((body.errors ?? []) as { path: string }[]).map((e) => e.path);
const timeline = async (id: string) =>
  (await api.get(`/incidents/${id}/timeline`)).body as unknown as { items: Json[]; left_off: number };
const told = () =>
  api.query(
    "select severity, event, title, text, dedupe_key, acknowledged from notifications where topic = 'incidents' order by at",
  );

let n = 0;
/** An agent that calls the same again and again, seen by spans; its alert. */
async function looping(agent_id = `looper-${++n}`): Promise<{ run_id: string; alert_id: string; agent_id: string }> {
  const { run_id } = await api.openRun({ agent_id });
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const spans = [0, 1, 2, 3, 4].map((k) => ({
    span_id: `s${k}`,
    kind: "tool",
    name: "search",
    tool: "search.read",
    args: { q: "outage" },
    result: { hits: [] },
    status: "ok",
    started_at: at(k),
    ended_at: at(k),
  }));
  await api.post("/spans", { run_id, spans });
  await api.detect();
  const { items } = (await api.get(`/alerts?run_id=${run_id}`)).body as unknown as { items: Json[] };
  const found = items.find((a) => a.rule === "runaway-consecutive");
  return { run_id, agent_id, alert_id: String(found?.alert_id) };
}
const armed = (more: Json = {}) =>
  api.put("/rules/runaway-consecutive", {
    category: "runaway_loop",
    sentence: "consecutive_identical_calls exceeding 2",
    severity: "high",
    mode: "act",
    actions: ["open_incident"],
    ...more,
  });
/** A run with a write that is done and one of which nobody knows. */
async function writing(): Promise<{ run_id: string; done: string; unknown: string }> {
  const run_id = await agent.ruled(`writer-${++n}`, { tools: { allow: ["*"] } });
  const done = await agent.call(
    run_id,
    { tool: "ticket.create", effect: "write", args: { n: 1 } },
    { effect: { external_id: "SUP-1", compensation: { tool: "ticket.close", args: { id: "SUP-1" } } } },
  );
  const unknown = await agent.call(
    run_id,
    { tool: "ticket.create", effect: "write", args: { n: 2 } },
    { status: "timeout" },
  );
  return { run_id, done: done.effect_id, unknown: unknown.effect_id };
}

describe("by status", () => {
  test("201 opens one by a person, with its place in the counting, evidence and message; 200 reads and lists it", async () => {
    const rita = await admin(api);
    const { run_id, alert_id } = await looping("named-agent");
    const made = await open({ alert_ids: [alert_id], commander: rita.id, title: "triage-bot waits" });
    expect(made).toMatchObject({
      title: "triage-bot waits",
      status: "open",
      category: "runaway_loop",
      agent_id: "named-agent",
      commander: { person_id: rita.id },
      from_alert: false,
      runs: 1,
      alerts: 1,
      unnamed: true,
      recurrence_of: null,
      evidence: { runs: 1, live: 1, rule_fired: true, agents: ["named-agent"] },
    });
    expect(made.incident_id).toMatch(/^INC-\d+$/);
    expect(Date.parse(String(made.started_at))).toBeLessThanOrEqual(Date.parse(String(made.detected_at)));
    const next = await open();
    expect(Number(next.incident_id.slice(4))).toBe(Number(made.incident_id.slice(4)) + 1);
    expect((await get(made.incident_id)).title).toBe("triage-bot waits");
    const page = (await api.get("/incidents?limit=1")).body as unknown as { items: Json[]; next_cursor: string };
    expect(page.items[0]?.incident_id).toBe(next.incident_id);
    const rest = (await api.get(`/incidents?limit=1&cursor=${page.next_cursor}`)).body as unknown as {
      items: Json[];
      next_cursor: null;
    };
    expect([rest.items[0]?.incident_id, rest.next_cursor]).toEqual([made.incident_id, null]);
    for (const query of [
      "severity=high",
      "category=runaway_loop",
      "agent_id=named-agent",
      "q=waits",
      `commander=${rita.id}`,
      "status=open,mitigated",
    ])
      expect(
        ((await api.get(`/incidents?${query}`)).body.items as unknown as Json[]).map((i) => i.incident_id),
        query,
      ).toContain(made.incident_id);
    expect((await api.get("/incidents?status=closed")).body.items).toEqual([]);
    expect((await api.get("/incidents/counts")).body).toMatchObject({ open: 2, closed: 0 });
    expect((await api.get(`/alerts/${alert_id}`)).body.incident_id).toBe(made.incident_id);
    expect((await told())[0]).toMatchObject({
      event: "opened",
      severity: "high",
      dedupe_key: `incident:${made.incident_id}`,
      text: expect.stringContaining("commands"),
    });
    expect((await api.get(`/runs/${run_id}`)).status).toBe(200);
  });

  test("401 without a key, 403 for who may not write, and for a bound key that names nothing of its own", async () => {
    const { incident_id } = await open();
    expect((await api.get("/incidents", { key: null })).status).toBe(401);
    const reader = { key: await api.key(["read"]) };
    const agentKey = { key: await api.key(["agent"]) };
    expect((await api.get("/incidents", agentKey)).status).toBe(403);
    for (const [method, path, body] of [
      ["POST", "/incidents", { title: "t", severity: "high" }],
      ["PATCH", `/incidents/${incident_id}`, { title: "t" }],
      ["POST", `/incidents/${incident_id}/close`, {}],
      ["POST", `/incidents/${incident_id}/notes`, { text: "t" }],
      ["POST", `/incidents/${incident_id}/effects/eff_1`, { verdict: "right" }],
    ] as const)
      expect((await api.call(method, path, body, reader)).status, path).toBe(403);
    const bound = { key: await api.key(["operate"], { agent_ids: ["other-*"] }) };
    expect((await api.post("/incidents", { title: "t", severity: "high" }, bound)).status).toBe(403);
    const { run_id } = await api.openRun({ agent_id: "mine" });
    expect((await api.post("/incidents", { title: "t", severity: "high", run_ids: [run_id] }, bound)).status).toBe(403);
    expect((await api.get(`/incidents/${incident_id}`, bound)).status).toBe(404);
    expect((await api.get("/incidents", bound)).body.items).toEqual([]);
  });

  test("404 for what is not there or another environment's, with the path of an alert or run that is not", async () => {
    const { incident_id } = await open();
    const far = { key: await api.key(["operate", "read"], { environment: "far" }) };
    for (const path of ["", "/timeline", "/regression"])
      expect((await api.get(`/incidents/${incident_id}${path}`, far)).status, path).toBe(404);
    expect((await patch(incident_id, { title: "x" }, far)).status).toBe(404);
    expect((await api.post(`/incidents/${incident_id}/close`, {}, far)).status).toBe(404);
    expect((await api.get("/incidents/INC-999999")).status).toBe(404);
    const gone = await api.post("/incidents", { title: "t", severity: "high", run_ids: ["no-run"] });
    expect([gone.status, pathsOf(gone.body)]).toEqual([404, ["run_ids[0]"]]);
    const none = await patch(incident_id, { alert_ids: ["al_none"] });
    expect([none.status, pathsOf(none.body)]).toEqual([404, ["alert_ids[0]"]]);
    expect((await api.post(`/incidents/${incident_id}/effects/eff_none`, { verdict: "right" })).status).toBe(404);
  });

  test("409 for an alert of another incident, a move that is none, a case that nobody wrote, and what is closed", async () => {
    const { alert_id } = await looping();
    const first = await open({ alert_ids: [alert_id] });
    const taken = await api.post("/incidents", { title: "t", severity: "high", alert_ids: [alert_id] });
    expect(taken).toMatchObject({ status: 409, body: { incident_id: first.incident_id } });
    await patch(first.incident_id, { status: "resolved" });
    expect((await patch(first.incident_id, { status: "mitigated" })).status).toBe(409);
    expect((await api.get(`/incidents/${first.incident_id}/regression`)).status).toBe(409);
    await patch(first.incident_id, { regression_case: { none: "no harness for it" } });
    expect((await api.get(`/incidents/${first.incident_id}/regression`)).body.detail).toContain("no harness for it");
    await api.query("update incidents set status = 'closed', closed_by = 'Rita'");
    expect((await patch(first.incident_id, { title: "x" })).status).toBe(409);
    expect((await api.post(`/incidents/${first.incident_id}/close`)).status).toBe(409);
    expect((await api.post(`/incidents/${first.incident_id}/effects/e`, { verdict: "right" })).status).toBe(409);
    expect((await api.post(`/incidents/${first.incident_id}/notes`, { text: "the customer has written" })).status).toBe(
      201,
    );
  });

  test("412 where somebody else has written since; 200 with the revision that was seen, in the ETag", async () => {
    const { incident_id, revision } = await open();
    const seen = await api.get(`/incidents/${incident_id}`);
    expect(seen.headers.get("etag")).toBe(`"${revision}"`);
    const with_ = (etag: string) => ({ headers: { "if-match": etag } });
    expect((await patch(incident_id, { title: "a" }, with_(`"${revision}"`))).body).toMatchObject({
      title: "a",
      revision: revision + 1,
    });
    expect(await patch(incident_id, { title: "b" }, with_(`"${revision}"`))).toMatchObject({
      status: 412,
      body: { revision: revision + 1 },
    });
    expect((await patch(incident_id, { title: "b" }, with_("nonsense"))).status).toBe(412);
  });

  test("422 names each thing by its path", async () => {
    const rita = await admin(api);
    const gone = await person(api, `gone-${++n}`, ["operator"]);
    await api.post(`/people/${gone.id}/disable`, {}, rita.session);
    const { incident_id } = await open();
    const future = new Date(Date.now() + 3_600_000).toISOString();
    const past = "2020-01-01T00:00:00Z";
    const wrong: [Json, string][] = [
      [{ nonsense: 1 }, "nonsense"],
      [{ severity: "info" }, "severity"],
      [{ status: "closed" }, "status"],
      [{ category: "no_such" }, "category"],
      [{ failure: "no-such" }, "failure"],
      [{ commander: "nobody@example.com" }, "commander"],
      [{ commander: gone.id }, "commander"],
      [{ started_at: future }, "started_at"],
      [{ stopped_at: future }, "stopped_at"],
      [{ stopped_at: past }, "stopped_at"],
      [{ post_mortem: { why: "" } }, "post_mortem.why"],
      [{ actual: { rule_fired: true } }, "actual.minutes_early_or_late"],
      [{ policy_change: {} }, "policy_change.policy_id"],
      [{ policy_change: { policy_id: "p", version: 1, none: "n" } }, "policy_change.policy_id"],
      [{ policy_change: { policy_id: "no-such", version: 1 } }, "policy_change.version"],
      [{ policy_change: { none: "  " } }, "policy_change.none"],
      [{ rule_change: { rule: "no-such" } }, "rule_change.rule"],
      [
        { regression_case: { name: "x", inject: "earthquake", expect_stop_reason: "success" } },
        "regression_case.inject",
      ],
      [{ regression_case: { name: "x", inject: "timeout" } }, "regression_case.expect_stop_reason"],
    ];
    for (const [body, path] of wrong) {
      const answer = await patch(incident_id, body);
      expect([answer.status, pathsOf(answer.body)], JSON.stringify(body)).toEqual([
        422,
        expect.arrayContaining([path]),
      ]);
    }
    const made = await api.post("/incidents", { severity: "high", started_at: "yesterday" });
    expect([made.status, pathsOf(made.body).sort()]).toEqual([422, ["started_at", "title"]]);
    expect((await api.post("/incidents", { title: " ", severity: "high" })).status).toBe(422);
    expect((await api.get("/incidents?cursor=x")).status).toBe(422);
    expect((await api.get("/incidents/metrics?days=0")).status).toBe(422);
    expect((await api.post(`/incidents/${incident_id}/notes`, { text: "" })).status).toBe(422);
    expect((await api.get(`/incidents/${incident_id}?x=1`)).status).toBe(422);
  });
});

describe("opened by a rule", () => {
  test("two workers at once open one, with its message; the alert says so", async () => {
    await armed();
    const { alert_id } = await looping();
    const counts = await Promise.all([openIncidents(), openIncidents(), openIncidents()]);
    expect(counts.reduce((a, b) => a + b)).toBe(1);
    const { items } = (await api.get("/incidents")).body as unknown as { items: Json[] };
    expect(items).toMatchObject([{ from_alert: true, severity: "high", category: "runaway_loop", commander: null }]);
    const id = String(items[0]?.incident_id);
    expect((await api.get(`/alerts/${alert_id}`)).body).toMatchObject({
      incident_id: id,
      actions_taken: [{ action: "open_incident", taken: true, note: `${id} opened.` }],
    });
    expect(await told()).toMatchObject([{ event: "opened", title: expect.stringContaining(`${id}: `) }]);
    const rows = await api.query(
      "select actor_type, summary from audit_rows where action = 'incident.open' and target_id = $1",
      [id],
    );
    expect(rows).toMatchObject([{ actor_type: "system" }]);
    expect(await openIncidents()).toBe(0);
  });

  test("a crash leaves nothing half done: the action waits, and no incident stands", async () => {
    await armed();
    const { alert_id } = await looping();
    const { inTransaction } = await import("../../platform/verb");
    const { pendingIncidents, settleAction } = await import("../../alerts");
    await inTransaction(async (tx) => {
      for (const p of await pendingIncidents(tx)) await settleAction(tx, p, true, "opened");
      throw new Error("the power went");
    }).catch(() => undefined);
    expect((await api.get("/incidents")).body.items).toEqual([]);
    expect(await openIncidents()).toBe(1);
    expect((await api.get(`/alerts/${alert_id}`)).body.incident_id).toMatch(/^INC-/);
  });

  test("what fires for the same category and agent joins the one that stands open, and makes it worse; once it is resolved it is a new one", async () => {
    await armed();
    const { agent_id } = await looping();
    await openIncidents();
    const [first] = (await api.get("/incidents")).body.items as unknown as Incident[];
    await api.put("/rules/worse", {
      category: "runaway_loop",
      sentence: "steps exceeding 0",
      severity: "critical",
      mode: "act",
      actions: ["open_incident"],
    });
    await api.query(
      `insert into alerts (environment_id, alert_id, dedupe_key, rule, rule_name, sentence, category, metric, severity, mode, agent_id, value, threshold, first_at, last_at)
       select environment_id, 'al_worse', 'worse', 'worse', 'Worse', 's', 'runaway_loop', 'steps', 'critical', 'act', $1, 9, 1, now(), now() from alerts limit 1`,
      [agent_id],
    );
    await api.query(
      "insert into alert_actions (environment_id, alert_id, action, state) select environment_id, 'al_worse', 'open_incident', 'pending' from alerts where alert_id = 'al_worse'",
    );
    await Promise.all([openIncidents(), openIncidents()]);
    const id = String(first?.incident_id);
    expect(await get(id)).toMatchObject({ severity: "critical", alerts: 2 });
    expect((await told()).map((t) => t.event)).toEqual(["opened", "updated"]);
    await patch(id, { status: "resolved" });
    expect((await api.get(`/alerts?incident_id=${id}&state=open`)).body.items).toEqual([]);
    await looping(agent_id);
    await openIncidents();
    expect((await api.get("/incidents")).body.items).toHaveLength(2);
  });

  test("one that cannot be opened holds up no other, and its alert says why", async () => {
    await armed();
    const broken = await looping();
    await api.query(`alter table incidents add constraint broken check (agent_id <> '${broken.agent_id}')`);
    const sound = await looping();
    expect(await openIncidents()).toBe(2);
    await api.query("alter table incidents drop constraint broken");
    expect((await api.get(`/alerts/${broken.alert_id}`)).body).toMatchObject({
      incident_id: null,
      actions_taken: [{ taken: false, note: expect.stringContaining("It could not be opened") }],
    });
    expect((await api.get(`/alerts/${sound.alert_id}`)).body.incident_id).toMatch(/^INC-/);
  });

  test("a rule that observes opens none", async () => {
    await armed({ mode: "observe" });
    await looping();
    expect(await openIncidents()).toBe(0);
  });
});

describe("what has happened before", () => {
  const again = () => open({ category: "runaway_loop" });
  test("the category once more, with no rule written or changed between, is a recurrence; its message says so", async () => {
    const first = await again();
    expect(first).toMatchObject({ recurrence_of: null });
    const second = await again();
    expect(second).toMatchObject({ recurrence_of: first.incident_id });
    expect((await told())[1]?.text).toContain(`as ${first.incident_id}, and no rule of runaway_loop was written`);
    expect(second.checks.find((c) => c.check === "rule_change")?.says).toBe(`No new rule since ${first.incident_id}`);
    await armed();
    expect(await again()).toMatchObject({ recurrence_of: null });
    expect(await open({ category: "cost_spike" })).toMatchObject({ recurrence_of: null });
    // A rule that is changed again later is still one that was changed in between.
    const fourth = await open();
    await armed({ severity: "critical" });
    expect((await patch(fourth.incident_id, { category: "runaway_loop" })).body).toMatchObject({
      recurrence_of: expect.stringMatching(/^INC-/),
    });
  });

  test("a cause that nobody had named is said; one that had an entry before is not", async () => {
    expect(await again()).toMatchObject({ unnamed: true });
    await api.post("/failures/adopt", { category: "runaway_loop" });
    expect(await again()).toMatchObject({ unnamed: false });
    const later = await open();
    await api.post("/failures/adopt", { category: "cost_spike" });
    expect((await patch(later.incident_id, { failure: "cost_spike" })).body).toMatchObject({
      unnamed: true,
      category: "cost_spike",
      failure: "cost_spike",
    });
  });
});

describe("side effects", () => {
  test("every write of its runs, and of what they started, is ticked one by one, with who and when; a tick can be taken back", async () => {
    const w = await writing();
    const child = await api.openRun({ parent_run_id: w.run_id, agent_id: `writer-${n}` });
    await agent.call(child.run_id, { tool: "mail.send", effect: "write", args: {} });
    const { incident_id, effects } = await open({ run_ids: [w.run_id] });
    expect(effects).toMatchObject({ total: 3, validated: 0 });
    const item = (all: Json[], id: string) => all.find((e) => e.effect_id === id);
    expect(item(effects.items, w.done)).toMatchObject({
      status: "done",
      external_id: "SUP-1",
      compensation: { tool: "ticket.close", args_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      tick: null,
      validated: false,
    });
    expect(item(effects.items, w.unknown)).toMatchObject({ status: "unknown", compensation: null });
    const tick = (id: string, body: Json) => api.post(`/incidents/${incident_id}/effects/${id}`, body);
    expect((await tick(w.done, { verdict: "compensated", note: "closed by hand" })).body).toMatchObject({
      effect: {
        validated: true,
        tick: { verdict: "compensated", note: "closed by hand", by: expect.any(String), status: "done" },
      },
      total: 3,
      validated: 1,
    });
    await tick(w.unknown, { verdict: "not_done" });
    expect((await tick(w.done, { verdict: null })).body).toMatchObject({ effect: { tick: null }, validated: 1 });
    expect((await tick(w.done, { verdict: "wrong" })).status).toBe(422);
    // What the ledger learns later is looked at again.
    await api.post(`/effects/${w.unknown}/settle`, { done: true, external_id: "SUP-2", reason: "found it" });
    const after = await get(incident_id);
    expect(item(after.effects.items, w.unknown)).toMatchObject({
      status: "done",
      validated: false,
      tick: { status: "unknown" },
    });
    expect(after.effects.validated).toBe(0);
    const rows = await api.query(
      "select summary from audit_rows where action = 'incident.tick' and target_id = $1 order by seq",
      [incident_id],
    );
    expect(rows.map((r) => r.summary)).toEqual([
      `said of ${incident_id} that ticket.create SUP-1 is compensated: closed by hand`,
      `said of ${incident_id} that ticket.create did not happen`,
      `said of ${incident_id} that ticket.create SUP-1 is to be looked at again`,
    ]);
  });
});

test("the timeline is made of what happened: alert, run, refusal, switch, effect, moves; people add notes to it", async () => {
  const { run_id, alert_id } = await looping();
  const w = await writing();
  await agent.ask(w.run_id, { tool: "unknown.tool", capability: "nope", args: {} });
  const made = await open({ alert_ids: [alert_id], run_ids: [w.run_id] });
  await api.post(`/alerts/${alert_id}/acknowledge`, { note: "same as before" });
  const sw = await api.post("/switches", { scope: { kind: "run", key: run_id }, mode: "stop", reason: "it loops" });
  await api.post(`/runs/${run_id}/finish`, { stop_reason: "kill_switch" });
  await api.post(`/switches/${String(sw.body.switch_id)}/release`, { reason: "over" });
  await api.post(`/incidents/${made.incident_id}/notes`, { text: "Jira's index is 6 minutes behind" });
  await patch(made.incident_id, { status: "mitigated" });
  const { items, left_off } = await timeline(made.incident_id);
  expect(left_off).toBe(0);
  expect(items.map((i) => String(i.at))).toEqual(items.map((i) => String(i.at)).toSorted());
  const said = items.map((i) => `${String(i.kind)}: ${String(i.what)}`);
  for (const what of [
    "alert: Acknowledged",
    `run: ${run_id} began`,
    `run: ${run_id} stopped`,
    `switch: STOPPED, run ${run_id}`,
    `switch: Obeyed: STOPPED, run ${run_id}`,
    `switch: Released: run ${run_id}`,
    "effect: ticket.create done, SUP-1",
    "effect: ticket.create unknown",
    `incident: ${made.incident_id} opened`,
    `incident: ${made.incident_id} is mitigated`,
    "note: Jira's index is 6 minutes behind",
  ])
    expect(said, what).toContain(what);
  expect(items.find((i) => i.kind === "alert")).toMatchObject({
    tone: "alert",
    mono: expect.stringContaining("consecutive_identical_calls"),
    path: `/alerts/${alert_id}`,
  });
  expect(
    items.find((i) => i.what === `run: ${run_id} stopped` || (i.kind === "run" && i.mono === "kill_switch")),
  ).toBeTruthy();
});

test("it counts as stopped when its runs had ended or a switch over them was obeyed; a person may say otherwise", async () => {
  const { run_id } = await api.openRun({});
  const made = await open({ run_ids: [run_id] });
  expect(made.evidence).toMatchObject({ live: 1, stopped_at: null });
  await api.post(`/runs/${run_id}/finish`, { stop_reason: "loop_detected" });
  const [run] = await api.query("select ended_at::text as iso from runs where run_id = $1", [run_id]);
  const ended = new Date(String(run?.iso)).toISOString();
  expect((await get(made.incident_id)).evidence).toMatchObject({
    live: 0,
    stopped_at: ended,
    stopped_by: "its runs had ended",
    stop_reasons: [{ stop_reason: "loop_detected", runs: 1 }],
  });
  expect((await patch(made.incident_id, { status: "mitigated" })).body).toMatchObject({
    status: "mitigated",
    stopped_at: ended,
  });
  expect((await patch(made.incident_id, { status: "open" })).body).toMatchObject({ stopped_at: null });
  const said = new Date().toISOString();
  expect((await patch(made.incident_id, { status: "resolved", stopped_at: said })).body).toMatchObject({
    stopped_at: said,
    resolved_at: expect.any(String),
  });
});

test("people are told that it opened, became worse, has a commander, and is over", async () => {
  const rita = await admin(api);
  const { incident_id } = await open({ severity: "warning" });
  await patch(incident_id, { severity: "critical" });
  await patch(incident_id, { severity: "high" });
  await patch(incident_id, { commander: rita.id });
  await patch(incident_id, { commander: rita.id, title: "renamed" });
  await patch(incident_id, { status: "resolved" });
  expect(await told()).toMatchObject([
    {
      event: "opened",
      severity: "warning",
      acknowledged: false,
      text: expect.stringContaining("Nobody commands yet."),
    },
    { event: "updated", severity: "critical", title: expect.stringContaining("is critical now") },
    { event: "updated", severity: "high", acknowledged: true, title: expect.stringContaining("commands") },
    { event: "resolved", severity: "high" },
  ]);
});

describe("closing", () => {
  const POLICY = { tools: { allow: ["x"] } };
  test("422 names every missing thing by its path, until nothing is missing; then it stands, and its entry has the actual", async () => {
    const rita = await admin(api);
    const w = await writing();
    await api.post("/failures/adopt", { category: "runaway_loop", owner: rita.id });
    const { incident_id: id } = await open({ run_ids: [w.run_id] });
    const close = async () => {
      const answer = await api.post(`/incidents/${id}/close`);
      return { status: answer.status, paths: pathsOf(answer.body), body: answer.body };
    };
    const all = [
      "commander",
      `effects[${w.done}]`,
      `effects[${w.unknown}]`,
      "status",
      "failure",
      "actual",
      "post_mortem.what_happened",
      "post_mortem.root_cause",
      "post_mortem.what_helped",
      "post_mortem.what_hindered",
      "policy_change",
      "rule_change",
      "regression_case",
    ];
    expect(await close()).toMatchObject({ status: 422, paths: all });
    expect((await get(id)).missing.map((m) => m.path)).toEqual(all);
    await api.put("/policies/after", POLICY);
    await armed();
    const steps: [() => Promise<unknown>, string[]][] = [
      [() => patch(id, { commander: rita.id }), ["commander"]],
      [() => patch(id, { status: "resolved" }), ["status"]],
      [() => patch(id, { failure: "runaway_loop" }), ["failure"]],
      [() => api.post(`/incidents/${id}/effects/${w.done}`, { verdict: "right" }), [`effects[${w.done}]`]],
      [() => api.post(`/incidents/${id}/effects/${w.unknown}`, { verdict: "not_done" }), [`effects[${w.unknown}]`]],
      [
        () =>
          patch(id, {
            actual: {
              rule_fired: true,
              minutes_early_or_late: -0.15,
              cost_usd: 2.38,
              impact: "6 tickets",
              changes: "threshold 15 to 3",
            },
          }),
        ["actual"],
      ],
      [
        () => patch(id, { post_mortem: { what_happened: "It searched.", root_cause: "The index was behind." } }),
        ["post_mortem.what_happened", "post_mortem.root_cause"],
      ],
      [
        () => patch(id, { post_mortem: { what_helped: "One key.", what_hindered: "The rule observed." } }),
        ["post_mortem.what_helped", "post_mortem.what_hindered"],
      ],
      [() => patch(id, { policy_change: { policy_id: "after", version: 1 } }), ["policy_change"]],
      [() => patch(id, { rule_change: { rule: "runaway-consecutive" } }), ["rule_change"]],
    ];
    let left = all;
    for (const [step, gone] of steps) {
      await step();
      left = left.filter((path) => !gone.includes(path));
      expect(await close()).toMatchObject({ status: 422, paths: left });
    }
    expect(
      (
        await patch(id, {
          regression_case: {
            name: "empty-search",
            inject: "empty_success",
            tool: "search.read",
            expect_stop_reason: "loop_detected",
            notes: "n",
          },
        })
      ).body,
    ).toMatchObject({ missing: [] });
    const yaml = await api.get(`/incidents/${id}/regression`);
    expect(yaml.headers.get("content-type")).toBe("application/yaml");
    const json = await api.get(`/incidents/${id}/regression?format=json`);
    expect(json.body).toEqual(parse(String(yaml.body.text)));
    expect(parse(String(yaml.body.text))).toEqual({
      suite: "incidents",
      tasks: [
        {
          task: "empty-search",
          incident: id,
          category: "runaway_loop",
          agent_id: `writer-${n}`,
          task_type: "task",
          inject: [{ fault: "empty_success", tool: "search.read" }],
          expect: { stop_reason: "loop_detected" },
          notes: "n",
          made_from: [w.run_id],
        },
      ],
    });
    expect(await close()).toMatchObject({
      status: 200,
      body: {
        status: "closed",
        closed_by: expect.any(String),
        rule_change: { rule: "runaway-consecutive", revision: 2 },
      },
    });
    expect((await api.get("/failures/runaway_loop")).body).toMatchObject({
      actuals: [
        { incident_id: id, rule_fired: true, minutes_early_or_late: -0.15, cost_usd: 2.38, impact: "6 tickets" },
      ],
      seen: { where: id },
    });
    const metrics = (await api.get("/incidents/metrics?days=7")).body;
    expect(metrics).toMatchObject({
      incidents: 1,
      open: 0,
      to_detect: { incidents: 1 },
      to_stop: { incidents: 1 },
      to_resolve: { incidents: 1, median_s: expect.any(Number), p90_s: expect.any(Number) },
      categories: [{ category: "runaway_loop", incidents: 1 }],
      gaps: [{ incident_id: id, minutes_early_or_late: -0.15, cost_usd: 2.38 }],
    });
  });

  test("reasons do where nothing changes; what is older than the incident is no change", async () => {
    await armed();
    await api.put("/policies/before", POLICY);
    const { incident_id: id } = await open();
    expect(pathsOf((await patch(id, { rule_change: { rule: "runaway-consecutive" } })).body)).toEqual([
      "rule_change.rule",
    ]);
    expect(pathsOf((await patch(id, { policy_change: { policy_id: "before", version: 1 } })).body)).toEqual([
      "policy_change.version",
    ]);
    await armed();
    expect(pathsOf((await patch(id, { rule_change: { rule: "runaway-consecutive", revision: 1 } })).body)).toEqual([
      "rule_change.revision",
    ]);
    const none = { none: "the vendor mended it" };
    const said = await patch(id, { rule_change: none, policy_change: none, regression_case: none });
    expect(said.body).toMatchObject({ rule_change: none, policy_change: none, regression_case: none });
    expect((await patch(id, { rule_change: null })).body.rule_change).toBeNull();
  });

  test("an entry that is gone again is missing again", async () => {
    await api.post("/failures/adopt", { category: "runaway_loop" });
    const { incident_id: id } = await open({ failure: "runaway_loop" });
    expect((await get(id)).missing.map((m) => m.path)).not.toContain("failure");
    await api.call("DELETE", "/failures/runaway_loop", { reason: "r" });
    expect((await get(id)).missing.map((m) => m.path)).toContain("failure");
  });
});
