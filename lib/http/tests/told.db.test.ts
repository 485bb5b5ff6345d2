import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemCtx } from "../../platform/ctx";
import { asking } from "./asking";
import { type Api, type Json, startApi } from "./harness";
import { type Person, person } from "./people";

// What the product tells people by itself: what stands in the outbox after each of these has happened.
let api: Api;
let agent: ReturnType<typeof asking>;
let ann: Person;
let ada: Person;
let eve: Person;
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
  ann = await person(api, "ann", ["approver"]);
  ada = await person(api, "ada", ["admin"]);
  eve = await person(api, "eve", ["admin"]);
});
beforeEach(async () => {
  await api.sweep();
  await api.query("delete from notifications");
});

const told = () =>
  api.query(
    `select topic, severity, event, dedupe_key, title, text, path, link_path, agent_id, facts from notifications order by at, notification_id`,
  );
let agents = 0;
const open = (more: Json = {}) =>
  agent.ruled(`asker-${++agents}`, {
    tools: { allow: ["*"], catalog: { "refund.create": { effect: "irreversible" } } },
    ...more,
  });
const refund = (amount: number) => ({
  tool: "refund.create",
  args: { iban: "DE00 1234", amount },
  facts: { amount_usd: amount, external_domain: "secret.example" },
  intent: { reason: "the customer Jo Doe asked" },
});
const ladder = [
  { name: "desk", roles: ["approver"], quorum: 1, timeout_s: 600, remind_after_s: 60, on_timeout: "escalate" },
  { name: "boss", people: ["ada@example.com"], timeout_s: 600, on_timeout: "expire" },
];
const late = (id: string, column: string) =>
  api.query(`update approvals set ${column} = now() - interval '1 second' where approval_id = $1`, [id]);

describe("approvals", () => {
  test("a new question is told once, with a signed link and no values but amounts", async () => {
    const run = await open();
    const asked = await agent.ask(run, refund(120));
    const id = String(asked.approval?.id);
    expect(await told()).toEqual([]);
    await api.sweep();
    await api.sweep();
    const [one, ...more] = await told();
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      topic: "approvals",
      severity: "high",
      event: "opened",
      dedupe_key: `approval:${id}`,
      title: `A verdict is asked: refund.create by asker-${agents}`,
      path: `/approvals/${id}`,
      agent_id: `asker-${agents}`,
      facts: expect.arrayContaining([
        { label: "amount_usd", value: "120" },
        { label: "Asked of", value: "approver" },
      ]),
    });
    expect(JSON.stringify(one)).not.toMatch(/DE00|Jo Doe|secret\.example/);
    const link = String(one?.link_path).replace("/a/", "");
    expect((await api.get(`/approvals/link/${link}`)).body).toMatchObject({
      approval_id: id,
      environment: "production",
    });
    expect((await api.get(`/approvals/link/${link}x`)).status).toBe(404);
  });

  test("a reminder, and the next stage, are told; each once", async () => {
    const run = await open({ approvals: { ladder } });
    const id = String((await agent.ask(run, refund(1))).approval?.id);
    await api.sweep();
    await late(id, "remind_at");
    await api.sweep();
    await late(id, "stage_due_at");
    await api.sweep();
    await api.sweep();
    expect((await told()).map((t) => [t.event, t.title])).toEqual([
      ["opened", `A verdict is asked: refund.create by asker-${agents}`],
      ["reminder", `Still waiting for a verdict: refund.create by asker-${agents}`],
      ["updated", `A verdict is asked of the next stage: refund.create by asker-${agents}`],
    ]);
    expect((await told())[2]?.text).toContain("Asked of ada@example.com");
  });

  test("what was answered before anybody was told is not told", async () => {
    const run = await open();
    const id = String((await agent.ask(run, refund(1))).approval?.id);
    await api.post(`/approvals/${id}/verdict`, { verdict: "approve", reason: "ok" }, ann.session);
    await api.sweep();
    expect(await told()).toEqual([]);
  });

  test("a verdict is told once as the end of its question, to whoever heard it begin", async () => {
    const run = await open();
    const id = String((await agent.ask(run, refund(1))).approval?.id);
    await api.sweep();
    await api.post(`/approvals/${id}/verdict`, { verdict: "approve", reason: "the refund is due" }, ann.session);
    await agent.ask(run, { ...refund(1), approval_id: id });
    await api.sweep();
    await api.sweep();
    const [began, ended, ...more] = await told();
    expect(more).toEqual([]);
    expect(ended).toMatchObject({
      event: "resolved",
      severity: began?.severity,
      dedupe_key: `approval:${id}`,
      title: `Approved: refund.create by asker-${agents}`,
      text: "ann approved it: the refund is due",
      path: `/approvals/${id}`,
      link_path: null,
    });
    expect(JSON.stringify(ended)).not.toMatch(/DE00|Jo Doe|secret\.example/);
  });

  test("denied, expired and withdrawn are told as ends too, as severe as the worst that was told", async () => {
    const write = { tools: { allow: ["*"], catalog: { "refund.create": { effect: "write" } } } };
    const asks = { conditions: [{ tool: "refund.create", when: "true", then: "require_approval" }] };
    const asked = async (more: Json = {}) => {
      const run = await open({ ...write, ...asks, approvals: { ladder }, ...more });
      return { run, id: String((await agent.ask(run, refund(1))).approval?.id) };
    };
    const [denied, expired, withdrawn] = [await asked(), await asked(), await asked()];
    await api.sweep();
    await late(expired.id, "stage_due_at");
    await api.sweep();
    await api.query("delete from notifications");
    await api.post(`/approvals/${denied.id}/verdict`, { verdict: "deny", reason: "no" }, ann.session);
    await late(expired.id, "expires_at");
    await api.post("/switches", { scope: { kind: "run", key: withdrawn.run }, mode: "stop", reason: "r" });
    await api.sweep();
    await api.sweep();
    const ends = new Map((await told()).filter((t) => t.topic === "approvals").map((t) => [t.dedupe_key, t]));
    expect(ends.size).toBe(3);
    expect(ends.get(`approval:${denied.id}`)).toMatchObject({
      event: "resolved",
      severity: "warning",
      text: "ann denied it: no",
    });
    expect(ends.get(`approval:${expired.id}`)).toMatchObject({
      event: "resolved",
      severity: "high",
      title: expect.stringContaining("Expired: "),
      text: "Nobody answered in time.",
    });
    expect(ends.get(`approval:${withdrawn.id}`)).toMatchObject({
      event: "resolved",
      title: expect.stringContaining("Withdrawn: "),
      text: "The run ended: kill_switch.",
    });
  });

  test("broken glass is told with the act itself, and again when its review is closed", async () => {
    const run = await open({ approvals: { ladder } });
    const id = String((await agent.ask(run, refund(1))).approval?.id);
    const broken = await api.post(`/approvals/${id}/break-glass`, { reason: "on fire" }, ada.session);
    expect(broken.status).toBe(200);
    expect(await told()).toMatchObject([
      { severity: "critical", event: "opened", dedupe_key: `glass:${id}`, text: expect.stringContaining("on fire") },
    ]);
    expect((await api.post(`/approvals/${id}/review`, { note: "it was right" }, eve.session)).status).toBe(200);
    expect(await told()).toMatchObject([{}, { severity: "critical", event: "resolved", dedupe_key: `glass:${id}` }]);
  });
});

test("budgets: each limit that is reached is told once", async () => {
  const { tellLimits } = await import("../../budgets");
  await tellLimits();
  await api.query("delete from notifications");
  const run = await open({ budgets: { max_usd: 1, soft: { at: 0.5, then: "alert" } } });
  const ask = (n: number) =>
    agent.call(run, { tool: "kb", effect: "read", args: { n }, estimate: { usd: 0.3 } }, { usd: 0.3 });
  for (const n of [1, 2, 3, 4, 5]) await ask(n);
  await Promise.all([tellLimits(), tellLimits()]);
  await tellLimits();
  const said = await told();
  expect(said.map((t) => [t.topic, t.severity, t.agent_id])).toEqual([
    ["budgets", "warning", `asker-${agents}`],
    ["budgets", "high", `asker-${agents}`],
  ]);
  expect(said[0]).toMatchObject({
    title: `Soft limit passed: policy asker-${agents}, run ${run}`,
    text: expect.stringContaining("of $1.00"),
    path: `/runs/${run}`,
  });
  expect(said[1]?.text).toContain("refused");
  const other = await open();
  await api.put("/budgets/day", { scope: { kind: "environment" }, metric: "tool_calls", amount: 1 });
  await agent.ask(other, { tool: "kb", effect: "read", args: {} });
  await tellLimits();
  expect((await told())[2]).toMatchObject({ path: "/budgets?budget=day", agent_id: null });
  await api.call("DELETE", "/budgets/day");
});

describe("controls", () => {
  const set = (body: Json) => api.post("/switches", { reason: "odd mails", ...body });
  const release = (id: unknown) => api.post(`/switches/${String(id)}/release`, { reason: "all well" });

  test("a switch on the whole environment is told, and its release; one on an agent by a person is not", async () => {
    const stop = await set({ scope: { kind: "environment" }, mode: "stop" });
    const id = stop.body.switch_id;
    await release(id);
    const safe = await set({ scope: { kind: "environment" }, mode: "safe_mode" });
    await release(safe.body.switch_id);
    await release((await set({ scope: { kind: "agent", key: "a" }, mode: "stop" })).body.switch_id);
    expect(await told()).toMatchObject([
      {
        topic: "controls",
        severity: "critical",
        event: "opened",
        dedupe_key: `switch:${String(id)}`,
        path: `/controls/${String(id)}`,
      },
      {
        severity: "critical",
        event: "resolved",
        dedupe_key: `switch:${String(id)}`,
        text: expect.stringContaining("all well"),
      },
      { severity: "high", event: "opened", title: expect.stringContaining("SAFE MODE: the whole environment") },
      { severity: "high", event: "resolved" },
    ]);
  });

  test("what the system sets is told, of whomever", async () => {
    const { setSwitch } = await import("../../controls");
    const environmentId = await api.environment("production");
    const sw = await setSwitch(systemCtx(environmentId, "budgets"), {
      scope: { kind: "agent", key: "spender" },
      mode: "safe_mode",
      reason: "soft limit",
    });
    expect(await told()).toMatchObject([
      { severity: "high", agent_id: "spender", title: "SAFE MODE: agent spender, by Interlock (budgets)" },
    ]);
    await release(sw.switch_id);
    expect(await told()).toHaveLength(2);
  });

  test("a stop whose date has passed is told once, and its release", async () => {
    const stop = await set({ scope: { kind: "agent", key: "b" }, mode: "stop", expires_in_s: 60 });
    await api.sweep();
    expect(await told()).toEqual([]);
    await api.query("update switches set expires_at = now() - interval '1 second' where id = $1", [
      stop.body.switch_id,
    ]);
    await api.sweep();
    await api.sweep();
    await release(stop.body.switch_id);
    expect(await told()).toMatchObject([
      { event: "reminder", severity: "high", title: "Still STOPPED past its date: agent b" },
      { event: "resolved", severity: "high" },
    ]);
  });
});
