import { LRUCache } from "lru-cache";
import type { Sql } from "../platform/db/pool";
import type { Tx } from "../platform/db/prisma";
import type { AgentShape, InstanceShape, NameKind } from "./schema";

export type Sighting = {
  /** `gated`: it opened a run here; false: it has a run that only spans tell of; null: this sighting does not say. */
  agents: { environmentId: string; agentId: string; version: string | null; gated: boolean | null }[];
  names: { environmentId: string; kind: NameKind; name: string }[];
};

// What was written within these seconds is not written again: a busy agent's row would be the hottest in the database.
const recent = new LRUCache<string, true>({ max: 50_000, ttl: 5_000 });
const once = (key: string): boolean => {
  if (recent.has(key)) return false;
  recent.set(key, true);
  return true;
};

export async function touchAgents(tx: Sql, agents: Sighting["agents"]): Promise<void> {
  const fresh = new Map<string, Sighting["agents"][number]>();
  for (const a of agents) {
    const key = `${a.environmentId} ${a.agentId} ${a.version} ${a.gated}`;
    if (once(key)) fresh.set(key, a);
  }
  if (fresh.size === 0) return;
  const rows = [...fresh.values()];
  await tx.query(
    `insert into agents as a (environment_id, agent_id, version, gated_at, ungated_at)
     select e, g, max(v), case when bool_or(api) then now() end, case when bool_or(not api) then now() end
     from unnest($1::text[], $2::text[], $3::text[], $4::bool[]) as i(e, g, v, api) group by e, g order by e, g
     on conflict (environment_id, agent_id) do update set last_seen_at = now(), version = coalesce(excluded.version, a.version),
       gated_at = coalesce(excluded.gated_at, a.gated_at), ungated_at = coalesce(excluded.ungated_at, a.ungated_at)`,
    [
      rows.map((r) => r.environmentId),
      rows.map((r) => r.agentId),
      rows.map((r) => r.version),
      rows.map((r) => r.gated),
    ],
  );
}

export async function touchNames(tx: Sql, names: Sighting["names"]): Promise<void> {
  const fresh = new Map<string, Sighting["names"][number]>();
  for (const n of names) {
    const key = `${n.environmentId} ${n.kind} ${n.name}`;
    if (once(key)) fresh.set(key, n);
  }
  if (fresh.size === 0) return;
  const rows = [...fresh.values()];
  await tx.query(
    `insert into fleet_names (environment_id, kind, name)
     select * from unnest($1::text[], $2::text[], $3::text[]) order by 1, 2, 3
     on conflict (environment_id, kind, name) do update set last_seen_at = now()`,
    [rows.map((r) => r.environmentId), rows.map((r) => r.kind), rows.map((r) => r.name)],
  );
}

/** `agoMs`: how long ago it was heard, since a flush gathers what arrived before it. */
export type Heard = {
  environmentId: string;
  instanceId: string;
  agentId: string | null;
  revision: number;
  agoMs: number;
};

/** Marks instances as heard from now, and writes a row of evidence where one reports a higher revision than before. */
export async function hear(tx: Sql, heard: Heard[]): Promise<void> {
  await tx.query(
    `with i as (select e, n, max(g) as g, max(r) as r, max(ms) as ms
       from unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::int[]) as k(e, n, g, r, ms) group by e, n),
     up as (
       insert into instances as x (environment_id, instance_id, agent_id, applied_revision)
       select e, n, g, r from i order by e, n
       on conflict (environment_id, instance_id) do update set last_heard_at = now(), agent_id = coalesce(excluded.agent_id, x.agent_id),
         applied_revision = greatest(x.applied_revision, excluded.applied_revision))
     insert into acknowledgements (environment_id, instance_id, revision, seen_at)
     select e, n, r, clock_timestamp() - make_interval(secs => ms / 1000.0) from i where r > 0 and r > coalesce((select x.applied_revision from instances x where x.environment_id = e and x.instance_id = n), 0)
     on conflict do nothing`,
    [
      heard.map((h) => h.environmentId),
      heard.map((h) => h.instanceId),
      heard.map((h) => h.agentId),
      heard.map((h) => h.revision),
      heard.map((h) => Math.round(h.agoMs)),
    ],
  );
}

export const shiftHeard = (tx: Sql, seconds: number) =>
  tx.query("update instances set last_heard_at = least(now(), last_heard_at + make_interval(secs => $1))", [seconds]);

type AgentRow = {
  agent_id: string;
  version: string | null;
  first_seen_at: Date;
  last_seen_at: Date;
  gated_at: Date | null;
  ungated_at: Date | null;
  reviewed_at: Date | null;
  reviewed_by: string | null;
  instances: number;
  lost_instances: number;
  heard_at: Date | null;
};
const AGENTS = `select a.*, coalesce(i.live, 0)::int as instances, coalesce(i.lost, 0)::int as lost_instances, i.heard_at
  from agents a left join (
    select agent_id, count(*) filter (where last_heard_at >= now() - make_interval(secs => $2)) as live, max(last_heard_at) as heard_at,
      count(*) filter (where last_heard_at < now() - make_interval(secs => $2) and last_heard_at > now() - interval '1 day') as lost
    from instances where environment_id = $1 group by agent_id) i using (agent_id)
  where a.environment_id = $1`;

const agentOut = (r: AgentRow): AgentShape => ({
  agent_id: r.agent_id,
  version: r.version,
  gate: r.gated_at && (!r.ungated_at || r.ungated_at <= r.gated_at) ? "enforced" : "cooperative",
  reviewed: r.reviewed_at !== null,
  reviewed_by: r.reviewed_by,
  first_seen_at: r.first_seen_at.toISOString(),
  last_seen_at: new Date(Math.max(r.last_seen_at.getTime(), r.heard_at?.getTime() ?? 0)).toISOString(),
  instances: r.instances,
  lost_instances: r.lost_instances,
});

export async function agents(tx: Sql, environmentId: string, lostAfterS: number): Promise<AgentShape[]> {
  const { rows } = await tx.query<AgentRow>(`${AGENTS} order by a.last_seen_at desc, a.agent_id limit 1000`, [
    environmentId,
    lostAfterS,
  ]);
  return rows.map(agentOut);
}

export async function agent(
  tx: Sql,
  environmentId: string,
  lostAfterS: number,
  agentId: string,
): Promise<AgentShape | null> {
  const { rows } = await tx.query<AgentRow>(`${AGENTS} and a.agent_id = $3`, [environmentId, lostAfterS, agentId]);
  return rows[0] ? agentOut(rows[0]) : null;
}

export async function instances(
  tx: Sql,
  environmentId: string,
  lostAfterS: number,
  agentId: string | null,
): Promise<InstanceShape[]> {
  const { rows } = await tx.query<
    Omit<InstanceShape, "first_seen_at" | "last_heard_at"> & { first_seen_at: Date; last_heard_at: Date }
  >(
    `select instance_id, agent_id, applied_revision, first_seen_at, last_heard_at,
       last_heard_at < now() - make_interval(secs => $2) as lost
     from instances where environment_id = $1 and ($3::text is null or agent_id = $3) and last_heard_at > now() - interval '1 day'
     order by last_heard_at desc limit 2000`,
    [environmentId, lostAfterS, agentId],
  );
  return rows.map((r) => ({
    ...r,
    first_seen_at: r.first_seen_at.toISOString(),
    last_heard_at: r.last_heard_at.toISOString(),
  }));
}

export async function names(
  tx: Sql,
  environmentId: string,
  kind: NameKind,
): Promise<{ name: string; last_seen_at: string }[]> {
  const { rows } = await tx.query<{ name: string; last_seen_at: Date }>(
    "select name, last_seen_at from fleet_names where environment_id = $1 and kind = $2 order by name limit 1000",
    [environmentId, kind],
  );
  return rows.map((r) => ({ name: r.name, last_seen_at: r.last_seen_at.toISOString() }));
}

/** @returns false where there is no such agent */
export async function review(tx: Tx, environmentId: string, agentId: string, by: string): Promise<boolean> {
  const { count } = await tx.agent.updateMany({
    where: { environmentId, agentId },
    data: { reviewedAt: new Date(), reviewedBy: by },
  });
  return count > 0;
}
