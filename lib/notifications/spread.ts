import { matches } from "../platform/authz";
import { newId } from "../platform/ids";
import { inTransaction } from "../platform/verb";
import { SEVERITIES } from "./schema";
import { type Channel, openChannels } from "./store/channels";
import * as outbox from "./store/outbox";

/** Messages of one topic that a channel takes one by one within a minute; what is more becomes a digest. */
export const FLOOD = 20;
/** The first digest gathers for a moment, those after it for a minute each. */
const FIRST_S = 5;
const NEXT_S = 60;
const BATCH = 500;

export function takes(c: Channel, m: Pick<outbox.ToSpread, "topic" | "severity" | "agentId">): boolean {
  if (m.topic === "test" || !c.topics.includes(m.topic)) return false;
  if (SEVERITIES.indexOf(m.severity) < SEVERITIES.indexOf(c.minSeverity)) return false;
  const { agentId } = m;
  return c.agentIds.length === 0 || agentId === null || c.agentIds.some((p) => matches(p, agentId));
}

type Group = { stream: outbox.Stream; foldable: boolean; messages: outbox.ToSpread[] };

/** What goes to which channel, gathered by what counts as one flood. A pager must hear each end of what it heard begin. */
function grouped(messages: outbox.ToSpread[], channels: Channel[]): Group[] {
  const groups = new Map<string, Group>();
  for (const c of channels)
    for (const m of messages) {
      if (m.environmentId !== c.environmentId || !takes(c, m)) continue;
      const urgent = m.severity === "critical";
      const foldable = !(c.kind === "pagerduty" && (m.event === "resolved" || m.event === "updated"));
      const key = JSON.stringify([c.environmentId, c.slug, m.topic, urgent, foldable]);
      const stream = { environmentId: c.environmentId, channel: c.slug, topic: m.topic, urgent };
      const group = groups.get(key) ?? { stream, foldable, messages: [] };
      group.messages.push(m);
      groups.set(key, group);
    }
  // Locks are taken in one order everywhere.
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** Gives each new message to the channels that take it. @returns the environments that have something to send */
export async function spread(): Promise<Set<string>> {
  return inTransaction(async (tx) => {
    const messages = await outbox.takeUnspread(tx, BATCH);
    if (messages.length === 0) return new Set();
    const channels = await openChannels(tx, [...new Set(messages.map((m) => m.environmentId))]);
    const groups = grouped(messages, channels);
    for (const { stream, foldable, messages: mine } of groups) {
      const rows = mine.map((m) => ({ deliveryId: newId("dlv"), notificationId: m.notificationId }));
      if (!foldable) {
        await outbox.insertDeliveries(tx, stream, rows);
        continue;
      }
      await outbox.lockFlood(tx, stream);
      const { single, digests } = await outbox.flood(tx, stream);
      const open = await outbox.gathering(tx, stream);
      if (open === null && single + rows.length <= FLOOD) {
        await outbox.insertDeliveries(tx, stream, rows);
        continue;
      }
      const digestId = open ?? newId("dlv");
      if (open === null)
        await outbox.insertDeliveries(tx, stream, [
          { deliveryId: digestId, notificationId: null, waitS: digests > 0 ? NEXT_S : FIRST_S },
        ]);
      await outbox.insertDeliveries(
        tx,
        stream,
        rows.map((r) => ({ ...r, digestId })),
      );
    }
    return new Set(groups.map((g) => g.stream.environmentId));
  });
}
