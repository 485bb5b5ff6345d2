import { createHmac } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../../notifications";
import { provide } from "../../platform/env";
import { type Api, type Json, startApi, until } from "./harness";
import { person } from "./people";
import { mailServer, receiver } from "./receiver";

let api: Api;
let door: typeof import("../../notifications");
const hook = receiver();
const post = mailServer();
beforeAll(async () => {
  api = await startApi();
  door = await import("../../notifications");
});
// What is told goes to every channel that takes it: each test begins with none.
beforeEach(async () => {
  await api.query("delete from channels");
  await api.query("delete from deliveries");
  await api.query("delete from notifications");
});

const home = async () => String((await api.query("select id from environments where slug = 'production'"))[0]?.id);
const put = (slug: string, body: Json, options?: Parameters<Api["put"]>[2]) =>
  api.put(`/channels/${slug}`, { name: slug, ...body }, options);
const webhook = (path: string, more: Json = {}) => ({ kind: "webhook", url: hook.url(path), ...more });
let n = 0;
async function tell(more: Partial<Message> = {}): Promise<void> {
  const { inTransaction } = await import("../../platform/verb");
  const environmentId = await home();
  await inTransaction((tx) =>
    door.notify(tx, {
      environmentId,
      topic: "alerts",
      severity: "high",
      event: "opened",
      dedupeKey: `alert:al_${++n}`,
      title: `Runaway loop ${n}`,
      text: "triage-bot called search 9 times.",
      path: `/alerts/al_${n}`,
      agentId: "triage-bot",
      facts: [{ label: "Calls", value: "9" }],
      ...more,
    }),
  );
}
const rows = (where = "true") =>
  api.query(
    `select channel, state, attempts, last_status, last_error, digest_id, notification_id from deliveries where ${where} order by created_at, delivery_id`,
  );
const dueNow = () => api.query("update deliveries set next_at = now() - interval '1 second'");
const log = async (query = "") => (await api.get(`/deliveries${query}`)).body.items as unknown as Json[];

describe("by status", () => {
  test("201 makes each kind, 200 writes it again and reads it; what is secret never leaves again", async () => {
    const secret = "a-secret-of-sixteen-or-more";
    const made = [
      await put("slack", { kind: "slack", url: `${hook.url("/services")}/T0/B0/slack-token` }),
      await put("hub", webhook("/hub?token=query-token", { secret })),
      await put("mail", { kind: "email", to: ["ana@example.com"] }),
      await put("pager", { kind: "pagerduty", routing_key: "routing-key-0001" }),
    ];
    expect(made.map((m) => m.status)).toEqual([201, 201, 201, 201]);
    expect(made[0]?.body).toMatchObject({
      url: hook.url(""),
      secret_tail: "oken",
      secret: null,
      revision: 1,
      last: null,
    });
    expect(made[1]?.body).toMatchObject({ url: hook.url("/hub"), secret_tail: "more", problem: null });
    expect(made[2]?.body).toMatchObject({ to: ["ana@example.com"], url: null, secret_tail: null, problem: null });
    expect(made[3]?.body).toMatchObject({
      url: "https://events.pagerduty.com/v2/enqueue",
      secret_tail: "0001",
      topics: ["alerts", "incidents"],
    });
    const again = await put("hub", { kind: "webhook", topics: ["alerts"], min_severity: "high" });
    expect(again.body).toMatchObject({ revision: 2, url: hook.url("/hub"), secret_tail: "more", secret: null });
    expect((await api.get("/channels/hub")).body).toMatchObject({ topics: ["alerts"], min_severity: "high" });
    const all = await api.get("/channels");
    expect(all.body.items).toHaveLength(4);
    const kept = await api.query("select * from audit_rows where target_type = 'channel'");
    const sealed = await api.query("select target::text, encode(sealed, 'escape') as sealed from channels");
    for (const hidden of [secret, "slack-token", "query-token", "routing-key-0001"])
      expect(JSON.stringify([made, again.body, all.body, kept, sealed])).not.toContain(hidden);
  });

  test("201 makes the secret of a webhook and shows it once; 200 renew_secret shows the next", async () => {
    const first = (await put("hub", webhook("/renew"))).body.secret as unknown as string;
    expect(first).toMatch(/^ilw_[\w-]{32}$/);
    expect((await put("hub", webhook("/renew"))).body.secret).toBeNull();
    const next = (await put("hub", { kind: "webhook", renew_secret: true })).body.secret;
    expect([next === first, (await api.get("/channels/hub")).body.secret]).toEqual([false, undefined]);
  });

  test("422 names the path", async () => {
    const paths = async (body: Json) => {
      const { status, body: said } = await put("bad", body);
      return [status, (said.errors as unknown as { path: string }[])?.map((e) => e.path).join()];
    };
    expect(await paths({ kind: "slack" })).toEqual([422, "url"]);
    expect(await paths({ kind: "slack", url: "ftp://x.example" })).toEqual([422, "url"]);
    expect(await paths({ kind: "webhook", url: "https://me:pw@x.example/" })).toEqual([422, "url"]);
    expect(await paths(webhook("/x", { secret: "short" }))).toEqual([422, "secret"]);
    expect(await paths({ kind: "email" })).toEqual([422, "to"]);
    expect(await paths({ kind: "email", to: ["not an address"] })).toEqual([422, "to[0]"]);
    expect(await paths({ kind: "email", to: ["a@b.example"], url: "https://x.example" })).toEqual([422, "url"]);
    expect(await paths({ kind: "pagerduty" })).toEqual([422, "routing_key"]);
    expect(await paths(webhook("/x", { topics: [] }))).toEqual([422, "topics"]);
    expect(await paths(webhook("/x", { colour: "red" }))).toEqual([422, "colour"]);
    expect((await api.put("/channels/Bad!", webhook("/x"))).status).toBe(422);
    expect((await api.get("/deliveries?state=lost")).status).toBe(422);
    // A key never follows an address to another place.
    await put("pager", { kind: "pagerduty", routing_key: "routing-key-0001" });
    expect((await put("pager", { kind: "pagerduty", url: hook.url("/mine") })).body.errors).toMatchObject([
      { path: "routing_key" },
    ]);
  });

  test("403 without notifications.write, 404 in another environment and for what is not there", async () => {
    await put("hub", webhook("/403"));
    await tell();
    await door.deliver();
    const [one] = await log();
    const retry = `/deliveries/${String(one?.delivery_id)}/retry`;
    const weak = { key: await api.key(["agent", "read", "operate", "approve"]) };
    const viewer = (await person(api, "vera", ["viewer"])).session;
    for (const who of [weak, viewer]) {
      expect((await put("hub", webhook("/403"), who)).status).toBe(403);
      expect((await api.call("DELETE", "/channels/hub", undefined, who)).status).toBe(403);
      expect((await api.post("/channels/hub/test", {}, who)).status).toBe(403);
      expect((await api.post(retry, {}, who)).status).toBe(403);
      expect((await api.get("/channels", who)).status).toBe(200);
    }
    expect((await api.get("/channels", { key: await api.key(["agent"]) })).status).toBe(403);
    const there = { key: await api.key(["configure"], { environment: "there" }) };
    expect((await api.get("/channels/hub", there)).status).toBe(404);
    expect((await api.call("DELETE", "/channels/hub", undefined, there)).status).toBe(404);
    expect((await api.post("/channels/hub/test", {}, there)).status).toBe(404);
    expect((await api.post(retry, {}, there)).status).toBe(404);
    expect((await api.get("/deliveries", there)).body.items).toEqual([]);
  });

  test("200 lists the log by channel, state and topic, page by page; a bound key sees its agents' alone", async () => {
    await put("hub", webhook("/log"));
    await put("gone", webhook("/log-gone"));
    hook.answer("/log-gone", { status: 410 }, { status: 410 });
    await tell();
    await tell({ topic: "budgets", agentId: "other-bot" });
    await door.deliver();
    expect(await log("?channel=hub")).toMatchObject([
      { topic: "budgets", state: "sent", attempts: 1, last_status: 200, last_error: null, event: "opened" },
      { topic: "alerts", title: `Runaway loop ${n - 1}`, severity: "high", path: `/alerts/al_${n - 1}`, messages: 1 },
    ]);
    expect(await log("?state=dead&topic=alerts")).toMatchObject([{ channel: "gone", last_error: "it answered 410" }]);
    const page = await api.get("/deliveries?limit=3");
    expect(page.body.items).toHaveLength(3);
    expect(await log(`?limit=3&cursor=${String(page.body.next_cursor)}`)).toHaveLength(1);
    const bound = { key: await api.key(["read"], { agent_ids: ["triage-*"] }) };
    expect((await api.get("/deliveries", bound)).body.items).toHaveLength(2);
  });

  test("200 test sends a real message by the same way and says what came of it, past every filter", async () => {
    await put("hub", webhook("/test", { topics: ["budgets"], min_severity: "critical", enabled: false }));
    expect((await api.post("/channels/hub/test")).body).toMatchObject({ state: "sent", last_status: 200 });
    expect(hook.at("/test")[0]?.body).toMatchObject({ topic: "test", severity: "info", title: "Test of channel hub" });
    hook.answer("/test", { status: 403, text: "no_team" });
    expect((await api.post("/channels/hub/test")).body).toMatchObject({
      state: "dead",
      last_status: 403,
      last_error: "it answered 403: no_team",
    });
    await put("pager", { kind: "pagerduty", routing_key: "routing-key-0001", url: hook.url("/test-pager") });
    expect((await api.post("/channels/pager/test")).body.state).toBe("sent");
    await door.deliver();
    expect(hook.at("/test-pager").map((g) => g.body.event_action)).toEqual(["trigger", "resolve"]);
    expect((await api.get("/channels/pager")).body).toMatchObject({ last: { state: "sent" }, day: { sent: 2 } });
  });

  test("200 retry sends what was given up; 409 for what was sent, and where the channel is off or gone", async () => {
    await put("hub", webhook("/retry"));
    hook.answer("/retry", { status: 400 });
    await tell();
    await door.deliver();
    const [dead] = await log();
    const retry = () => api.post(`/deliveries/${String(dead?.delivery_id)}/retry`);
    await put("hub", { kind: "webhook", enabled: false });
    expect((await retry()).status).toBe(409);
    await put("hub", { kind: "webhook" });
    expect((await retry()).body).toMatchObject({ state: "queued", audit_row: expect.any(Number) });
    await door.deliver();
    expect(await log()).toMatchObject([{ state: "sent", attempts: 2 }]);
    expect((await retry()).status).toBe(409);
    await api.call("DELETE", "/channels/hub");
    expect((await retry()).status).toBe(409);
    // Another channel of the same name is another channel.
    expect((await put("hub", webhook("/retry"))).body).toMatchObject({ last: null, day: { sent: 0 } });
    expect((await retry()).body.detail).toBe("Its channel was deleted.");
    expect((await api.post("/deliveries/dlv_none/retry")).status).toBe(404);
  });
});

describe("what is sent", () => {
  test("a webhook gets the documented body, signed over its time, under the delivery's id", async () => {
    const secret = "a-secret-of-sixteen-or-more";
    await put("hub", webhook("/signed", { secret }));
    await tell({ text: "two\nlines" });
    await door.deliver();
    const [got] = hook.at("/signed");
    const [, t = "", v1 = ""] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(got?.headers["interlock-signature"])) ?? [];
    expect(createHmac("sha256", secret).update(`${t}.${got?.text}`).digest("hex")).toBe(v1);
    expect(Math.abs(Date.now() / 1000 - Number(t))).toBeLessThan(60);
    const [row] = await log();
    expect(got?.headers["interlock-delivery"]).toBe(row?.delivery_id);
    expect(got?.body).toEqual({
      delivery_id: row?.delivery_id,
      environment: "production",
      topic: "alerts",
      event: "opened",
      severity: "high",
      dedupe_key: `alert:al_${n}`,
      acknowledged: false,
      title: `Runaway loop ${n}`,
      text: "two\nlines",
      url: `https://interlock.example.com/production/alerts/al_${n}`,
      agent_id: "triage-bot",
      facts: [{ label: "Calls", value: "9" }],
      at: expect.any(String),
      digest: null,
    });
  });

  test("Slack gets blocks, a text for servers without them, and no markup from agents", async () => {
    await put("slack", { kind: "slack", url: hook.url("/slack") });
    await tell({ title: "<!channel> & co", text: "<https://evil.example|click>", linkPath: "/a/signed" });
    await door.deliver();
    const body = hook.at("/slack")[0]?.body as { text: string; blocks: Json[] };
    expect(body.text).toBe(
      "High: &lt;!channel&gt; &amp; co\n&lt;https://evil.example|click&gt;\nhttps://interlock.example.com/a/signed",
    );
    expect(body.blocks.map((b) => b.type)).toEqual(["header", "section", "section", "actions", "context"]);
    expect(body.blocks[3]).toMatchObject({
      elements: [{ type: "button", url: "https://interlock.example.com/a/signed", text: { emoji: false } }],
    });
    expect(JSON.stringify(body.blocks[1])).not.toContain("<https");
  });

  test("PagerDuty gets trigger, acknowledge and resolve under one key, and only alerts and incidents", async () => {
    await put("pager", { kind: "pagerduty", routing_key: "routing-key-0001", url: hook.url("/pager") });
    const one = { dedupeKey: "alert:al_pd" };
    await tell(one);
    await tell({ ...one, event: "updated", acknowledged: true, severity: "critical" });
    await tell({ ...one, event: "resolved" });
    await tell({ topic: "approvals" });
    await door.deliver();
    const got = hook.at("/pager").map((g) => g.body) as Json[];
    const by = (action: string) => got.find((g) => g.event_action === action);
    expect(got).toHaveLength(3);
    expect(by("trigger")).toMatchObject({
      routing_key: "routing-key-0001",
      dedup_key: "alert:al_pd",
      links: [{ href: expect.stringContaining("https://interlock.example.com/production/alerts/") }],
      payload: { severity: "error", source: "production", component: "triage-bot", custom_details: { Calls: "9" } },
    });
    expect(by("acknowledge")).toMatchObject({ dedup_key: "alert:al_pd", payload: { severity: "critical" } });
    expect(by("resolve")).toMatchObject({ dedup_key: "alert:al_pd" });
  });

  test("mail goes out once to all; a mailbox that does not exist is said, and alone is dead", async () => {
    await put("mail", { kind: "email", to: ["ana@example.com", "ben@nowhere.example"] });
    await tell({ title: "Loop\r\nBcc: eve@example.com" });
    await door.deliver();
    const [mail] = post.mails;
    expect(mail).toMatchObject({ from: "interlock@interlock.example.com", to: ["ana@example.com"] });
    expect(mail?.text).toMatch(/^Subject: \[High\] Loop Bcc: eve@example.com\r$/m);
    expect(mail?.text).not.toMatch(/^Bcc:/m);
    expect(mail?.text).toContain(`Open in Interlock: https://interlock.example.com/production/alerts/al_${n}`);
    expect(mail?.text).toContain("Calls: 9");
    expect(await log()).toMatchObject([
      { state: "sent", last_status: 250, last_error: "refused for ben@nowhere.example" },
    ]);
    await put("mail", { kind: "email", to: ["ben@nowhere.example"] });
    expect((await api.post("/channels/mail/test")).body).toMatchObject({ state: "dead", last_status: 550 });
  });

  test("without a mail server the channel says so, and its deliveries fail with that", async () => {
    const url = (await import("../../platform/env")).env().INTERLOCK_SMTP_URL ?? "";
    provide({ INTERLOCK_SMTP_URL: "" });
    const why = "No mail server is set: INTERLOCK_SMTP_URL.";
    expect((await put("mail", { kind: "email", to: ["ana@example.com"] })).body.problem).toBe(why);
    expect((await api.post("/channels/mail/test")).body).toMatchObject({ state: "failed", last_error: why });
    provide({ INTERLOCK_SMTP_URL: url });
  });

  test("a channel takes what its topics, severity and agents say; what is about nobody concerns everybody", async () => {
    await put("some", webhook("/some", { topics: ["alerts"], min_severity: "high", agent_ids: ["triage-*"] }));
    await put("off", webhook("/off", { enabled: false }));
    await tell({ title: "taken" });
    await tell({ title: "of another", agentId: "other-bot" });
    await tell({ title: "too small", severity: "warning" });
    await tell({ title: "another topic", topic: "budgets" });
    await tell({ title: "of nobody", agentId: undefined });
    await door.deliver();
    expect(
      hook
        .at("/some")
        .map((g) => g.body.title)
        .sort(),
    ).toEqual(["of nobody", "taken"]);
    expect(hook.at("/off")).toEqual([]);
  });
});

describe("how it is sent", () => {
  test("what is rolled back is not told", async () => {
    await put("hub", webhook("/rolled"));
    const { inTransaction } = await import("../../platform/verb");
    const environmentId = await home();
    const message = { environmentId, topic: "alerts", severity: "high", event: "opened", dedupeKey: "k" } as const;
    const rolled = inTransaction(async (tx) => {
      await door.notify(tx, { ...message, title: "t", text: "", path: "/", facts: [] });
      throw new Error("no");
    });
    await expect(rolled).rejects.toThrow("no");
    await door.deliver();
    expect([await api.query("select 1 from notifications"), hook.at("/rolled")]).toEqual([[], []]);
  });

  test("what fails is tried again with the same id, later and later, and then sent", async () => {
    await put("hub", webhook("/flaky"));
    hook.answer("/flaky", { status: 503, text: "busy" }, { status: 429, headers: { "retry-after": "1200" } });
    await tell();
    const wait = async () => {
      await door.deliver();
      const [row] = await api.query("select extract(epoch from next_at - now())::float8 as s from deliveries");
      return Number(row?.s);
    };
    const first = await wait();
    expect(first > 6 && first < 13).toBe(true);
    expect(await rows()).toMatchObject([{ state: "failed", last_status: 503, last_error: "it answered 503: busy" }]);
    await door.deliver();
    expect(hook.at("/flaky")).toHaveLength(1);
    await dueNow();
    const second = await wait();
    expect(second > 1_150 && second < 1_201).toBe(true);
    await dueNow();
    await door.deliver();
    expect(await rows()).toMatchObject([{ state: "sent", attempts: 3, last_status: 200, last_error: null }]);
    expect(new Set(hook.at("/flaky").map((g) => g.headers["interlock-delivery"])).size).toBe(1);
  });

  test("a no is final, and so is the eighth failure; a redirect is not followed", async () => {
    await put("no", webhook("/no"));
    hook.answer("/no", { status: 404 });
    await put("moved", webhook("/moved"));
    hook.answer("/moved", { status: 302, headers: { location: hook.url("/elsewhere") } });
    await put("down", webhook("/down"));
    hook.answer("/down", ...Array.from({ length: 9 }, () => ({ status: 500 })));
    await tell();
    for (let i = 0; i < 9; i++) {
      await dueNow();
      await door.deliver();
    }
    expect(await rows("channel <> 'down'")).toMatchObject([
      { state: "dead", attempts: 1 },
      { state: "dead", attempts: 1 },
    ]);
    expect(await rows("channel = 'down'")).toMatchObject([{ state: "dead", attempts: 8, last_status: 500 }]);
    expect([hook.at("/down").length, hook.at("/elsewhere").length]).toEqual([8, 0]);
  });

  test("a private address is refused, unless it is allowed", async () => {
    await put("hub", webhook("/private"));
    provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "false" });
    const said = (await api.post("/channels/hub/test")).body;
    provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "true" });
    expect(said).toMatchObject({
      state: "dead",
      last_status: null,
      last_error: expect.stringContaining("private address"),
    });
    expect(hook.at("/private")).toEqual([]);
  });

  test("nothing that a server repeats of a secret is kept", async () => {
    await put("pager", { kind: "pagerduty", routing_key: "routing-key-0001", url: hook.url("/echo") });
    hook.answer("/echo", { status: 400, text: "bad key routing-key-0001" });
    expect((await api.post("/channels/pager/test")).body.last_error).toBe("it answered 400: bad key [hidden]");
  });

  test("two workers at once send each message once; a worker that died is followed by one that sends again", async () => {
    await put("hub", webhook("/twice"));
    for (let i = 0; i < 12; i++) await tell();
    await Promise.all([door.deliver(), door.deliver(), door.deliver()]);
    await until(async () => (await rows("state <> 'sent'")).length === 0);
    expect(new Set(hook.at("/twice").map((g) => g.body.dedupe_key)).size).toBe(12);
    expect(hook.at("/twice")).toHaveLength(12);
    await api.query(
      "update deliveries set state = 'queued', claimed_until = now() + interval '1 minute' where delivery_id = (select min(delivery_id) from deliveries)",
    );
    await door.deliver();
    expect(hook.at("/twice")).toHaveLength(12);
    await api.query("update deliveries set claimed_until = now() - interval '1 second' where state = 'queued'");
    await door.deliver();
    expect(hook.at("/twice")).toHaveLength(13);
  });

  test("a channel that never answers holds up no other, and has four under way at most", async () => {
    await put("dumb", webhook("/dumb"));
    hook.answer("/dumb", ...Array.from({ length: 20 }, () => "never" as const));
    for (let i = 0; i < 8; i++) await tell();
    await door.deliver();
    await put("quick", webhook("/quick"));
    await tell();
    await door.deliver();
    expect(hook.at("/quick")).toHaveLength(1);
    expect(hook.at("/dumb")).toHaveLength(4);
  });

  test("more than twenty of a topic within a minute become one; what is critical is not in it", async () => {
    await put("hub", webhook("/flood"));
    for (let i = 0; i < 18; i++) await tell({ severity: "info" });
    await door.deliver();
    await until(async () => hook.at("/flood").length === 18);
    for (let i = 0; i < 30; i++) await tell({ severity: i === 9 ? "high" : "warning", title: `flood ${i}` });
    await tell({ severity: "critical", title: "alone" });
    await tell({ topic: "budgets", title: "another topic" });
    await door.deliver();
    await tell({ severity: "warning", title: "late" });
    await door.deliver();
    const titles = () =>
      hook
        .at("/flood")
        .slice(18)
        .map((g) => g.body.title);
    expect(titles().sort()).toEqual(["alone", "another topic"]);
    await dueNow();
    await door.deliver();
    const digest = hook.at("/flood").at(-1)?.body as Json;
    expect(digest).toMatchObject({
      title: "31 messages about alerts, told as one",
      severity: "high",
      url: "https://interlock.example.com/production/alerts",
      facts: [
        { label: "High", value: "1" },
        { label: "Warning", value: "30" },
      ],
      digest: { messages: 31, first: [{ title: "flood 9", severity: "high" }, {}, {}, {}, {}] },
    });
    expect(digest.text).toContain("and 26 more");
    expect(await rows("digest_id is not null and state <> 'sent'")).toEqual([]);
    const [first] = await log("?limit=1");
    expect(await log()).toEqual(expect.arrayContaining([expect.objectContaining({ messages: 31, state: "sent" })]));
    expect((await api.post(`/deliveries/${String(first?.delivery_id)}/retry`)).status).toBe(409);
  });

  test("a pager hears each end of what it heard begin, also in a flood", async () => {
    await put("pager", { kind: "pagerduty", routing_key: "routing-key-0001", url: hook.url("/ends") });
    for (let i = 0; i < 25; i++) await tell();
    for (let i = 0; i < 3; i++) await tell({ event: "resolved" });
    await door.deliver();
    await until(async () => hook.at("/ends").length === 3);
    expect(hook.at("/ends").map((g) => g.body.event_action)).toEqual(["resolve", "resolve", "resolve"]);
  });

  test("after thirty days nothing of it is kept", async () => {
    const { forget } = await import("../../notifications/store/outbox");
    const { sql } = await import("../../platform/db/pool");
    await put("hub", webhook("/old"));
    await tell();
    await door.deliver();
    await api.query("update deliveries set created_at = now() - interval '31 days'");
    await api.query("update notifications set at = now() - interval '31 days'");
    expect([await forget(sql()), await log()]).toEqual([2, []]);
  });
});
