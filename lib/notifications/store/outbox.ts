import type { Sql } from "../../platform/db/pool";
import type { NotifyEvent, NotifySeverity, NotifyTopic } from "../schema";

export type Fact = { label: string; value: string };
export type NotificationRow = {
  environmentId: string;
  notificationId: string;
  topic: NotifyTopic | "test";
  severity: NotifySeverity;
  event: NotifyEvent;
  dedupeKey: string;
  title: string;
  text: string;
  path: string;
  linkPath: string | null;
  agentId: string | null;
  facts: Fact[];
  acknowledged: boolean;
};

/** @param spread it has its deliveries already */
export async function insertNotification(tx: Sql, n: NotificationRow, spread = false): Promise<void> {
  await tx.query(
    `insert into notifications (environment_id, notification_id, topic, severity, event, dedupe_key, title, text, path, link_path, agent_id, facts,
       acknowledged, spread_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, case when $14 then clock_timestamp() end)`,
    [
      n.environmentId,
      n.notificationId,
      n.topic,
      n.severity,
      n.event,
      n.dedupeKey,
      n.title,
      n.text,
      n.path,
      n.linkPath,
      n.agentId,
      JSON.stringify(n.facts),
      n.acknowledged,
      spread,
    ],
  );
}

export type ToSpread = Pick<
  NotificationRow,
  "environmentId" | "notificationId" | "topic" | "severity" | "event" | "agentId"
>;
/** Takes messages that have no deliveries yet, oldest first; another worker takes others. */
export async function takeUnspread(tx: Sql, limit: number): Promise<ToSpread[]> {
  const { rows } = await tx.query<ToSpread>(
    `with taken as (select environment_id, notification_id from notifications where spread_at is null order by at limit $1 for update skip locked)
     update notifications n set spread_at = clock_timestamp() from taken t
     where n.environment_id = t.environment_id and n.notification_id = t.notification_id
     returning n.environment_id as "environmentId", n.notification_id as "notificationId", n.topic, n.severity, n.event, n.agent_id as "agentId"`,
    [limit],
  );
  return rows.sort((a, b) => (a.notificationId < b.notificationId ? -1 : 1));
}

/** What counts as one flood. What is critical never drowns in what is not. */
export type Stream = { environmentId: string; channel: string; topic: string; urgent: boolean };
const args = (s: Stream) => [s.environmentId, s.channel, s.topic, s.urgent];

/** One worker counts a channel's flood at a time: two would each see half of it. */
export const lockFlood = (tx: Sql, s: Stream) =>
  tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`flood ${args(s).join(" ")}`]);

/** How many messages the channel was given one by one within the last minute, and how many digests. */
export async function flood(tx: Sql, s: Stream): Promise<{ single: number; digests: number }> {
  const { rows } = await tx.query<{ single: number; digests: number }>(
    `select count(*) filter (where notification_id is not null and digest_id is null)::int as single,
       count(*) filter (where notification_id is null)::int as digests
     from deliveries where environment_id = $1 and channel = $2 and topic = $3 and urgent = $4 and created_at > clock_timestamp() - interval '1 minute'`,
    args(s),
  );
  return rows[0] ?? { single: 0, digests: 0 };
}

/** The digest that nobody has begun to send, held until this transaction ends: what joins it is told by it. */
export async function gathering(tx: Sql, s: Stream): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(
    `select delivery_id as id from deliveries where environment_id = $1 and channel = $2 and topic = $3 and urgent = $4
       and notification_id is null and state = 'queued' and attempts = 0 and claimed_until is null limit 1 for update`,
    args(s),
  );
  return rows[0]?.id ?? null;
}

export type NewDelivery = { deliveryId: string; notificationId: string | null; digestId?: string; waitS?: number };
export async function insertDeliveries(tx: Sql, s: Stream, rows: NewDelivery[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into deliveries (environment_id, channel, topic, urgent, delivery_id, notification_id, digest_id, next_at)
     select $1, $2, $3, $4, x.d, x.n, x.g, clock_timestamp() + make_interval(secs => x.w)
     from unnest($5::text[], $6::text[], $7::text[], $8::float8[]) as x(d, n, g, w) on conflict do nothing`,
    [
      ...args(s),
      rows.map((r) => r.deliveryId),
      rows.map((r) => r.notificationId),
      rows.map((r) => r.digestId ?? null),
      rows.map((r) => r.waitS ?? 0),
    ],
  );
}

/** After 30 days a message, and what came of it, is gone. */
export async function forget(tx: Sql): Promise<number> {
  const old = (table: string, at: string) =>
    tx.query(
      `delete from ${table} where ctid = any(array(select ctid from ${table} where ${at} < now() - interval '30 days' limit 5000))`,
    );
  const [a, b] = [await old("deliveries", "created_at"), await old("notifications", "at")];
  return (a.rowCount ?? 0) + (b.rowCount ?? 0);
}
