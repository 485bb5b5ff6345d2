import type { Sql } from "../../platform/db/pool";

/** An agent at one version; null: it names none. */
export type Who = { agentId: string; version: string | null };
export type AgentRow = { agentId: string; version: string | null; gated: boolean; lastSeenAt: Date };

const AGENT = `agent_id as "agentId", version, gated_at is not null and (ungated_at is null or ungated_at <= gated_at) as gated, last_seen_at as "lastSeenAt"`;
export async function agent(tx: Sql, environmentId: string, agentId: string): Promise<AgentRow | null> {
  const { rows } = await tx.query<AgentRow>(`select ${AGENT} from agents where environment_id = $1 and agent_id = $2`, [
    environmentId,
    agentId,
  ]);
  return rows[0] ?? null;
}
/** By name, so that a page stays a page while agents are busy. `like`: null for any. */
export async function agents(
  tx: Sql,
  environmentId: string,
  like: string[] | null,
  after: string | null,
  limit: number,
): Promise<AgentRow[]> {
  const { rows } = await tx.query<AgentRow>(
    `select ${AGENT} from agents where environment_id = $1 and ($2::text[] is null or agent_id like any($2)) and ($3::text is null or agent_id > $3)
     order by agent_id limit $4`,
    [environmentId, like, after, limit],
  );
  return rows;
}
/** Agents of every environment that were seen within a week. */
export async function seenLately(tx: Sql): Promise<(AgentRow & { environmentId: string })[]> {
  const { rows } = await tx.query<AgentRow & { environmentId: string }>(
    `select environment_id as "environmentId", ${AGENT} from agents where last_seen_at > now() - interval '7 days' order by 1, 2 limit 5000`,
  );
  return rows;
}

/** How many of an agent's newest runs and scores are looked at. */
export const NEWEST = 1_000;
const pairs = (who: readonly Who[]) => [who.map((w) => w.agentId), who.map((w) => w.version)];
const byAgent = <T extends { agentId: string }>(rows: T[]): Map<string, T> => new Map(rows.map((r) => [r.agentId, r]));

export type Runs = {
  agentId: string;
  runs: number;
  longest: { run_id: string; steps: number } | null;
  scoped: string | null;
  tasks: string[] | null;
  versions: string[] | null;
  tools: string[] | null;
};
/** What the newest runs of each show: how long they were, what for, and with which tools. */
export async function runsOf(tx: Sql, environmentId: string, who: readonly Who[]): Promise<Map<string, Runs>> {
  const { rows } = await tx.query<Runs>(
    `with k as (select * from unnest($2::text[], $3::text[]) as k(agent_id, version)),
     r as (
       select k.agent_id, r.*, r.agent_version is not distinct from k.version as mine,
         greatest(r.step, r.model_calls, coalesce(s.steps, 0), coalesce((r.totals ->> 'steps')::float8, 0))::int as steps
       from k cross join lateral (
         select run_id, agent_version, task_type, scope, step, model_calls, totals, started_at from runs
         where environment_id = $1 and agent_id = k.agent_id order by started_at desc, run_id desc limit ${NEWEST}) r
       left join run_spend s on s.environment_id = $1 and s.run_id = r.run_id),
     t as (
       select r.agent_id, array_agg(distinct t.tool) as tools from r join run_tools t on t.environment_id = $1 and t.run_id = r.run_id
       where r.mine group by 1)
     select r.agent_id as "agentId", count(*) filter (where mine)::int as runs,
       (array_agg(json_build_object('run_id', run_id, 'steps', steps) order by steps desc) filter (where mine))[1] as longest,
       (array_agg(run_id order by started_at desc) filter (where mine and cardinality(scope) > 0))[1] as scoped,
       (array_agg(distinct task_type) filter (where mine))[1:20] as tasks,
       (select array_agg(v order by at desc) from (
          select agent_version as v, max(started_at) as at from r x where x.agent_id = r.agent_id and agent_version is not null group by 1 order by 2 desc limit 20) v) as versions,
       coalesce((select tools from t where t.agent_id = r.agent_id),
         (select array_agg(tool) from agent_tools a where a.environment_id = $1 and a.agent_id = r.agent_id)) as tools
     from r group by 1`,
    [environmentId, ...pairs(who)],
  );
  return byAgent(rows);
}

export type Scores = { agentId: string; scores: number; names: string[]; at: Date; run_id: string };
export async function scoresOf(tx: Sql, environmentId: string, who: readonly Who[]): Promise<Map<string, Scores>> {
  const { rows } = await tx.query<Scores>(
    `select k.agent_id as "agentId", count(*)::int as scores, array_agg(distinct e.name) as names, max(e.at) as at,
       (array_agg(e.run_id order by e.at desc))[1] as run_id
     from unnest($2::text[], $3::text[]) as k(agent_id, version) cross join lateral (
       select run_id, agent_version, name, at from evaluations where environment_id = $1 and agent_id = k.agent_id
       order by at desc, evaluation_id desc limit ${NEWEST}) e
     where e.agent_version is not distinct from k.version group by 1`,
    [environmentId, ...pairs(who)],
  );
  return byAgent(rows);
}

/** agent → kinds of data that came from it within a week: what a rule on anything else cannot see. */
export async function dataOf(
  tx: Sql,
  environmentId: string,
  agentIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const { rows } = await tx.query<{ agent_id: string; needs: string[] }>(
    `select agent_id, array_agg(needs) as needs from data_seen
     where environment_id = $1 and agent_id = any($2) and last_at > now() - interval '7 days' group by 1`,
    [environmentId, agentIds],
  );
  return new Map(rows.map((r) => [r.agent_id, new Set(r.needs)]));
}

/** Versions that the chaos harness has tried, newest first. */
export async function triedVersions(tx: Sql, environmentId: string, agentId: string): Promise<string[]> {
  const { rows } = await tx.query<{ version: string }>(
    `select version from chaos_results where environment_id = $1 and agent_id = $2 group by 1 order by max(at) desc limit 20`,
    [environmentId, agentId],
  );
  return rows.map((r) => r.version);
}

export type Stop = {
  agentId: string;
  switch_id: string;
  at: Date;
  by: string;
  runs: number;
  instances: number;
  confirmed: boolean;
  /** It was a drill, which says itself whether it was proven: what is acknowledged after it proves nothing. */
  drill: boolean;
};
/** The newest stop of each that was confirmed within 90 days, else the newest that was not. */
export async function stopsOf(tx: Sql, environmentId: string, agentIds: readonly string[]): Promise<Map<string, Stop>> {
  const { rows } = await tx.query<Stop>(
    `with s as (select * from switches where environment_id = $1 and mode = 'stop' and set_at > now() - interval '90 days'),
     parts as (
       select s.id, r.agent_id, 1 as runs, 0 as instances, r.status in ('completed', 'failed', 'stopped') and not exists (
         select 1 from holds h where h.environment_id = $1 and h.run_id = r.run_id and h.state = 'held') as done
       from s join switch_runs w on w.switch_id = s.id and w.gated join runs r on r.environment_id = $1 and r.run_id = w.run_id
       where r.agent_id = any($2)
       union all
       select s.id, coalesce(w.agent_id, i.agent_id), 0, 1, exists (select 1 from acknowledgements k
         where k.environment_id = $1 and k.instance_id = w.instance_id and k.revision >= s.revision)
       from s join switch_instances w on w.switch_id = s.id join instances i on i.environment_id = $1 and i.instance_id = w.instance_id
       where coalesce(w.agent_id, i.agent_id) = any($2)),
     summed as (
       select id, agent_id, sum(runs)::int as runs, sum(instances)::int as instances,
         case when sum(runs) > 0 then bool_and(done) filter (where runs > 0) else bool_and(done) end as confirmed
       from parts group by 1, 2),
     told as (
       select x.*, s.set_at, s.set_by_name, d.drill_id is not null as drill,
         case when d.drill_id is not null then d.outcome = 'proven' else x.confirmed end as proven
       from summed x join s using (id) left join drills d on d.environment_id = $1 and d.switch_id = x.id and d.agent_id = x.agent_id)
     select distinct on (agent_id) agent_id as "agentId", id as switch_id, set_at as at, set_by_name as by, runs, instances, proven as confirmed, drill
     from told order by agent_id, proven desc, set_at desc`,
    [environmentId, agentIds],
  );
  return byAgent(rows);
}
