import type { Sql } from "../../platform/db/pool";
import type { ChannelKind, DeliveryState, NotifyTopic } from "../schema";
import type { Target } from "./channels";
import type { NotificationRow } from "./outbox";

/** How long whoever took a delivery may take; after it somebody else sends it again, under the same id. */
const LEASE_S = 60;
/** At once to one channel: a slow one holds up nobody else. */
const AT_ONCE = 4;

export type Claimed = { environmentId: string; deliveryId: string; attempts: number; triesLeft: number };

const TAKE = `update deliveries d set claimed_until = clock_timestamp() + interval '${LEASE_S} seconds', attempts = d.attempts + 1, tries_left = d.tries_left - 1
  from taken t where d.environment_id = t.environment_id and d.delivery_id = t.delivery_id
  returning d.environment_id as "environmentId", d.delivery_id as "deliveryId", d.attempts, d.tries_left as "triesLeft"`;
const FREE = "d.state in ('queued', 'failed') and (d.claimed_until is null or d.claimed_until < clock_timestamp())";

/** Takes what is due, for this process alone, and no more of one channel than it may have under way. */
export async function claimDue(tx: Sql, limit: number): Promise<Claimed[]> {
  const { rows } = await tx.query<Claimed>(
    `with busy as (select environment_id, channel, count(*) as n from deliveries
       where state in ('queued', 'failed') and digest_id is null and claimed_until > clock_timestamp() group by 1, 2),
     ranked as (select d.environment_id, d.delivery_id, d.next_at, coalesce(b.n, 0)
         + row_number() over (partition by d.environment_id, d.channel order by d.next_at, d.delivery_id) as place
       from deliveries d left join busy b on b.environment_id = d.environment_id and b.channel = d.channel
       where ${FREE} and d.digest_id is null and d.next_at <= clock_timestamp()),
     picked as (select environment_id, delivery_id from ranked where place <= ${AT_ONCE} order by next_at limit $1),
     taken as (select d.environment_id, d.delivery_id from deliveries d join picked p using (environment_id, delivery_id)
       where ${FREE} for update of d skip locked)
     ${TAKE}`,
    [limit],
  );
  return rows;
}

/** This one, now; null where somebody else has it, or it is done. */
export async function claimOne(tx: Sql, environmentId: string, deliveryId: string): Promise<Claimed | null> {
  const { rows } = await tx.query<Claimed>(
    `with taken as (select d.environment_id, d.delivery_id from deliveries d where d.environment_id = $1 and d.delivery_id = $2
       and ${FREE} for update skip locked) ${TAKE}`,
    [environmentId, deliveryId],
  );
  return rows[0] ?? null;
}

const MESSAGE = `n.environment_id as "environmentId", n.notification_id as "notificationId", n.topic, n.severity, n.event, n.dedupe_key as "dedupeKey",
  n.title, n.text, n.path, n.link_path as "linkPath", n.agent_id as "agentId", n.facts, n.acknowledged, n.at`;
export type Message = NotificationRow & { at: Date };
export type Parcel = {
  environment: string;
  topic: NotifyTopic | "test";
  digest: boolean;
  /** null: the channel is gone. */
  kind: ChannelKind | null;
  target: Target;
  sealed: Buffer | null;
  messages: Message[];
};

/** What is to be sent, and where to; of a digest every message it tells, oldest first. */
export async function parcelOf(tx: Sql, environmentId: string, deliveryId: string): Promise<Parcel | null> {
  const { rows: found } = await tx.query<Omit<Parcel, "messages">>(
    `select e.slug as environment, d.topic, d.notification_id is null as digest, c.kind, c.target, c.sealed from deliveries d
     join environments e on e.id = d.environment_id left join channels c on c.environment_id = d.environment_id and c.slug = d.channel
     where d.environment_id = $1 and d.delivery_id = $2`,
    [environmentId, deliveryId],
  );
  const { rows: messages } = await tx.query<Message>(
    `select ${MESSAGE} from deliveries d join notifications n on n.environment_id = d.environment_id and n.notification_id = d.notification_id
     where d.environment_id = $1 and (d.delivery_id = $2 or d.digest_id = $2) order by n.at, n.notification_id`,
    [environmentId, deliveryId],
  );
  return found[0] ? { ...found[0], messages } : null;
}

export type Outcome = {
  state: DeliveryState;
  error: string | null;
  status: number | null;
  ms: number | null;
  retryInS: number | null;
};
/** What came of it; the messages that a digest told share its lot. */
export async function mark(tx: Sql, environmentId: string, deliveryId: string, o: Outcome): Promise<void> {
  await tx.query(
    `update deliveries set state = $3, last_error = $4, last_status = $5, answer_ms = $6, claimed_until = null,
       next_at = case when $7::float8 is null then next_at else clock_timestamp() + make_interval(secs => $7) end,
       sent_at = case when $3 = 'sent' then clock_timestamp() end
     where environment_id = $1 and (delivery_id = $2 or digest_id = $2) and state in ('queued', 'failed')`,
    [environmentId, deliveryId, o.state, o.error, o.status, o.ms, o.retryInS],
  );
}

/** Nothing more goes to a channel that is gone, or switched off. */
export const giveUp = (tx: Sql, environmentId: string, channel: string, why: string) =>
  tx.query(
    `update deliveries set state = 'dead', last_error = $3, claimed_until = null
     where environment_id = $1 and channel = $2 and state in ('queued', 'failed')`,
    [environmentId, channel, why],
  );
