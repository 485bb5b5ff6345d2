import type { Sql } from "../../platform/db/pool";
import type { DeliveryState, NotifyEvent, NotifySeverity, NotifyTopic } from "../schema";
import type { Fact } from "./outbox";

export type DeliveryRow = {
  deliveryId: string;
  channel: string;
  topic: NotifyTopic | "test";
  state: DeliveryState;
  attempts: number;
  nextAt: Date | null;
  lastError: string | null;
  lastStatus: number | null;
  answerMs: number | null;
  createdAt: Date;
  sentAt: Date | null;
  severity: NotifySeverity | null;
  event: NotifyEvent | null;
  title: string | null;
  text: string | null;
  path: string | null;
  agentId: string | null;
  dedupeKey: string | null;
  facts: Fact[] | null;
  digestId: string | null;
  messages: number;
  notificationId: string | null;
};
const LISTED = `d.delivery_id as "deliveryId", d.channel, d.topic, d.state, d.attempts, d.last_error as "lastError", d.last_status as "lastStatus",
  case when d.state in ('queued', 'failed') then d.next_at end as "nextAt", d.answer_ms as "answerMs", d.created_at as "createdAt", d.sent_at as "sentAt",
  n.severity, n.event, n.title, n.text, n.path, n.agent_id as "agentId", n.dedupe_key as "dedupeKey", n.facts, d.digest_id as "digestId",
  d.notification_id as "notificationId", case when d.notification_id is not null then 1 else (select count(*)::int from deliveries m
    where m.environment_id = d.environment_id and m.digest_id = d.delivery_id) end as messages
  from deliveries d left join notifications n on n.environment_id = d.environment_id and n.notification_id = d.notification_id`;

type Filter = {
  channel: string | null;
  state: DeliveryState | null;
  topic: string | null;
  /** What the caller's key is bound to, as patterns of LIKE. */
  agents: string[] | null;
};
export async function deliveries(
  tx: Sql,
  environmentId: string,
  f: Filter,
  page: { limit: number; after: (string | number)[] | null },
): Promise<DeliveryRow[]> {
  const { rows } = await tx.query<DeliveryRow>(
    `select ${LISTED} where d.environment_id = $1 and ($2::text is null or d.channel = $2) and ($3::text is null or d.state = $3)
       and ($4::text is null or d.topic = $4) and ($5::text[] is null or n.agent_id like any($5))
       and ($6::timestamptz is null or (d.created_at, d.delivery_id) < ($6, $7))
     order by d.created_at desc, d.delivery_id desc limit $8`,
    [
      environmentId,
      f.channel,
      f.state,
      f.topic,
      f.agents,
      page.after?.[0] ?? null,
      page.after?.[1] ?? "",
      page.limit + 1,
    ],
  );
  return rows;
}

export async function delivery(tx: Sql, environmentId: string, id: string): Promise<DeliveryRow | null> {
  const { rows } = await tx.query<DeliveryRow>(`select ${LISTED} where d.environment_id = $1 and d.delivery_id = $2`, [
    environmentId,
    id,
  ]);
  return rows[0] ?? null;
}

/** Eight more tries, from now on. @returns whether it had failed until now */
export async function again(tx: Sql, environmentId: string, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update deliveries set state = 'queued', tries_left = 8, next_at = clock_timestamp()
     where environment_id = $1 and (delivery_id = $2 or digest_id = $2) and state in ('failed', 'dead')
       and (claimed_until is null or claimed_until < clock_timestamp())`,
    [environmentId, id],
  );
  return (rowCount ?? 0) > 0;
}
