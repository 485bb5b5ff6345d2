import { beforeAll, describe, expect, test } from "vitest";
import { asking, type Said } from "./asking";
import { type Api, type Json, startApi } from "./harness";
import { admin, type Options, type Person, person } from "./people";

let api: Api;
let agent: ReturnType<typeof asking>;
let ann: Person;
let approver: Options;
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
  ann = await person(api, "ann", ["approver"]);
  approver = await ann.key(["approve"]);
});

let agents = 0;
const document = { tools: { allow: ["*"], catalog: { mail: { effect: "irreversible" } } } };
const open = (more: Json = {}, run: Json = {}) => agent.ruled(`asker-${++agents}`, { ...document, ...more }, run);
const mail = (to: string) => ({ tool: "mail", args: { to } });
const idOf = (answer: Said) => String(answer.approval?.id);
const verdict = (id: string, word = "approve", by: Options = approver) =>
  api.post(`/approvals/${id}/verdict`, { verdict: word, reason: "I looked" }, by);
const statusOf = async (id: string) => (await api.get(`/approvals/${id}`)).body.status;
const runOf = async (run: string) => (await api.get(`/runs/${run}`)).body;
const late = (id: string) =>
  api.query("update approvals set expires_at = now() - interval '1 second' where approval_id = $1", [id]);

describe("a verdict", () => {
  test("200 by a key of scope approve, and by a session: the call passes, once, and is marked used by its effect", async () => {
    for (const by of [approver, ann.session]) {
      const run = await open();
      const asked = await agent.ask(run, mail("a"));
      expect(asked).toMatchObject({ said: "require_approval approval_required", approval: { status: "pending" } });
      const { status, body } = await verdict(idOf(asked), "approve", by);
      expect([status, body.status, body.settled_by]).toEqual([200, "approved", expect.stringContaining("ann")]);
      const passed = await agent.ask(run, { ...mail("a"), approval_id: idOf(asked) });
      expect([passed.said, passed.approval?.id]).toEqual(["allow allowed", idOf(asked)]);
      expect((await api.get(`/approvals/${idOf(asked)}`)).body).toMatchObject({
        status: "used",
        effect_id: passed.effect_id,
      });
      await agent.tell(passed.decision_id);
      expect((await agent.ask(run, mail("a"))).outcome).toBe("replay");
    }
  });

  test("asking again while it is pending is the same question; one verdict answers it without naming it", async () => {
    const run = await open();
    const first = await agent.ask(run, mail("a"));
    expect(idOf(await agent.ask(run, mail("a")))).toBe(idOf(first));
    expect(idOf(await agent.ask(run, mail("b")))).not.toBe(idOf(first));
    await verdict(idOf(first));
    expect((await agent.ask(run, mail("a"))).said).toBe("allow allowed");
  });

  test("403 for whoever asked: by their session, by the key that asked, by any other key of theirs", async () => {
    const id = idOf(await agent.ask(await open(), mail("a")));
    const me = await admin(api);
    for (const by of [me.session, { key: api.rootKey }, await me.key(["approve"])]) {
      const { status, body } = await verdict(id, "approve", by);
      expect([status, String(body.detail)]).toEqual([403, expect.stringContaining("You, or your key, asked for this")]);
    }
    expect(await statusOf(id)).toBe("pending");
  });

  test("409 twice, 410 late and withdrawn, 404 from another environment and for none, 403 without the role or scope, 422 without a reason", async () => {
    const run = await open();
    const id = idOf(await agent.ask(run, mail("a")));
    const there = { key: await api.key(["approve"], { environment: "there" }) };
    expect((await verdict(id, "approve", there)).status).toBe(404);
    expect((await verdict("apr_none")).status).toBe(404);
    const viewer = await person(api, "vera", ["viewer"]);
    expect((await verdict(id, "approve", viewer.session)).status).toBe(403);
    expect((await verdict(id, "approve", await ann.key(["agent", "read", "operate", "configure"]))).status).toBe(403);
    expect((await api.post(`/approvals/${id}/verdict`, { verdict: "approve", reason: " " }, approver)).status).toBe(
      422,
    );
    expect((await verdict(id, "maybe")).status).toBe(422);
    expect((await verdict(id, "deny")).body.status).toBe("denied");
    expect([(await verdict(id)).status, (await verdict(id)).body.approval_status]).toEqual([409, "denied"]);
    const over = idOf(await agent.ask(run, mail("b")));
    await late(over);
    expect((await verdict(over)).body).toMatchObject({ status: 410, code: "gone", approval_status: "expired" });
    const gone = idOf(await agent.ask(run, mail("c")));
    await api.post(`/runs/${run}/finish`, { stop_reason: "cancelled" });
    expect((await verdict(gone)).body).toMatchObject({ status: 410, approval_status: "cancelled" });
    await api.sweep();
    expect((await verdict(gone)).body).toMatchObject({ status: 410, approval_status: "cancelled" });
  });

  test("of two at the same instant one settles it", async () => {
    const id = idOf(await agent.ask(await open(), mail("a")));
    const ben = await person(api, "ben", ["approver"]);
    const answers = await Promise.all([verdict(id), verdict(id, "deny", ben.session)]);
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409]);
  });

  test("in one go on several: each its own answer, one that fails stops no other", async () => {
    const run = await open();
    const ids = [idOf(await agent.ask(run, mail("a"))), "apr_none", idOf(await agent.ask(run, mail("b")))];
    const { body } = await api.post(
      "/approvals/verdicts",
      { approval_ids: ids, verdict: "deny", reason: "no" },
      approver,
    );
    expect(body).toMatchObject({
      settled: 2,
      items: [
        { ok: true, status: "denied" },
        { ok: false, code: "not_found" },
        { ok: true, status: "denied" },
      ],
    });
    const audit = await api.query(
      "select 1 from audit_rows where action = 'approval.verdict' and target_id = any($1)",
      [ids],
    );
    expect(audit).toHaveLength(2);
  });
});

describe("what a question is bound to", () => {
  test("approval_mismatch for other arguments, another tool, another twin and another run", async () => {
    const run = await open();
    const id = idOf(await agent.ask(run, mail("a")));
    await verdict(id);
    const elsewhere = (await api.openRun({ agent_id: `asker-${agents}` })).run_id;
    const wrong: [string, Json][] = [
      [run, mail("b")],
      [run, { tool: "mail2", args: { to: "a" } }],
      [run, { ...mail("a"), dedupe_key: "2" }],
      [elsewhere, mail("a")],
      [run, { ...mail("a"), approval_id: "apr_none" }],
    ];
    for (const [at, question] of wrong)
      expect(await agent.ask(at, { approval_id: id, ...question })).toMatchObject({
        said: "deny approval_mismatch",
        stop_reason: "approval_denied",
      });
    expect(await statusOf(id)).toBe("approved");
  });

  test("denied, expired and cancelled are three different things", async () => {
    const run = await open();
    const [no, over] = [idOf(await agent.ask(run, mail("no"))), idOf(await agent.ask(run, mail("over")))];
    await verdict(no, "deny");
    expect(await agent.ask(run, mail("no"))).toMatchObject({
      said: "deny approval_denied",
      stop_reason: "approval_denied",
      message: expect.stringContaining("I looked"),
    });
    await late(over);
    expect(await statusOf(over)).toBe("expired");
    expect(await agent.ask(run, { ...mail("over"), approval_id: over })).toMatchObject({
      said: "deny approval_expired",
      stop_reason: "approval_expired",
    });
    await api.sweep();
    expect((await api.get(`/approvals/${over}`)).body).toMatchObject({ status: "expired", settled_by: "Interlock" });
    const anew = idOf(await agent.ask(run, mail("over")));
    expect(anew).not.toBe(over);
    await api.post(`/runs/${run}/finish`, { stop_reason: "success" });
    await api.sweep();
    expect((await api.get(`/approvals/${anew}`)).body).toMatchObject({
      status: "cancelled",
      settle_reason: "The run ended: success.",
    });
  });

  test("an approved one that was not used in time is expired, not approved", async () => {
    const run = await open();
    const id = idOf(await agent.ask(run, mail("a")));
    await verdict(id);
    await late(id);
    expect(await statusOf(id)).toBe("expired");
    expect((await agent.ask(run, { ...mail("a"), approval_id: id })).said).toBe("deny approval_expired");
  });

  test("spent by its effect: a 404 ends it, not_executed gives it back", async () => {
    const run = await open();
    const spent = idOf(await agent.ask(run, mail("a")));
    await verdict(spent);
    await agent.call(run, mail("a"), { status: "error", http_status: 404 });
    expect((await agent.ask(run, { ...mail("a"), approval_id: spent })).said).toBe("deny approval_used");
    const back = idOf(await agent.ask(run, mail("b")));
    await verdict(back);
    await agent.call(run, mail("b"), { status: "not_executed" });
    expect(await statusOf(back)).toBe("approved");
    expect((await agent.ask(run, mail("b"))).said).toBe("allow allowed");
  });

  test("approved, and then denied by a newer version: the deny wins, and the approval is not spent", async () => {
    const run = await open();
    const id = idOf(await agent.ask(run, mail("a")));
    await verdict(id);
    const bindings = [{ agent_id: `asker-${agents}` }];
    await agent.put(`asker-${agents}`, { bindings, ...document, tools: { ...document.tools, deny: ["mail"] } });
    expect((await agent.ask(run, { ...mail("a"), approval_id: id })).said).toBe("deny tool_denied");
    expect(await statusOf(id)).toBe("approved");
    await agent.put(`asker-${agents}`, { bindings, ...document });
    expect((await agent.ask(run, { ...mail("a"), approval_id: id })).said).toBe("allow allowed");
  });

  test("an approval of the policy's question does not answer for an unknown outcome", async () => {
    const run = await open();
    const id = idOf(await agent.ask(run, mail("a")));
    await verdict(id);
    await agent.call(run, mail("a"), { status: "timeout" });
    const second = await agent.ask(run, mail("a"));
    expect([second.said, idOf(second) === id]).toEqual(["require_approval effect_unknown", false]);
    await verdict(idOf(second));
    expect((await agent.ask(run, mail("a"))).said).toBe("allow allowed");
  });

  test("the case shows the canonical arguments, secrets redacted, the rule that asked, and what was said before", async () => {
    const run = await open();
    const question = { tool: "mail", args: { to: "a", body: "é", Token: "s3cret" }, intent: { reason: "asked" } };
    const id = idOf(await agent.ask(run, question));
    const { body } = await api.get(`/approvals/${id}/case`, ann.session);
    expect(body).toMatchObject({
      rule: "approvals.irreversible",
      says: "This cannot be undone.",
      effect: "irreversible",
      intent: { reason: "asked" },
      for_me: true,
      may_break_glass: false,
      run: { run_id: run, status: "waiting" },
    });
    expect(body.args).toContain('"body":"é"');
    expect(body.args).not.toContain("s3cret");
    expect((await api.get(`/approvals/${id}/case`)).body).toMatchObject({
      for_me: false,
      why_not_me: expect.any(String),
    });
  });

  test("the link in the answer names the case, and nobody makes one up", async () => {
    const asked = await agent.ask(await open(), mail("a"));
    const token = String(asked.approval?.url).split("/a/")[1] ?? "";
    expect((await api.get(`/approvals/link/${token}`, ann.session)).body).toEqual({
      approval_id: idOf(asked),
      environment: "production",
    });
    for (const forged of [`${token}x`, token.replace(/\..*/, ".forged"), "nonsense"])
      expect((await api.get(`/approvals/link/${forged}`, ann.session)).status, forged).toBe(404);
  });
});

describe("a waiting run", () => {
  test("has no lease, its seconds stand still, it keeps its lock, and wakes with the next decision", async () => {
    const run = await open({ budgets: { max_seconds: 100 } }, { lock_key: `lock-${agents}` });
    const id = idOf(await agent.ask(run, mail("a")));
    expect(await runOf(run)).toMatchObject({ status: "waiting" });
    await api.query(
      `update runs set started_at = started_at - interval '1 hour', waiting_since = waiting_since - interval '1 hour' where run_id = $1`,
      [run],
    );
    await api.sweep({ gap: false });
    const [row] = await api.query("select status, lease_until from runs where run_id = $1", [run]);
    expect(row).toEqual({ status: "waiting", lease_until: null });
    expect((await api.openRun({ agent_id: `asker-${agents}`, lock_key: `lock-${agents - 1}` })).body.code).toBe(
      "run_locked",
    );
    await verdict(id);
    const passed = await agent.ask(run, mail("a"));
    expect(passed.said).toBe("allow allowed");
    expect((passed.remaining as { seconds: number }).seconds).toBeGreaterThan(60);
    expect(await runOf(run)).toMatchObject({ status: "running" });
  });

  test("is not entered while something is in flight", async () => {
    const run = await open();
    const flying = await agent.ask(run, { tool: "kb", effect: "read", args: {} });
    await agent.ask(run, mail("a"));
    expect((await runOf(run)).status).toBe("running");
    await agent.tell(flying.decision_id);
    await agent.ask(run, mail("a"));
    expect((await runOf(run)).status).toBe("waiting");
  });

  test("is left by the same request from any instance, which owns it then, with the approval still good", async () => {
    const id = `asker-${agents + 1}`;
    const run = await open({}, { request_id: "resume", instance_id: "one" });
    const approval = idOf(await agent.ask(run, mail("a")));
    await verdict(approval);
    const again = await api.post("/runs", {
      request_id: "resume",
      agent_id: id,
      task_type: "task",
      instance_id: "two",
    });
    expect(again.body).toMatchObject({ run_id: run, owner: true, status: "running", attempt: 2 });
    const lease_token = (again.body.lease as unknown as { token: string }).token;
    expect((await agent.ask(run, { ...mail("a"), lease_token })).said).toBe("allow allowed");
  });

  test("goes on with a lease of its own once nobody is asked any more", async () => {
    const run = await open();
    const id = idOf(await agent.ask(run, mail("a")));
    await verdict(id, "deny");
    await api.sweep();
    expect((await runOf(run)).status).toBe("running");
    const [row] = await api.query(
      "select lease_until > now() + interval '50 seconds' as held from runs where run_id = $1",
      [run],
    );
    expect(row?.held).toBe(true);
  });

  test("a stop ends it at once and withdraws what it asked; a verdict is too late then", async () => {
    const run = await open();
    const id = idOf(await agent.ask(run, mail("a")));
    await api.post("/switches", { scope: { kind: "run", key: run }, mode: "stop", reason: "enough" });
    expect(await runOf(run)).toMatchObject({ status: "stopped", stop_reason: "kill_switch" });
    expect((await agent.ask(run, mail("a"))).said).toBe("deny stopped");
    await api.sweep();
    expect(await statusOf(id)).toBe("cancelled");
    expect((await verdict(id)).status).toBe(410);
    expect(await agent.ask(run, mail("a"))).toMatchObject({ said: "409 run_finished", stop_reason: "kill_switch" });
  });

  test("a pause freezes its clocks where they stand, and thaws them", async () => {
    const run = await open();
    const id = idOf(await agent.ask(run, mail("a")));
    const pause = await api.post("/switches", { scope: { kind: "run", key: run }, mode: "pause", reason: "lunch" });
    await api.sweep();
    expect((await api.get(`/approvals/${id}`)).body.frozen_at).not.toBeNull();
    await api.query(
      `update approvals set frozen_at = now() - interval '2 hours', expires_at = now() - interval '1 hour', stage_due_at = now() - interval '1 hour' where approval_id = $1`,
      [id],
    );
    await api.sweep();
    expect(await statusOf(id)).toBe("pending");
    await api.post(`/switches/${String(pause.body.switch_id)}/release`, { reason: "over" });
    await api.sweep();
    const [row] = await api.query(
      "select status, frozen_at, extract(epoch from expires_at - now())::int as left from approvals where approval_id = $1",
      [id],
    );
    expect(row).toMatchObject({ status: "pending", frozen_at: null });
    expect(Math.abs(Number(row?.left) - 3_600)).toBeLessThan(30);
    await verdict(id);
    expect((await agent.ask(run, mail("a"))).said).toBe("allow allowed");
  });
});
