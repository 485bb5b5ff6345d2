import type { Sql } from "../../platform/db/pool";

/** Runs that are looked at call by call: the newest of a version, or of the agent. */
export const MOST = 2_000;

/** Whoever ends a run by a switch or by hand says nothing about how well it went. */
export const BY_PEOPLE = "('kill_switch', 'cancelled')";

// Of a run that asks before it acts its settled decisions count; of any other its spans. $1 environment, $2 agent, $3 from, $4 to.
const CALLS = (pick: string) => `
with picked as materialized (
  select run_id, agent_version as version, stop_reason, started_at from runs
  where environment_id = $1 and agent_id = $2 and started_at >= $3 and started_at < $4 and stop_reason is not null
    and stop_reason not in ${BY_PEOPLE} and ${pick}
  order by started_at desc, run_id desc limit ${MOST}),
decided as materialized (
  select d.run_id, case when d.kind = 'tool' then 'tool' else 'stage' end as kind,
    case when d.kind = 'tool' then d.tool else d.question->>'stage' end as step,
    r.status = 'ok' and r.output_valid is distinct from false as ok, d.decided_at as at,
    case when r.status = 'timeout' then 'timeout' when r.status = 'ok' then 'output not as declared'
      when r.http_status is not null then 'HTTP ' || r.http_status else coalesce(r.error_type, 'error') end as why
  from picked p join decisions d on d.environment_id = $1 and d.run_id = p.run_id
    join decision_results r on r.environment_id = $1 and r.decision_id = d.decision_id
  where d.outcome = 'allow' and r.status <> 'not_executed'
    and ((d.kind = 'tool' and d.tool is not null) or (d.kind = 'model' and d.question->>'stage' is not null))),
told as materialized (
  select p.run_id from picked p where not exists (select 1 from decided d where d.run_id = p.run_id and d.kind = 'tool')),
calls as materialized (
  select * from decided
  union all
  select s.run_id, 'tool', s.tool, s.status <> 'error', s.started_at, coalesce('HTTP ' || s.http_status, s.error_type, 'error')
  from told p join spans s on s.environment_id = $1 and s.run_id = p.run_id
  where s.kind = 'tool' and s.tool is not null and s.started_at >= $3::timestamptz - interval '1 day')`;

export type Window = { agentId: string; from: Date; to: Date };
const values = (environmentId: string, w: Window) => [environmentId, w.agentId, w.from, w.to];

export type StepRow = {
  step: string;
  kind: "tool" | "stage";
  calls: number;
  failed: number;
  reasons: { reason: string; calls: number }[];
};
export type Looked = { runs: number; success: number; median: number | null; more: boolean; steps: StepRow[] };
/** Steps in the order in which runs take them, and what the same runs came to as wholes: one look at the calls. */
export async function looked(tx: Sql, environmentId: string, w: Window): Promise<Looked> {
  const { rows } = await tx.query<Looked>(
    `${CALLS("true")},
     placed as (select *, row_number() over (partition by run_id order by at) as place from calls),
     whys as (select kind, step, why, count(*)::int as n, row_number() over (partition by kind, step order by count(*) desc, why) as rank
       from calls where not ok group by 1, 2, 3),
     reasons as (select kind, step, jsonb_agg(jsonb_build_object('reason', why, 'calls', n) order by rank) as list
       from whys where rank <= 3 group by 1, 2),
     steps as (select kind, step, count(*)::int as calls, (count(*) filter (where not ok))::int as failed, avg(place) as place
       from placed group by 1, 2),
     counts as (select run_id, count(*) as n from calls group by 1),
     per as (select p.stop_reason, coalesce(c.n, 0) as n from picked p left join counts c using (run_id))
     select count(*)::int as runs, (count(*) filter (where stop_reason = 'success'))::int as success,
       percentile_cont(0.5) within group (order by n) as median, count(*) >= ${MOST} as more,
       coalesce((select jsonb_agg(jsonb_build_object('step', step, 'kind', kind, 'calls', calls, 'failed', failed,
         'reasons', coalesce(r.list, '[]')) order by s.place, step, kind) from steps s left join reasons r using (kind, step)), '[]') as steps
     from per`,
    values(environmentId, w),
  );
  return rows[0] ?? { runs: 0, success: 0, median: null, more: false, steps: [] };
}

export type CallCounts = { runs: number; with_failure: number; calls: number; failed: number };
/** Tool calls in the newest runs of one version. */
export async function toolCalls(tx: Sql, environmentId: string, w: Window, version: string): Promise<CallCounts> {
  const { rows } = await tx.query<CallCounts>(
    `${CALLS("agent_version = $5")},
     per as (select run_id, count(*)::int as n, (count(*) filter (where not ok))::int as bad from calls where kind = 'tool' group by 1)
     select count(*)::int as runs, (count(*) filter (where bad > 0))::int as with_failure, coalesce(sum(n), 0)::int as calls,
       coalesce(sum(bad), 0)::int as failed from per`,
    [...values(environmentId, w), version],
  );
  return rows[0] ?? { runs: 0, with_failure: 0, calls: 0, failed: 0 };
}
