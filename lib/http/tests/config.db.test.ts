import { beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "./harness";

let api: Api;
const YAML = { headers: { "content-type": "application/yaml" } };
beforeAll(async () => {
  api = await startApi();
});
const exported = async (key?: string): Promise<string> => {
  const answer = await fetch(`${api.origin}/api/v1/export`, {
    headers: { authorization: `Bearer ${key ?? api.rootKey}` },
  });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/yaml"]);
  return answer.text();
};

const POLICY = `# why: incident 31
policy_id: triage
state: observe
bindings:
  - agent_id: triage-bot # only this one
tools:
  allow: [search.read, ticket.create]
budgets: { max_usd: 0.6 }
`;

test("200 the export of an environment, imported into another, exports the same bytes", async () => {
  expect((await api.call("PUT", "/policies/triage", POLICY, YAML)).status).toBe(200);
  expect(
    (await api.put("/policies/json-one", { bindings: [{ tenant_id: "acme" }], capabilities: ["read:x"] })).status,
  ).toBe(200);
  expect((await api.put("/policies/old", { state: "retired", capabilities: [] })).status).toBe(200);
  await api.put("/budgets/day", {
    scope: { kind: "environment" },
    metric: "usd",
    amount: 12.345678,
    soft: { at: 0.8, then: "safe_mode" },
    note: "per day",
  });
  await api.put("/budgets/errors", {
    scope: { kind: "task_type", key: "triage" },
    metric: "error_rate",
    amount: 0.03,
    window: "month",
    hard: false,
  });
  await api.put("/prices/our-model", { input_usd: 1.5, output_usd: 2.25 });
  await api.put("/control/settings", { ttl_s: 77, safe_mode_tools: ["kb.read"] });
  const text = await exported();
  expect(text).toContain("# only this one");

  const far = await api.key(["configure", "read"], { environment: "far" });
  const { plantStarters } = await import("../../policies");
  await plantStarters();
  const tried = await api.call("POST", "/import?dry_run=true", text, { ...YAML, key: far });
  expect([tried.status, tried.body.changes]).toEqual([
    200,
    expect.arrayContaining([{ kind: "policy", id: "triage", change: "added" }]),
  ]);
  expect((await exported(far)).includes("triage")).toBe(false);
  const done = await api.call("POST", "/import", text, { ...YAML, key: far });
  expect([done.status, done.body.changes]).toEqual([200, tried.body.changes]);
  expect(await exported(far)).toBe(text);
  const again = await api.call("POST", "/import", text, { ...YAML, key: far });
  expect(again.body.changes).toEqual([]);
});

const CHANNELS = {
  "/channels/slack": { kind: "slack", name: "On call", url: "https://hooks.slack.com/services/T0/B0/slack-token" },
  "/channels/hub": {
    kind: "webhook",
    name: "Hub",
    url: "https://hub.example.com/in?token=query-token",
    topics: ["alerts"],
  },
  "/channels/pager": { kind: "pagerduty", name: "Pager", routing_key: "routing-key-0001", min_severity: "high" },
  "/channels/eu": {
    kind: "pagerduty",
    name: "Pager EU",
    routing_key: "routing-key-0002",
    url: "https://events.eu.pagerduty.com/v2/enqueue",
    enabled: false,
  },
  "/channels/mail": { kind: "email", name: "Mail", to: ["ana@example.com"], agent_ids: ["triage-*"] },
};
const PROBES = [
  { name: "opens a ticket", type: "write-validate", max_latency_ms: 4000 },
  { name: "front", type: "http", url: "https://front.example.com/health", expected_status: 204, interval_s: 120 },
];
const MEASURES = {
  "/targets/front": {
    name: "Front",
    url: "https://front.example.com",
    expected_marker: { kind: "json_path", name: "env.name", value: "production" },
    agent_ids: ["triage-bot"],
    service: { deployment_env: "production" },
  },
  "/targets/plain": { name: "Plain", url: "https://p.example.com/", expected_marker: { kind: "body", value: "live" } },
  "/release-checklists/triage": { agent_ids: ["triage-*"], probes: PROBES, note: "before each release" },
  "/canaries/triage-2": {
    agent_id: "triage-bot",
    baseline_version: "1",
    canary_version: "2",
    percent_traffic: 12.5,
    probes: PROBES,
  },
  "/canaries/over": {
    agent_id: "triage-bot",
    baseline_version: "0",
    canary_version: "1",
    percent_traffic: 5,
    started_at: "2026-01-01T00:00:00.000Z",
    ended_at: "2026-01-02T00:00:00.000Z",
  },
  "/evaluators/judge": {
    url: "https://judge.example.com/score",
    task_types: ["triage"],
    sample: 0.25,
    note: "a quarter",
  },
};

test("200 channels without their secrets, targets, checklists, canaries and evaluators come along, byte by byte", async () => {
  for (const [path, body] of Object.entries({ ...CHANNELS, ...MEASURES }))
    expect([path, Math.floor((await api.put(path, body)).status / 100)]).toEqual([path, 2]);
  const text = await exported();
  expect(text).not.toMatch(/slack-token|query-token|routing-key|hooks\.slack|ilw_|over:/);
  expect(text).toContain("percent_traffic: 12.5");

  const key = await api.key(["configure", "read"], { environment: "moved" });
  const { plantStarters } = await import("../../policies");
  await plantStarters();
  const done = await api.call("POST", "/import", text, { ...YAML, key });
  expect(done.body.changes).toEqual(
    expect.arrayContaining(
      [
        ["channel", "slack"],
        ["channel", "mail"],
        ["target", "front"],
        ["checklist", "triage"],
        ["canary", "triage-2"],
        ["evaluator", "judge"],
      ].map(([kind, id]) => ({ kind, id, change: "added" })),
    ),
  );
  expect(await exported(key)).toBe(text);
  expect((await api.call("POST", "/import", text, { ...YAML, key })).body.changes).toEqual([]);
  expect((await api.call("POST", "/import", text, YAML)).body.changes).toEqual([]);
});

test("200 an imported channel that needs a secret sends nothing until it has one; one that is known keeps its own", async () => {
  const key = await api.key(["configure", "read"], { environment: "moved" });
  const { openChannels } = await import("../../notifications/store/channels");
  const { sql } = await import("../../platform/db/pool");
  const open = async () => (await openChannels(sql(), [await api.environment("moved")])).map((c) => c.slug).sort();
  const problem = async (slug: string) => (await api.get(`/channels/${slug}`, { key })).body.problem;
  expect(await open()).toEqual(["mail"]);
  for (const slug of ["slack", "hub", "pager"]) expect(await problem(slug)).toContain("It needs its secret");
  expect((await api.post("/channels/pager/test", {}, { key })).body).toMatchObject({ state: "dead" });
  expect((await api.put("/channels/slack", { kind: "slack", name: "On call" }, { key })).status).toBe(422);
  const set = await api.put("/channels/hub", { kind: "webhook", name: "Hub", topics: ["alerts"] }, { key });
  expect(set.body).toMatchObject({ url: "https://hub.example.com/in", problem: null, secret: expect.any(String) });
  expect(await open()).toEqual(["hub", "mail"]);

  const sealed = async () =>
    (
      await api.query("select sealed from channels where environment_id = $1 order by slug", [
        await api.environment("production"),
      ])
    ).map((r) => String(r.sealed));
  const before = await sealed();
  const renamed = (await exported()).replace("name: On call", "name: Woken at night");
  expect((await api.call("POST", "/import", renamed, YAML)).body.changes).toEqual([
    { kind: "channel", id: "slack", change: "changed" },
  ]);
  expect(await sealed()).toEqual(before);
  expect((await api.get("/channels/slack")).body).toMatchObject({ name: "Woken at night", secret_tail: "oken" });
});

test("422 a secret has no place in the file, an owner who is unknown refuses all of it; each by its path", async () => {
  const before = await exported();
  const errors = async (body: string) => (await api.call("POST", "/import", `interlock: 1\n${body}`, YAML)).body.errors;
  const paths = async (body: string) => ((await errors(body)) as unknown as { path: string }[]).map((e) => e.path);
  expect(await paths("channels: {s: {kind: slack, name: S, url: 'https://hooks.slack.com/x'}}")).toEqual([
    "channels.s.url",
  ]);
  expect(await paths("channels: {p: {kind: pagerduty, name: P, routing_key: abcdefgh}}")).toEqual([
    "channels.p.routing_key",
  ]);
  expect(await paths("channels: {w: {kind: webhook, name: W, url: 'https://x.example.com/?t=1'}}")).toEqual([
    "channels.w.url",
  ]);
  expect(await paths("channels: {m: {kind: email, name: M}}")).toEqual(["channels.m.to"]);
  expect(await paths("targets: {T: {name: T, url: 'https://x', expected_marker: {kind: body, value: v}}}")).toEqual([
    "targets.T.slug",
  ]);
  expect(await paths("checklists: {c: {probes: []}}")).toEqual(["checklists.c.probes"]);
  expect(
    await paths("canaries: {c: {agent_id: a, baseline_version: v, canary_version: v, percent_traffic: 1}}"),
  ).toEqual(["canaries.c.canary_version"]);
  expect(await paths("evaluators: {e: {url: 'https://me:secret@x.example.com'}}")).toEqual(["evaluators.e.url"]);
  expect(await errors("failures: {loop: {category: runaway_loop, owner: gone@example.com}}")).toEqual([
    { path: "failures.loop.owner", message: expect.stringContaining("gone@example.com") },
  ]);
  expect(await exported()).toBe(before);
});

test("422 a mistake anywhere keeps all of it out, and names its path", async () => {
  const before = await exported();
  const text =
    "interlock: 1\nbudgets: {fine: {scope: {kind: environment}, metric: usd, amount: 1}}\npolicies: {bad: {tools: {alow: [x]}}}\n";
  const answer = await api.call("POST", "/import", text, YAML);
  expect([answer.status, answer.body.errors]).toEqual([
    422,
    [{ path: "policies.bad.tools.alow", message: "Unknown key. Did you mean allow?" }],
  ]);
  expect(await exported()).toBe(before);
  expect((await api.call("POST", "/import", "interlock: 2\n", YAML)).status).toBe(422);
});
test("400 what is no YAML, 415 what does not say so, 403 a key that may not configure", async () => {
  expect((await api.call("POST", "/import", "a: [", YAML)).status).toBe(400);
  expect((await api.call("POST", "/import", "a: 1", { headers: { "content-type": "text/plain" } })).status).toBe(415);
  expect((await api.call("POST", "/import", "interlock: 1\n", { ...YAML, key: await api.key(["agent"]) })).status).toBe(
    403,
  );
});
