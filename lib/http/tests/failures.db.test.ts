import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CategoryShape, RuleShape } from "../../detectors/schema";
import type { Coverage, FailureDetail, RevisionShape, RunbookShape } from "../../failures/schema";
import { type Api, type Json, startApi } from "./harness";
import { type Person, person } from "./people";

let api: Api;
let door: typeof import("../../failures");
let ana: Person;
let home = "";
const YAML = { headers: { "content-type": "application/yaml" } };
beforeAll(async () => {
  api = await startApi();
  door = await import("../../failures");
  ana = await person(api, "ana", ["owner"]);
  home = await api.environment("production");
});
beforeEach(async () => {
  for (const table of [
    "failures",
    "failure_revisions",
    "failure_actuals",
    "detection_rules",
    "alerts",
    "data_seen",
    "notifications",
  ])
    await api.query(`delete from ${table}`);
});

type Options = Parameters<Api["put"]>[2];
const put = (slug: string, body: Json, options?: Options) => api.put(`/failures/${slug}`, body, options);
const adopt = (category: string, more: Json = {}) => api.post("/failures/adopt", { category, ...more });
const one = async (slug: string) => (await api.get(`/failures/${slug}`)).body as unknown as FailureDetail;
const list = async (query = "") => (await api.get(`/failures${query}`)).body.items as unknown as FailureDetail[];
const history = async (slug: string) =>
  (await api.get(`/failures/${slug}/revisions`)).body.items as unknown as RevisionShape[];
const rule = async (slug: string) => (await api.get(`/rules/${slug}`)).body as unknown as RuleShape;
const wrong = ({ status, body }: Awaited<ReturnType<Api["put"]>>) => [
  status,
  (body.errors as unknown as { path: string }[] | undefined)?.map((e) => e.path).join(),
];
const said = ({ body }: Awaited<ReturnType<Api["put"]>>) =>
  (body.errors as unknown as { message: string }[] | undefined)?.[0]?.message;
const DAY = 86_400_000;
const day = (from: number) => new Date(Date.now() + from * DAY).toISOString().slice(0, 10);
const later = (review_at = day(30)) => ({ when: "after_first_incident", reason: "no memory is shared yet", review_at });

describe("by status", () => {
  test("201 enters one in the words of its category, 200 reads, lists and changes it, 200 deletes it, 404 then", async () => {
    const made = await put("loops", { category: "runaway_loop" });
    expect([made.status, made.headers.get("etag")]).toEqual([201, '"1"']);
    const { items } = (await api.get("/catalogue")).body as unknown as { items: CategoryShape[] };
    const category = items.find((c) => c.slug === "runaway_loop");
    expect(made.body).toMatchObject({
      name: "Runaway loop",
      seen: null,
      symptom: category?.symptom,
      runbook: category?.runbook,
      stop_reasons: category?.stop_reasons,
      prediction: { text: category?.prediction, cost_usd: null },
      triage: { when: "pre_launch", overdue: false },
      state: "unwritten",
      missing: ["rule", "owner"],
      revision: 1,
    });
    const whole = {
      category: "runaway_loop",
      name: "Loops of triage",
      seen: { at: "2026-08-14T10:00:00+02:00", where: "research-agent", resolution: "exempt nothing" },
      prediction: { text: "a slow answer", cost_usd: 0.3, detect_minutes: 2 },
      triage: later("2099-01-31"),
      owner: "ana@example.com",
      runbook: { first: ["a", "b", "c"], then: [], verify: "quiet" },
      stop_reasons: ["loop_detected"],
      agents: ["triage-*"],
      note: "after the rehearsal",
    };
    const changed = await put("loops", whole);
    expect([changed.status, changed.body]).toMatchObject([
      200,
      {
        revision: 2,
        name: "Loops of triage",
        seen: { at: "2026-08-14T08:00:00.000Z" },
        owner: { name: "ana", email: "ana@example.com", problem: null },
        triage: { review_at: "2099-01-31" },
        runbook: { first: ["a", "b", "c"], verify: "quiet" },
      },
    ]);
    expect((await put("loops", whole)).body.revision).toBe(2);
    expect(await one("loops")).toMatchObject({ revision: 2, actuals: [] });
    expect((await list()).map((f) => f.slug)).toEqual(["loops"]);
    const gone = await api.call("DELETE", "/failures/loops", { reason: "merged into another" });
    expect([gone.status, gone.body]).toMatchObject([200, { deleted: true, rules_kept: [] }]);
    expect((await api.get("/failures/loops")).status).toBe(404);
    expect((await api.call("DELETE", "/failures/loops", { reason: "r" })).status).toBe(404);
    expect((await history("loops")).map((r) => [r.revision, r.change, r.note])).toEqual([
      [3, "deleted", "merged into another"],
      [2, "changed", "after the rehearsal"],
      [1, "created", null],
    ]);
    expect((await put("loops", { category: "runaway_loop" })).body.revision).toBe(4);
    const rows = await api.query(
      "select summary from audit_rows where target_type = 'failure' and target_id = 'loops' order by seq",
    );
    expect(rows.map((r) => r.summary)).toEqual([
      "entered failure loops",
      expect.stringMatching(/^changed name, .*owner.* of failure loops: after the rehearsal$/),
      "changed nothing of failure loops: after the rehearsal",
      "deleted failure loops: merged into another",
      "entered failure loops",
    ]);
  });

  test("200 filters by category, state, owner, triage, regime, what is missing and words, page by page", async () => {
    await put("a", { category: "runaway_loop", owner: ana.id, rule: { sentence: "identical_calls exceeding 3" } });
    await put("b", { category: "cost_spike", triage: later(), name: "The dear one" });
    await put("c", { category: "refusal" });
    const slugs = async (query: string) => (await list(query)).map((f) => f.slug).join();
    expect(await slugs("")).toBe("a,b,c");
    expect(await slugs("?category=cost_spike,refusal")).toBe("b,c");
    expect(await slugs("?state=blind")).toBe("a");
    expect(await slugs("?owner=ANA@example.com")).toBe("a");
    expect(await slugs("?owner=none")).toBe("b,c");
    expect(await slugs("?triage=after_first_incident")).toBe("b");
    expect(await slugs("?regime=single_call")).toBe("c");
    expect(await slugs("?missing=data")).toBe("a");
    expect(await slugs("?q=dear")).toBe("b");
    const first = (await api.get("/failures?limit=2")).body;
    expect([(first.items as unknown as Json[]).length, typeof first.next_cursor]).toEqual([2, "string"]);
    expect(await slugs(`?limit=2&cursor=${String(first.next_cursor)}`)).toBe("c");
    expect((await api.get("/failures?cursor=x")).status).toBe(422);
    expect((await api.get("/failures?state=lost")).status).toBe(422);
  });

  test("200 ?dry_run=true says what would change and keeps nothing", async () => {
    await put("a", { category: "refusal", name: "One" });
    const tried = await put("a?dry_run=true", { category: "refusal", name: "Two" });
    expect([tried.status, tried.body]).toEqual([
      200,
      { valid: true, revision: 1, changed: [{ field: "name", before: "One", after: "Two" }] },
    ]);
    expect((await put("new?dry_run=true", { category: "refusal" })).status).toBe(200);
    expect((await api.get("/failures/new")).status).toBe(404);
    const ruled = { category: "refusal", name: "One", rule: { sentence: "refusals exceeding 2" } };
    expect((await put("a?dry_run=true", ruled)).body.changed).toMatchObject([{ field: "rule a", before: null }]);
    expect(wrong(await put("a?dry_run=true", { ...ruled, rule: { sentence: "refusls exceeding 2" } }))).toEqual([
      422,
      "rule.sentence",
    ]);
    expect((await api.get("/rules/a")).status).toBe(404);
    expect((await one("a")).name).toBe("One");
    expect(wrong(await put("a?dry_run=true", { category: "refusal", owner: "the team" }))).toEqual([422, "owner"]);
  });

  test("403 without failures.write, by role and by scope; 404 in another environment", async () => {
    await put("a", { category: "refusal" });
    const viewer = (await person(api, "vera", ["viewer", "operator", "approver"])).session;
    const weak = { key: await api.key(["read", "agent", "operate"]) };
    for (const who of [viewer, weak]) {
      expect((await put("a", { category: "refusal" }, who)).status).toBe(403);
      expect((await put("a?dry_run=true", { category: "refusal" }, who)).status).toBe(403);
      expect((await api.call("DELETE", "/failures/a", { reason: "r" }, who)).status).toBe(403);
      expect((await api.post("/failures/adopt", { category: "refusal" }, who)).status).toBe(403);
      for (const path of ["/failures", "/failures/a", "/failures/coverage", "/failures/a/revisions"])
        expect((await api.get(path, who)).status, path).toBe(200);
    }
    expect((await put("mine", { category: "refusal" }, ana.session)).status).toBe(201);
    expect((await api.get("/failures", { key: await api.key(["agent"]) })).status).toBe(403);
    const far = { key: await api.key(["configure", "read"], { environment: "far" }) };
    expect((await api.get("/failures/a", far)).status).toBe(404);
    expect((await api.get("/failures/a/revisions", far)).status).toBe(404);
    expect((await api.call("DELETE", "/failures/a", { reason: "r" }, far)).status).toBe(404);
    expect((await api.get("/failures", far)).body.items).toEqual([]);
  });

  test("412 of a revision that is not the latest", async () => {
    const match = (revision: string) => ({ headers: { "if-match": revision } });
    expect((await put("a", { category: "refusal" }, match('"1"'))).status).toBe(412);
    expect((await put("a", { category: "refusal" }, match('"0"'))).status).toBe(201);
    expect((await put("a", { category: "refusal", name: "Two" }, match('"1"'))).status).toBe(200);
    const late = await put("a", { category: "refusal", name: "Three" }, match('"1"'));
    expect([late.status, late.body.code, late.body.revision]).toEqual([412, "precondition_failed", 2]);
    expect((await put("a", { category: "refusal" }, match("latest"))).status).toBe(412);
  });

  test("422 names the path", async () => {
    const bad = async (body: Json) => wrong(await put("bad", body));
    expect(await bad({ category: "runaway_lop" })).toEqual([422, "category"]);
    expect(said(await put("bad", { category: "runaway_lop" }))).toContain("Did you mean runaway_loop?");
    expect(await bad({})).toEqual([422, "category"]);
    expect(await bad({ category: "refusal", colour: "red" })).toEqual([422, "colour"]);
    expect(await bad({ category: "refusal", regime: "both" })).toEqual([422, "regime"]);
    expect(await bad({ category: "refusal", triage: { when: "after_first_incident" } })).toEqual([
      422,
      "triage.reason,triage.review_at",
    ]);
    expect(await bad({ category: "refusal", triage: { ...later(), reason: "  " } })).toEqual([422, "triage.reason"]);
    expect(await bad({ category: "refusal", triage: later("soon") })).toEqual([422, "triage.review_at"]);
    expect(await bad({ category: "refusal", triage: later(day(-2)) })).toEqual([422, "triage.review_at"]);
    expect(await bad({ category: "refusal", runbook: { first: ["one"], verify: "v" } })).toEqual([
      422,
      "runbook.first",
    ]);
    expect(await bad({ category: "refusal", stop_reasons: ["tired"] })).toEqual([422, "stop_reasons[0]"]);
    expect(await bad({ category: "refusal", seen: { at: "yesterday", where: "x" } })).toEqual([422, "seen.at"]);
    expect(await bad({ category: "refusal", prediction: { cost_usd: -1 } })).toEqual([422, "prediction.cost_usd"]);
    expect(await bad({ category: "refusal", rule: { sentence: "refusals a lot" } })).toEqual([422, "rule.sentence"]);
    expect(await bad({ category: "refusal", rule: { metric: "refusals" } })).toEqual([422, "rule.threshold"]);
    expect(await bad({ category: "refusal", rule: { sentence: "refusals exceeding 0", warn_threshold: 4 } })).toEqual([
      422,
      "rule.warn_threshold",
    ]);
    expect((await api.get("/rules/bad")).status).toBe(404);
    for (const name of ["coverage", "runbooks", "adopt", "Bad!"])
      expect((await put(name, { category: "refusal" })).status, name).toBe(422);
    expect(wrong(await adopt("nothing_like_it"))).toEqual([422, "category"]);
    await put("a", { category: "refusal" });
    expect(wrong(await api.call("DELETE", "/failures/a"))).toEqual([422, "reason"]);
    expect((await api.get("/failures/runbooks?stop_reason=tired")).status).toBe(422);
    expect((await api.get("/failures/coverage?x=1")).status).toBe(422);
  });
});

describe("an owner", () => {
  const own = async (owner: unknown) => {
    const answer = await put("a", { category: "refusal", owner } as Json);
    return answer.status === 422 ? [wrong(answer)[1], said(answer)] : answer.status;
  };
  test("422 is no team and no shared mailbox, and is told why", async () => {
    for (const owner of ["the team", "The Platform Team", "on-call", "everyone"])
      expect(await own(owner)).toEqual(["owner", expect.stringContaining("nobody in particular")]);
    for (const box of [
      "team",
      "ops",
      "support",
      "noreply",
      "no-reply",
      "sre+eu",
      "on.call",
      "platform-team",
      "eu.team",
    ])
      expect(await own(`${box}@example.com`), box).toEqual(["owner", expect.stringContaining("shared mailbox")]);
    await person(api, "platform-team", ["owner"]);
    expect(await own("platform-team@example.com")).toEqual(["owner", expect.stringContaining("shared mailbox")]);
  });
  test("422 is a person with a role here, who can sign in; 200 such a one by id or e-mail", async () => {
    expect(await own("nobody@example.com")).toEqual(["owner", expect.stringContaining("Nobody with a role")]);
    const bea = await person(api, "bea", ["viewer"]);
    expect(await own("BEA@example.com")).toBe(201);
    expect(await own(bea.id)).toBe(200);
    await api.query("update people set disabled_at = now() where id = $1", [bea.id]);
    expect(await one("a")).toMatchObject({ owner: { problem: "Can no longer sign in." }, missing: ["rule", "owner"] });
    // Who owns it already may stay while something else is changed.
    expect(await own(bea.id)).toBe(200);
    expect(wrong(await put("b", { category: "refusal", owner: bea.id }))).toEqual([422, "owner"]);
    const cleo = await person(api, "cleo", ["owner"]);
    await api.query("delete from memberships where person_id = $1", [cleo.id]);
    expect(await own(cleo.id)).toEqual(["owner", expect.stringContaining("Nobody with a role")]);
    expect(await own(null)).toBe(200);
  });
});

describe("a rule", () => {
  test("201 is written with the entry, in one transaction, and moves its state: written, armed, fired, blind", async () => {
    const sentence = "identical_calls exceeding 3 within 10 minutes for agent triage-bot";
    const whole = (mode: string) => ({ category: "runaway_loop", owner: ana.id, rule: { sentence, mode } });
    expect((await put("loops", whole("off"))).body).toMatchObject({
      state: "written",
      missing: ["arming"],
      rules: [{ slug: "loops", failure: "loops", category: "runaway_loop", threshold: 3, window_s: 600, mode: "off" }],
    });
    expect((await put("loops", whole("observe"))).body).toMatchObject({
      revision: 2,
      state: "blind",
      missing: ["data"],
    });
    await api.query("insert into data_seen values ($1, 'triage-bot', 'tools', now())", [home]);
    expect(await one("loops")).toMatchObject({ state: "armed", missing: [] });
    await alert("loops", "runaway_loop", "triage-bot");
    expect(await one("loops")).toMatchObject({ state: "fired", fired_at: expect.any(String), missing: [] });
    expect((await history("loops"))[0]?.changed).toMatchObject([
      { field: "rule loops", before: { mode: "off" }, after: { mode: "observe", sentence } },
    ]);
    await api.call("DELETE", "/failures/loops", { reason: "r" });
    expect(await rule("loops")).toMatchObject({ failure: null, mode: "observe" });
  });

  test("422 takes no rule of another entry or category, 200 writes another of its own", async () => {
    await adopt("runaway_loop");
    await put("mine", { category: "cost_spike" });
    const take = (slug: string, category = "cost_spike") =>
      put("mine", { category, rule: { slug, metric: "identical_calls", threshold: 9 } });
    expect(wrong(await take("runaway-identical"))).toEqual([422, "rule.slug"]);
    expect(wrong(await take("flapping"))).toEqual([422, "rule.slug"]);
    expect((await take("mine-too")).body).toMatchObject({
      revision: 2,
      rules: [{ slug: "mine-too", failure: "mine" }],
    });
    const tuned = { slug: "runaway-identical", metric: "identical_calls", threshold: 9, exempt_tools: ["queue.poll"] };
    const answer = await put("runaway_loop", { category: "runaway_loop", rule: tuned });
    expect(answer.status).toBe(200);
    expect(await rule("runaway-identical")).toMatchObject({
      threshold: 9,
      exempt_tools: ["queue.poll"],
      origin: "yours",
    });
  });
});

test("201 adopting is one click: as expected, its default rules its own; twice makes -2 and leaves the rules where they are", async () => {
  const first = await adopt("runaway_loop", { owner: "ana@example.com" });
  expect([first.status, first.body]).toMatchObject([
    201,
    { slug: "runaway_loop", seen: null, owner: { name: "ana" }, state: "blind", missing: ["data"] },
  ]);
  expect(first.body.linked_rules).toContain("runaway-identical");
  expect((first.body.rules as unknown as RuleShape[]).map((r) => r.slug).sort()).toEqual(
    [...(first.body.linked_rules as unknown as string[])].sort(),
  );
  const second = await adopt("runaway_loop");
  expect(second.body).toMatchObject({ slug: "runaway_loop-2", linked_rules: [], state: "unwritten" });
  expect((await rule("runaway-identical")).failure).toBe("runaway_loop");
  expect((await history("runaway_loop"))[0]).toMatchObject({ change: "adopted", revision: 1 });
  expect((await adopt("runaway_loop")).body.slug).toBe("runaway_loop-3");
  expect(wrong(await adopt("refusal", { owner: "ops@example.com" }))).toEqual([422, "owner"]);
  expect((await api.get("/failures/refusal")).status).toBe(404);
});

test("200 every revision says who changed what, newest first, page by page", async () => {
  await put("a", { category: "refusal", name: "One" });
  await put("a", { category: "refusal", name: "Two" }, ana.session);
  await put("a", { category: "refusal", name: "Two", impact: "none", note: "measured" });
  const all = await history("a");
  expect(all.map((r) => [r.revision, r.by.name, r.change, r.changed.map((c) => c.field).join()])).toEqual([
    [3, expect.any(String), "changed", "impact"],
    [2, "ana", "changed", "name"],
    [1, expect.any(String), "created", ""],
  ]);
  expect(all[1]?.changed).toEqual([{ field: "name", before: "One", after: "Two" }]);
  const page = (await api.get("/failures/a/revisions?limit=2")).body;
  const rest = await api.get(`/failures/a/revisions?limit=2&cursor=${String(page.next_cursor)}`);
  expect(rest.body.items).toMatchObject([{ revision: 1 }]);
  expect((await api.get("/failures/none/revisions")).status).toBe(404);
});

test("200 coverage says what is missing, and which failure would be noticed on which agent", async () => {
  await api.query("delete from agents");
  await api.query(
    `insert into agents (environment_id, agent_id, last_seen_at) values ($1, 'seeing', now()), ($1, 'dark', now() - interval '1 hour'), ($1, 'old', now() - interval '90 days')`,
    [home],
  );
  await api.query("insert into data_seen values ($1, 'seeing', 'tools', now())", [home]);
  await put("loops", { category: "runaway_loop", owner: ana.id, agents: ["seeing"] });
  await put("bare", { category: "memory_stale", runbook: null });
  await put("off", { category: "retry_storm", rule: { metric: "retries", threshold: 3, mode: "off" } });
  await alert("flapping", "tool_flapping", "seeing");
  const found = (await api.get("/failures/coverage")).body as unknown as Coverage;
  expect(found).toMatchObject({
    entries: 3,
    agents: ["seeing", "dark"],
    agents_left_off: 0,
    states: { unwritten: 2, written: 1, armed: 0, fired: 0, blind: 0 },
    needs_work: 3,
  });
  const cells = (category: string) => found.rows.find((r) => r.category === category)?.cells.join();
  expect(cells("runaway_loop")).toBe("armed,not_applicable");
  expect(cells("tool_flapping")).toBe("fired,blind");
  expect(cells("memory_stale")).toBe("no_rule,no_rule");
  expect(found.missing.filter((m) => m.failure === "bare").map((m) => m.what)).toEqual(["rule", "owner", "runbook"]);
  expect(found.missing.filter((m) => m.failure === "off").map((m) => m.what)).toEqual(["arming", "owner"]);
  expect(found.without_entry.map((c) => c.category)).toContain("tool_flapping");
  expect(found.without_entry.map((c) => c.category)).not.toContain("runaway_loop");
});

test("200 a stop reason has this environment's runbooks, else the catalogue's", async () => {
  const books = async (reason: string) =>
    (await api.get(`/failures/runbooks?stop_reason=${reason}`)).body.items as unknown as RunbookShape[];
  const shipped = await books("loop_detected");
  expect([shipped.length > 0, shipped.every((b) => b.source === "catalogue")]).toEqual([true, true]);
  await put("ours", {
    category: "runaway_loop",
    stop_reasons: ["loop_detected"],
    owner: ana.id,
    runbook: { first: ["stop it", "look", "tell"], verify: "quiet" },
  });
  await put("empty", { category: "no_progress", stop_reasons: ["loop_detected"], runbook: null });
  expect(await books("loop_detected")).toMatchObject([
    { source: "entry", slug: "ours", owner: "ana", runbook: { first: ["stop it", "look", "tell"] } },
  ]);
});

test("an overdue review is told once a day until somebody looks, and then that it is done", async () => {
  await put("a", { category: "refusal", owner: ana.id, triage: later() });
  await door.tellReviews();
  const told = () => api.query("select topic, event, dedupe_key, path from notifications order by at");
  expect(await told()).toEqual([]);
  await api.query("update failures set review_at = current_date - 1");
  expect(await one("a")).toMatchObject({
    triage: { overdue: true },
    missing: ["rule", "owner"].slice(0, 1).concat("review"),
  });
  await door.tellReviews();
  await door.tellReviews();
  expect(await told()).toEqual([
    { topic: "readiness", event: "opened", dedupe_key: "failure-review:a", path: "/failures/a" },
  ]);
  await api.query("update failures set review_told_on = current_date - 1");
  await door.tellReviews();
  expect((await told()).map((r) => r.event)).toEqual(["opened", "reminder"]);
  // What is overdue may be saved again as it is; a new day has to come.
  const now = (await one("a")).triage;
  const same = { when: now.when, reason: now.reason, review_at: now.review_at };
  expect((await put("a", { category: "refusal", owner: ana.id, triage: same, impact: "known" })).status).toBe(200);
  expect((await told()).length).toBe(2);
  await put("a", { category: "refusal", owner: ana.id, triage: later(day(60)) });
  expect((await told()).map((r) => r.event)).toEqual(["opened", "reminder", "resolved"]);
});

test("what an incident showed stands beside what had been predicted, and the entry is seen", async () => {
  const { inTransaction } = await import("../../platform/verb");
  const { systemCtx } = await import("../../platform/ctx");
  const body = {
    category: "runaway_loop",
    prediction: { text: "p", cost_usd: 0.3, detect_minutes: 2, impact: "slow" },
  };
  await put("loops", body);
  const ctx = systemCtx(home, "test");
  const record = (incident_id: string, more: Json = {}) =>
    inTransaction((tx) =>
      door.recordActual(tx, ctx, {
        slug: "loops",
        incident_id,
        rule_fired: true,
        minutes_early_or_late: -0.15,
        cost_usd: 0.4509,
        impact: "6 runs",
        changes: "threshold 15 to 3",
        ...more,
      }),
    );
  await record("inc_1");
  await put("loops", {
    ...body,
    prediction: { ...body.prediction, cost_usd: 9 },
    seen: { at: "2026-01-01T00:00:00Z", where: "x" },
  });
  await record("inc_2", { rule_fired: false, minutes_early_or_late: 5, cost_usd: null });
  expect((await one("loops")).actuals).toMatchObject([
    {
      incident_id: "inc_2",
      rule_fired: false,
      minutes_early_or_late: null,
      cost_usd: null,
      predicted: { cost_usd: 9 },
    },
    {
      incident_id: "inc_1",
      minutes_early_or_late: -0.15,
      cost_usd: 0.4509,
      predicted: { cost_usd: 0.3, detect_minutes: 2 },
    },
  ]);
  expect(await list()).toMatchObject([{ seen: { where: "x" }, last_actual: { incident_id: "inc_2" } }]);
  expect((await history("loops")).map((r) => r.change)).toEqual(["incident", "changed", "incident", "created"]);
  await expect(record("inc_3", { slug: "none" })).rejects.toMatchObject({ code: "not_found" });
  await expect(record("inc_3", { impact: " " })).rejects.toMatchObject({ code: "invalid_input" });
});

test("200 the export of an inventory and its rules, imported elsewhere, exports the same bytes; 422 names its place in the file", async () => {
  const text = async (key?: string) =>
    (await fetch(`${api.origin}/api/v1/export`, { headers: { authorization: `Bearer ${key ?? api.rootKey}` } })).text();
  await adopt("runaway_loop", { owner: "admin@example.com" });
  await put("mem", {
    category: "memory_stale",
    name: "Stale: yes",
    triage: later("2099-02-01"),
    seen: { at: "2026-08-14T10:00:00Z", where: "a\nb", resolution: "" },
    runbook: null,
    agents: ["a-*"],
    rule: {
      sentence: "the p95 of memory_writes exceeding 1.5 within 2 hours for each agent",
      warn_threshold: 1,
      actions: ["notify"],
    },
  });
  const here = await text();
  const far = await api.key(["configure", "read"], { environment: "far-inventory" });
  const send = (file: string, path = "/import") => api.call("POST", path, file, { ...YAML, key: far });
  const tried = await send(here, "/import?dry_run=true");
  expect(tried.body.changes).toEqual(
    expect.arrayContaining([
      { kind: "failure", id: "mem", change: "added" },
      { kind: "rule", id: "runaway-identical", change: "added" },
    ]),
  );
  expect((await send(here)).body.changes).toEqual(tried.body.changes);
  const { plantStarters } = await import("../../policies");
  await plantStarters();
  expect((await text(far)).slice((await text(far)).indexOf("failures:"))).toBe(here.slice(here.indexOf("failures:")));
  expect((await send(here)).body.changes).toEqual([]);
  const sentence =
    "rules: {mem: {category: memory_stale, failure: mem, sentence: the p95 of memory_writes exceeding 1.5 within 2 hours for each agent, warn_threshold: 1, actions: [notify]}}";
  expect((await send(`interlock: 1\n${sentence}\n`)).body.changes).toEqual([]);
  const bad =
    "interlock: 1\nfailures: {x: {category: refusal, owner: team@example.com}}\nrules: {y: {category: refusal, metric: refusals}}\n";
  expect(wrong(await send(bad))).toEqual([422, "failures.x.owner"]);
  expect(wrong(await send(bad.replace("team@example.com", "admin@example.com")))).toEqual([422, "rules.y.threshold"]);
  expect((await text(far)).includes("  x:")).toBe(false);
});

async function alert(slug: string, category: string, agentId: string): Promise<void> {
  await api.query(
    `insert into alerts (environment_id, alert_id, dedupe_key, rule, rule_name, sentence, category, metric, severity, mode, agent_id, value, threshold, first_at, last_at)
     values ($1, $2, $2, $3, $3, 's', $4, 'identical_calls', 'high', 'observe', $5, 9, 3, now(), now())`,
    [home, `al_${slug}`, slug, category, agentId],
  );
}
