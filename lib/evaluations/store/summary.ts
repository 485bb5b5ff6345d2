import type { Sql } from "../../platform/db/pool";
import type { MeasuredShape, SummaryShape } from "../schema";
import type { Bounds } from "./scores";

type Asked = { agentId: string | null; name: string | null; from: Date } & Bounds;
const WHERE = `environment_id = $1 and at >= $2 and ($3::text is null or agent_id = $3) and ($4::text is null or name = $4)
  and ($5::text[] is null or agent_id like any($5)) and ($6::text[] is null or exists (select 1 from runs r
    where r.environment_id = e.environment_id and r.run_id = e.run_id and r.tenant_id like any($6)))`;
const values = (environmentId: string, a: Asked) => [environmentId, a.from, a.agentId, a.name, a.agents, a.tenants];

type Item = Omit<SummaryShape["items"][number], "last_at"> & { last_at: Date };
export async function perVersion(tx: Sql, environmentId: string, asked: Asked): Promise<SummaryShape["items"]> {
  const { rows } = await tx.query<Item>(
    `select agent_id, agent_version, name, count(*)::int as count, avg(score) as mean,
       percentile_cont(0.1) within group (order by score) as p10, count(passed)::int as judged,
       avg(passed::int) filter (where passed is not null)::float8 as share_passed, max(at) as last_at
     from evaluations e where ${WHERE} group by 1, 2, 3 order by max(at) desc, 1, 2, 3 limit 500`,
    values(environmentId, asked),
  );
  return rows.map((r) => ({ ...r, last_at: r.last_at.toISOString() }));
}

export async function perDay(tx: Sql, environmentId: string, asked: Asked): Promise<SummaryShape["days"]> {
  const { rows } = await tx.query<SummaryShape["days"][number]>(
    `select * from (select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, agent_id, agent_version, name, count(*)::int as count, avg(score) as mean
     from evaluations e where ${WHERE} group by 1, 2, 3, 4 order by 1 desc limit 5000) d
     order by day, agent_id, agent_version, name`,
    values(environmentId, asked),
  );
  return rows;
}

/** Rules that people wrote over scores. The catalogue ships none. */
export async function thresholds(tx: Sql, environmentId: string): Promise<SummaryShape["thresholds"]> {
  const { rows } = await tx.query<SummaryShape["thresholds"][number]>(
    `select slug as rule, name, scope->>'agent_id' as agent_id, op, threshold from detection_rules
     where environment_id = $1 and metric = 'eval_score' and mode <> 'off' and op in ('<', '<=') order by slug`,
    [environmentId],
  );
  return rows;
}

type Measured = Omit<MeasuredShape["items"][number], "last_at"> & { last_at: Date };
/** Agents of which anything was measured within 90 days, or has a canary. A key bound to tenants sees none: probes have no tenant. */
export async function measured(tx: Sql, environmentId: string, bounds: Bounds): Promise<MeasuredShape["items"]> {
  const { rows } = await tx.query<Measured>(
    `with e as (select agent_id, array_agg(distinct name order by name) as names, count(*)::int as n, max(at) as at
         from evaluations where environment_id = $1 and at > now() - interval '90 days' group by 1),
       p as (select agent_id, count(distinct name)::int as n, max(at) as at from probe_results
         where environment_id = $1 and at > now() - interval '90 days' group by 1),
       g as (select agent_id, count(distinct (suite, task))::int as n, max(at) as at from chaos_results where environment_id = $1 group by 1),
       c as (select agent_id, count(*) filter (where started_at <= now() and (ended_at is null or ended_at > now()))::int as n,
         max(updated_at) as at from canaries where environment_id = $1 group by 1)
     select agent_id, coalesce(e.names, '{}') as names, coalesce(e.n, 0) as evaluations, coalesce(c.n, 0) as canaries,
       coalesce(p.n, 0) as probes, coalesce(g.n, 0) as golden_tasks, greatest(e.at, p.at, g.at, c.at) as last_at
     from e full join p using (agent_id) full join g using (agent_id) full join c using (agent_id)
     where ($2::text[] is null or agent_id like any($2)) and $3::text[] is null order by last_at desc, agent_id limit 500`,
    [environmentId, bounds.agents, bounds.tenants],
  );
  return rows.map((r) => ({ ...r, last_at: r.last_at.toISOString() }));
}
