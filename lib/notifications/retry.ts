import { announce } from "../platform/announce";
import type { Ctx } from "../platform/ctx";
import { Failure, notFound } from "../platform/errors";
import { newId } from "../platform/ids";
import { inTransaction, reader, writeSql } from "../platform/verb";
import { deliverOne } from "./deliver";
import { channelInput, deliveryInput, type NotifyEvent, type TestShape } from "./schema";
import { type Channel, channelsOf } from "./store/channels";
import { again, delivery } from "./store/log";
import { insertDeliveries, insertNotification } from "./store/outbox";

const WAIT_MS = 15_000;

const stored = (ctx: Ctx, c: Channel, event: NotifyEvent) => ({
  environmentId: ctx.environmentId,
  notificationId: newId("ntf"),
  topic: "test" as const,
  severity: "info" as const,
  event,
  dedupeKey: `test:${c.slug}`,
  title: `Test of channel ${c.name}`,
  text: `${ctx.actor.name} sent this test. Nothing has happened; what happens will arrive here in the same way.`,
  path: "/settings?tab=notifications",
  linkPath: null,
  agentId: null,
  facts: [
    { label: "Channel", value: c.slug },
    { label: "Kind", value: c.kind },
  ],
  acknowledged: false,
});

async function queue(tx: Parameters<typeof insertNotification>[0], ctx: Ctx, c: Channel, event: NotifyEvent) {
  const message = stored(ctx, c, event);
  const deliveryId = newId("dlv");
  await insertNotification(tx, message, true);
  const stream = { environmentId: ctx.environmentId, channel: c.slug, topic: "test", urgent: false };
  await insertDeliveries(tx, stream, [{ deliveryId, notificationId: message.notificationId }]);
  return deliveryId;
}

/** A test message of this channel, past its filters. @throws Failure `not_found` */
export const queueTest = writeSql("channel.test", {
  needs: "notifications.write",
  input: channelInput,
  run: async ({ tx, ctx, input }) => {
    const [channel] = await channelsOf(tx, ctx.environmentId, input.slug);
    if (!channel) throw notFound("channel");
    const deliveryId = await queue(tx, ctx, channel, "opened");
    return {
      value: { delivery_id: deliveryId, kind: channel.kind },
      audit: { target: { type: "channel", id: input.slug }, summary: `sent a test to channel ${input.slug}` },
    };
  },
});

/** Sends a test the way everything is sent, and waits up to 15 s for what comes of it. @throws Failure `not_found` */
export async function testChannel(ctx: Ctx, raw: { slug: string }): Promise<TestShape> {
  const { delivery_id, kind, audit_row } = await queueTest(ctx, raw);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WAIT_MS);
  });
  await Promise.race([deliverOne(ctx.environmentId, delivery_id), late]);
  clearTimeout(timer);
  const found = await delivery(reader().sql, ctx.environmentId, delivery_id);
  if (!found) throw notFound("delivery");
  // A pager that was woken by a test is put to sleep again.
  if (kind === "pagerduty" && found.state === "sent") await resolveTest(ctx, raw.slug);
  announce(ctx.environmentId, "notifications");
  const { state, lastStatus, lastError, answerMs } = found;
  return { delivery_id, state, last_status: lastStatus, last_error: lastError, answer_ms: answerMs, audit_row };
}

const resolveTest = (ctx: Ctx, slug: string): Promise<void> =>
  inTransaction(async (tx) => {
    const [channel] = await channelsOf(tx, ctx.environmentId, slug);
    if (channel) await queue(tx, ctx, channel, "resolved");
  });

/** Eight more tries, from now on. @throws Failure `not_found` | `conflict` (sent, under way, part of a digest, channel gone or off) */
export const retryDelivery = writeSql("delivery.retry", {
  needs: "notifications.write",
  input: deliveryInput,
  run: async ({ tx, ctx, input }) => {
    const found = await delivery(tx, ctx.environmentId, input.delivery_id);
    if (!found) throw notFound("delivery");
    if (found.digestId !== null)
      throw new Failure("conflict", "It was told by a digest: retry that.", { extra: { digest_id: found.digestId } });
    const [channel] = await channelsOf(tx, ctx.environmentId, found.channel);
    if (!channel || found.createdAt < channel.madeAt) throw new Failure("conflict", "Its channel was deleted.");
    if (!channel.enabled && found.topic !== "test") throw new Failure("conflict", "Its channel is switched off.");
    if (!(await again(tx, ctx.environmentId, input.delivery_id)))
      throw new Failure("conflict", found.state === "sent" ? "It was sent already." : "It is under way already.");
    return {
      value: { delivery_id: input.delivery_id, state: "queued" as const },
      audit: {
        target: { type: "channel", id: found.channel },
        summary: `had ${input.delivery_id} sent again by channel ${found.channel}`,
        before: { state: found.state, attempts: found.attempts },
      },
    };
  },
});
