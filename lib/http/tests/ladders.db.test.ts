import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { beforeAll, describe, expect, test } from "vitest";
import { asking, type Said } from "./asking";
import { type Api, type Json, startApi } from "./harness";
import { admin, type Options, type Person, person } from "./people";

let api: Api;
let agent: ReturnType<typeof asking>;
let people: Record<"ann" | "ben" | "olga" | "ada" | "eve", Person>;
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
  people = {
    ann: await person(api, "ann", ["approver"]),
    ben: await person(api, "ben", ["approver"]),
    olga: await person(api, "olga", ["operator"]),
    ada: await person(api, "ada", ["admin"]),
    eve: await person(api, "eve", ["admin"]),
  };
});

let agents = 0;
const open = (more: Json = {}) =>
  agent.ruled(`climber-${++agents}`, {
    tools: { allow: ["*"], catalog: { mail: { effect: "irreversible" } } },
    ...more,
  });
const mail = (to: unknown) => ({ tool: "mail", args: { to } });
const idOf = (answer: Said) => String(answer.approval?.id);
const get = async (id: string) => (await api.get(`/approvals/${id}`)).body;
const verdict = (id: string, by: Person | Options, word = "approve") =>
  api.post(`/approvals/${id}/verdict`, { verdict: word, reason: "I looked" }, "session" in by ? by.session : by);
const due = (id: string, column = "stage_due_at") =>
  api.query(`update approvals set ${column} = now() - interval '1 second' where approval_id = $1`, [id]);

describe("the ladder", () => {
  const ladder = [
    { name: "desk", roles: ["approver"], quorum: 2, timeout_s: 600, remind_after_s: 60 },
    { name: "boss", people: ["ada@example.com"], timeout_s: 600, on_timeout: "expire" },
  ];

  test("its stages are asked in order, each with its quorum; nobody votes twice, nobody out of turn", async () => {
    const run = await open({ approvals: { ladder } });
    const id = idOf(await agent.ask(run, mail("a")));
    expect((await verdict(id, people.olga)).status).toBe(403);
    expect((await verdict(id, people.ann)).body).toMatchObject({ status: "pending", stage: 0 });
    const twice = await verdict(id, people.ann);
    expect([twice.status, twice.body.detail]).toEqual([403, "You have voted at this stage."]);
    expect((await verdict(id, await people.ann.key(["approve"]))).status).toBe(403);
    expect((await verdict(id, people.ben)).body).toMatchObject({ status: "pending", stage: 1 });
    const early = await verdict(id, people.ben);
    expect([early.status, early.body.detail]).toEqual([403, "This stage asks ada@example.com."]);
    expect((await agent.ask(run, mail("a"))).outcome).toBe("require_approval");
    expect((await verdict(id, people.ada)).body).toMatchObject({ status: "approved", settled_by: "ada" });
    expect((await get(id)).votes).toMatchObject([{ voter: "ann" }, { voter: "ben" }, { voter: "ada", stage: 1 }]);
    expect((await agent.ask(run, mail("a"))).said).toBe("allow allowed");
  });

  test("one no at any stage ends it", async () => {
    const run = await open({ approvals: { ladder } });
    const id = idOf(await agent.ask(run, mail("a")));
    await verdict(id, people.ann);
    expect((await verdict(id, people.ben, "deny")).body).toMatchObject({ status: "denied", settled_by: "ben" });
  });

  test("silence escalates, and at the last stage expires; reminders are counted and begin again with each stage", async () => {
    const run = await open({ approvals: { ladder } });
    const id = idOf(await agent.ask(run, mail("a")));
    await due(id, "remind_at");
    await api.sweep();
    expect(await api.query("select reminded, stage from approvals where approval_id = $1", [id])).toEqual([
      { reminded: 1, stage: 0 },
    ]);
    await due(id);
    await api.sweep();
    expect(await get(id)).toMatchObject({ status: "pending", stage: 1 });
    expect(await api.query("select reminded from approvals where approval_id = $1", [id])).toEqual([{ reminded: 0 }]);
    await due(id);
    await api.sweep();
    expect(await get(id)).toMatchObject({ status: "expired", settle_reason: "Nobody answered in time." });
    expect((await verdict(id, people.ada)).status).toBe(410);
  });

  test("what waits for me is what I may decide now", async () => {
    const run = await open({ approvals: { ladder } });
    const id = idOf(await agent.ask(run, mail("a")));
    const mine = async (who: Person) =>
      ((await api.get("/approvals?mine=true&limit=500", who.session)).body.items as unknown as Json[]).some(
        (a) => a.id === id,
      );
    expect([await mine(people.ann), await mine(people.olga), await mine(await admin(api))]).toEqual([
      true,
      false,
      false,
    ]);
    await verdict(id, people.ann);
    expect(await mine(people.ann)).toBe(false);
    expect((await api.get("/approvals/counts", people.ann.session)).body).toMatchObject({ self_approval: false });
  });
});

describe("flood control", () => {
  test("beyond max_pending an agent waits, whatever it asks; the same question is still the same; a verdict makes room", async () => {
    const run = await open({ approvals: { max_pending: 2 } });
    const first = idOf(await agent.ask(run, mail(1)));
    await agent.ask(run, mail(2));
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => agent.ask(run, mail(10 + n))));
    expect(new Set(answers.map((a) => a.said))).toEqual(new Set(["wait approvals_full"]));
    expect(answers[0]?.retry_after_ms).toBe(30_000);
    expect(idOf(await agent.ask(run, mail(1)))).toBe(first);
    await verdict(first, people.ann, "deny");
    expect((await agent.ask(run, mail(3))).said).toBe("require_approval approval_required");
  });
});

describe("standing grants", () => {
  const grant = (more: Json = {}) =>
    api.post(
      "/grants",
      { agent_id: `climber-${agents}`, tool: "mail", reason: "routine", expires_in_s: 600, ...more },
      people.ann.session,
    );
  const said = async (run: string, to: unknown) => (await agent.ask(run, mail(to))).said;

  test("201 answers for a person within its scope, condition and uses, and lists what it silences", async () => {
    const run = await open();
    const made = await grant({ condition: "args.to.endsWith('@here')", max_uses: 2 });
    expect([made.status, made.body.state]).toEqual([201, "active"]);
    expect(await said(run, "x@away")).toBe("require_approval approval_required");
    const passed = await agent.ask(run, mail("1@here"));
    expect([passed.said, (passed.policy as Json).rule]).toEqual([
      "allow allowed",
      `grant ${String(made.body.grant_id)}`,
    ]);
    expect(await said(run, "2@here")).toBe("allow allowed");
    expect(await said(run, "3@here")).toBe("require_approval approval_required");
    expect((await api.get(`/grants/${String(made.body.grant_id)}`)).body).toMatchObject({
      uses: 2,
      state: "spent",
      granted_by: "ann",
      silences: [{ rule: "approvals.irreversible", calls: 2 }],
    });
    expect((await api.get(`/decisions?grant_id=${String(made.body.grant_id)}`)).body.items).toHaveLength(2);
  });

  test("of two at once on the last use one passes", async () => {
    const run = await open();
    await grant({ max_uses: 1 });
    const answers = await Promise.all([1, 2, 3, 4].map((n) => agent.ask(run, mail(n))));
    expect(answers.filter((a) => a.outcome === "allow")).toHaveLength(1);
  });

  test("it is none for another agent, tool or tenant, once it is over, and once it is revoked; 409 to revoke twice", async () => {
    const run = await open();
    const one = await grant({ tenant_id: "acme" });
    expect(await said(run, 1)).toBe("require_approval approval_required");
    const tenant = (await api.openRun({ agent_id: `climber-${agents}`, tenant_id: "acme" })).run_id;
    expect(await said(tenant, 1)).toBe("allow allowed");
    await api.query("update approval_grants set expires_at = now() - interval '1 second' where id = $1", [
      one.body.grant_id,
    ]);
    expect(await said(tenant, 2)).toBe("require_approval approval_required");
    const two = await grant();
    expect(await said(tenant, 3)).toBe("allow allowed");
    const revoke = () => api.post(`/grants/${String(two.body.grant_id)}/revoke`, {}, people.ben.session);
    expect([(await revoke()).body.state, (await revoke()).status]).toEqual(["revoked", 409]);
    expect(await said(tenant, 4)).toBe("require_approval approval_required");
  });

  test("it lifts no deny and no safe mode", async () => {
    const run = await open({ tools: { allow: ["*"], deny: ["mail"] }, safe_mode: { allowed_tools: [] } });
    await grant();
    expect(await said(run, 1)).toBe("deny tool_denied");
    const safe = await open({ safe_mode: { allowed_tools: ["kb"] } });
    await grant();
    await api.post("/switches", { scope: { kind: "run", key: safe }, mode: "safe_mode", reason: "x" });
    expect(await said(safe, 1)).toBe("deny safe_mode");
  });

  test("nobody grants themselves what they may not approve", async () => {
    const run = await open();
    const mine = { agent_id: `climber-${agents}`, tool: "mail", reason: "mine", expires_in_s: 600 };
    await api.post("/grants", mine);
    expect(await said(run, 1)).toBe("require_approval approval_required");
  });

  test("422 for a grant of everything, bad CEL, no end, no reason; 403 for who may not approve", async () => {
    const bad: Json[] = [{ agent_id: "*", tool: "*" }, { condition: "args." }, { expires_in_s: 5 }, { reason: "" }];
    for (const more of bad) expect((await grant(more)).status, JSON.stringify(more)).toBe(422);
    expect(
      (await api.post("/grants", { agent_id: "a", tool: "b", reason: "c", expires_in_s: 60 }, people.olga.session))
        .status,
    ).toBe(403);
  });
});

describe("breaking the glass", () => {
  const smash = (id: string, by: Options) =>
    api.post(`/approvals/${id}/break-glass`, { reason: "the house burns" }, by);

  test("200 for a session of a role that the policy names: 15 minutes, loud, reviewed by somebody else", async () => {
    const run = await open();
    const id = idOf(await agent.ask(run, mail("a")));
    expect((await smash(id, { key: api.rootKey })).status).toBe(403);
    expect((await smash(id, await people.ada.key(["approve", "configure", "operate"]))).status).toBe(403);
    for (const no of [people.ann, people.olga, await admin(api)])
      expect((await smash(id, no.session)).status).toBe(403);
    expect((await api.post(`/approvals/${id}/break-glass`, { reason: "" }, people.ada.session)).status).toBe(422);
    const broken = await smash(id, people.ada.session);
    expect([broken.status, broken.body]).toMatchObject([
      200,
      { status: "approved", expires_in_s: 900, review: "open" },
    ]);
    expect((await smash(id, people.eve.session)).status).toBe(409);
    const [row] = await api.query(
      "select extract(epoch from expires_at - now())::int as s from approvals where approval_id = $1",
      [id],
    );
    expect(Math.abs(Number(row?.s) - 900)).toBeLessThan(10);
    expect((await agent.ask(run, mail("a"))).said).toBe("allow allowed");
    const review = (by: Person) => api.post(`/approvals/${id}/review`, { note: "it did burn" }, by.session);
    expect((await api.get("/approvals/counts")).body.reviews).toBe(1);
    expect((await api.get("/approvals?review=open")).body.items).toHaveLength(1);
    expect((await review(people.ada)).status).toBe(403);
    expect([(await review(people.eve)).status, (await review(people.eve)).status]).toEqual([200, 409]);
    expect(await get(id)).toMatchObject({
      broken_glass: true,
      review: { state: "closed", note: "it did burn", by: "eve" },
    });
    const [audit] = await api.query("select summary from audit_rows where action = 'approval.break_glass'");
    expect(audit?.summary).toContain("BROKE THE GLASS for mail");
  });

  test("never over a deny, a switch or a hard cap; past its 15 minutes it is nothing", async () => {
    const run = await open({ budgets: { max_usd: 1 } });
    const question = { ...mail("a"), estimate: { usd: 2 } };
    const id = idOf(await agent.ask(run, question));
    await smash(id, people.ada.session);
    expect((await agent.ask(run, question)).said).toBe("deny cost_budget");
    const block = await api.post("/switches", { scope: { kind: "tool", key: "mail" }, mode: "stop", reason: "x" });
    expect((await agent.ask(run, mail("a"))).said).toBe("deny tool_blocked");
    await api.post(`/switches/${String(block.body.switch_id)}/release`, { reason: "over" });
    const bindings = [{ agent_id: `climber-${agents}` }];
    await agent.put(`climber-${agents}`, { bindings, tools: { allow: ["*"], deny: ["mail"] } });
    expect((await agent.ask(run, mail("a"))).said).toBe("deny tool_denied");
    await agent.put(`climber-${agents}`, {
      bindings,
      tools: { allow: ["*"], catalog: { mail: { effect: "irreversible" } } },
    });
    await due(id, "expires_at");
    expect((await agent.ask(run, { ...mail("a"), approval_id: id })).said).toBe("deny approval_expired");
  });

  test("only the roles of the policy", async () => {
    const run = await open({ approvals: { break_glass: { roles: ["operator"] } } });
    const id = idOf(await agent.ask(run, mail("a")));
    expect((await smash(id, people.ada.session)).status).toBe(403);
    expect((await smash(id, people.olga.session)).status).toBe(200);
  });
});

describe("an installation of one person", () => {
  test("may approve what it asked for by a setting that only an administrator changes, audited and shown", async () => {
    const me = await admin(api);
    const id = idOf(await agent.ask(await open(), mail("a")));
    const set = (self_approval: boolean, by: Options) =>
      api.put("/approvals/settings", { self_approval, reason: "alone" }, by);
    expect((await set(true, people.ann.session)).status).toBe(403);
    expect((await set(true, await me.key(["configure", "approve"]))).status).toBe(403);
    expect((await set(true, me.session)).body).toMatchObject({ self_approval: true });
    expect((await api.get("/approvals/counts")).body.self_approval).toBe(true);
    expect((await verdict(id, me)).body.status).toBe("approved");
    await api.post("/grants", { agent_id: `climber-${agents}`, tool: "mail", reason: "mine", expires_in_s: 600 });
    const { run_id } = await api.openRun({ agent_id: `climber-${agents}` });
    expect((await agent.ask(run_id, mail(1))).said).toBe("allow allowed");
    await set(false, me.session);
    expect((await agent.ask(run_id, mail(2))).said).toBe("require_approval approval_required");
    const rows = await api.query("select summary from audit_rows where action = 'approval.settings' order by seq");
    expect(rows.map((r) => r.summary)).toEqual([
      "allowed approving what one asked for oneself: alone",
      "forbade approving what one asked for oneself: alone",
    ]);
  });
});

describe("waiting for the word", () => {
  test("a held answer comes within a second of the verdict, from any server of the same database", async () => {
    const { createApp } = await import("../index");
    const second = createServer(
      getRequestListener(createApp({ ingest: {} as never, version: "2", listening: () => true }).fetch),
    );
    await new Promise<void>((resolve) => second.listen(0, "127.0.0.1", resolve));
    const other = `http://127.0.0.1:${(second.address() as AddressInfo).port}`;
    try {
      const id = idOf(await agent.ask(await open(), mail("a")));
      const headers = { authorization: `Bearer ${api.rootKey}` };
      const held = [api.origin, other].map(async (origin) => {
        const answer = await fetch(`${origin}/api/v1/approvals/${id}?wait_s=20`, { headers });
        return { at: performance.now(), body: (await answer.json()) as Json };
      });
      const word = await verdict(id, people.ann);
      const told = performance.now();
      for (const { at, body } of await Promise.all(held)) {
        expect([word.status, body.status]).toEqual([200, "approved"]);
        expect(at - told).toBeLessThan(1_000);
      }
    } finally {
      second.closeAllConnections();
      await new Promise((resolve) => second.close(resolve));
    }
  });

  test("422 beyond 55 s; nothing is held for what is settled", async () => {
    const id = idOf(await agent.ask(await open(), mail("a")));
    expect((await api.get(`/approvals/${id}?wait_s=56`)).status).toBe(422);
    await verdict(id, people.ann, "deny");
    expect((await api.get(`/approvals/${id}?wait_s=55`)).body.status).toBe("denied");
  });
});
