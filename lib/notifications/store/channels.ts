import type { Sql } from "../../platform/db/pool";
import type { ChannelKind, DeliveryState, NotifySeverity, NotifyTopic } from "../schema";

/** What may be shown of where a channel leads. */
export type Target = { url: string | null; to: string[]; tail: string | null };
export type Channel = {
  environmentId: string;
  slug: string;
  kind: ChannelKind;
  name: string;
  enabled: boolean;
  minSeverity: NotifySeverity;
  topics: NotifyTopic[];
  agentIds: string[];
  target: Target;
  sealed: Buffer | null;
};
export type ChannelRow = Channel & { revision: number; updatedBy: string; updatedAt: Date; madeAt: Date };
export type ListedChannel = ChannelRow & {
  last: { state: DeliveryState; at: string; last_error: string | null; last_status: number | null } | null;
  day: { sent: number; waiting: number; failed: number; dead: number };
};

const COLUMNS = `c.environment_id as "environmentId", c.slug, c.kind, c.name, c.enabled, c.min_severity as "minSeverity", c.topics,
  c.agent_ids as "agentIds", c.target, c.sealed, c.revision, c.updated_by as "updatedBy", c.updated_at as "updatedAt", c.made_at as "madeAt"`;
const NEWS = `(select jsonb_build_object('state', d.state, 'last_error', d.last_error, 'last_status', d.last_status,
    'at', to_char(coalesce(d.sent_at, d.created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  from deliveries d where d.environment_id = c.environment_id and d.channel = c.slug and d.created_at >= c.made_at order by d.created_at desc, d.delivery_id desc limit 1) as last,
  (select jsonb_build_object('sent', count(*) filter (where d.state = 'sent'), 'waiting', count(*) filter (where d.state = 'queued'),
    'failed', count(*) filter (where d.state = 'failed'), 'dead', count(*) filter (where d.state = 'dead'))
  from deliveries d where d.environment_id = c.environment_id and d.channel = c.slug and d.created_at >= c.made_at and d.created_at > now() - interval '24 hours') as day`;

export async function channelsOf(tx: Sql, environmentId: string, slug: string | null): Promise<ListedChannel[]> {
  const { rows } = await tx.query<ListedChannel>(
    `select ${COLUMNS}, ${NEWS} from channels c where c.environment_id = $1 and ($2::text is null or c.slug = $2) order by c.name, c.slug`,
    [environmentId, slug],
  );
  return rows;
}

/** Whoever writes the same channel at once waits here. */
export async function locked(tx: Sql, environmentId: string, slug: string): Promise<ChannelRow | null> {
  const { rows } = await tx.query<ChannelRow>(
    `select ${COLUMNS} from channels c where c.environment_id = $1 and c.slug = $2 for update`,
    [environmentId, slug],
  );
  return rows[0] ?? null;
}

export async function putChannel(tx: Sql, c: Channel & { by: string }): Promise<void> {
  await tx.query(
    `insert into channels (environment_id, slug, kind, name, enabled, min_severity, topics, agent_ids, target, sealed, updated_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (environment_id, slug) do update set kind = excluded.kind, name = excluded.name, enabled = excluded.enabled,
       min_severity = excluded.min_severity, topics = excluded.topics, agent_ids = excluded.agent_ids, target = excluded.target,
       sealed = excluded.sealed, updated_by = excluded.updated_by, updated_at = now(), revision = channels.revision + 1`,
    [
      c.environmentId,
      c.slug,
      c.kind,
      c.name,
      c.enabled,
      c.minSeverity,
      c.topics,
      c.agentIds,
      JSON.stringify(c.target),
      c.sealed,
      c.by,
    ],
  );
}

export async function deleteChannel(tx: Sql, environmentId: string, slug: string): Promise<boolean> {
  const { rowCount } = await tx.query("delete from channels where environment_id = $1 and slug = $2", [
    environmentId,
    slug,
  ]);
  return rowCount === 1;
}

/** The channels of these environments that are switched on, and have the secret that they need. */
export async function openChannels(tx: Sql, environmentIds: string[]): Promise<Channel[]> {
  const { rows } = await tx.query<Channel>(
    `select ${COLUMNS} from channels c where c.environment_id = any($1) and c.enabled
       and (c.kind = 'email' or c.sealed is not null)`,
    [environmentIds],
  );
  return rows;
}
