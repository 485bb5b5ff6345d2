import type { Sql } from "../../platform/db/pool";

/** Runs of an incident ($1, $2): of its alerts, named by people, and all that they started. `family` is run ids. */
export const FAMILY = `recursive family as (
    (select r.run_id from incident_runs r where r.environment_id = $1 and r.incident_id = $2
     union select r.run_id from alerts a join alert_runs r on r.environment_id = a.environment_id and r.alert_id = a.alert_id
       where a.environment_id = $1 and a.incident_id = $2)
    union select c.run_id from family f join runs c on c.environment_id = $1 and c.parent_run_id = f.run_id)`;

export type EvidenceRow = {
  runs: number;
  live: number;
  tenants: number;
  agents: string[];
  tasks: string[];
  tenant_ids: string[];
  run_ids: string[];
  first_run: string | null;
  ended_at: Date | null;
  cost_micros: number;
  unsettled_micros: number;
};
const MOST = 1_000;
export async function evidence(tx: Sql, environmentId: string, incidentId: string): Promise<EvidenceRow> {
  const { rows } = await tx.query<EvidenceRow>(
    `with ${FAMILY}, r as (select r.* from family join runs r on r.environment_id = $1 and r.run_id = family.run_id)
     select count(*)::int as runs, count(*) filter (where status in ('running', 'waiting'))::int as live, count(distinct tenant_id)::int as tenants,
       coalesce(array_agg(distinct agent_id), '{}') as agents, coalesce(array_agg(distinct task_type), '{}') as tasks,
       coalesce(array_agg(distinct tenant_id) filter (where tenant_id is not null), '{}') as tenant_ids,
       coalesce((select array_agg(run_id) from (select run_id from r order by started_at limit ${MOST}) x), '{}') as run_ids,
       (select run_id from r order by started_at, run_id limit 1) as first_run, max(ended_at) as ended_at,
       coalesce(sum(coalesce((select nullif(s.own_micros, 0) from run_spend s where s.environment_id = $1 and s.run_id = r.run_id), r.cost_micros)), 0)::int8 as cost_micros,
       coalesce((select sum(h.micros) from holds h join r x on x.run_id = h.run_id where h.environment_id = $1 and h.state = 'unsettled'), 0)::int8 as unsettled_micros
     from r`,
    [environmentId, incidentId],
  );
  const [row] = rows;
  if (!row) throw new Error("a count without a row");
  return row;
}

export async function stopReasons(
  tx: Sql,
  environmentId: string,
  incidentId: string,
): Promise<{ stop_reason: string; runs: number }[]> {
  const { rows } = await tx.query<{ stop_reason: string; runs: number }>(
    `with ${FAMILY} select coalesce(r.stop_reason, r.status) as stop_reason, count(*)::int as runs
     from family join runs r on r.environment_id = $1 and r.run_id = family.run_id group by 1 order by 2 desc, 1`,
    [environmentId, incidentId],
  );
  return rows;
}

export type SwitchRow = {
  id: string;
  scope_kind: string;
  scope_key: string;
  mode: "safe_mode" | "pause" | "stop";
  reason: string;
  set_at: Date;
  set_by_name: string;
  released_at: Date | null;
  released_by_name: string | null;
  release_reason: string | null;
  instances: number;
  seen: number;
  runs: number;
  ended: number;
  /** Everybody whom it was meant for has obeyed; null while somebody has not, or where nobody was there. */
  confirmed_at: Date | null;
};
/** Switches over these runs that were set in this time, oldest first. */
export async function switchesOver(
  tx: Sql,
  environmentId: string,
  over: Pick<EvidenceRow, "run_ids" | "agents" | "tasks" | "tenant_ids">,
  from: Date,
  to: Date | null,
): Promise<SwitchRow[]> {
  const { rows } = await tx.query<SwitchRow>(
    `select s.id, s.scope_kind, s.scope_key, s.mode, s.reason, s.set_at, s.set_by_name, s.released_at, s.released_by_name, s.release_reason,
       i.instances, i.seen, r.runs, r.ended,
       case when i.instances + r.runs > 0 and i.seen = i.instances and (s.mode <> 'stop' or r.ended = r.runs)
         then greatest(s.set_at, i.last_seen, case when s.mode = 'stop' then r.last_ended end) end as confirmed_at
     from switches s
     cross join lateral (select count(*)::int as instances, count(x.seen_at)::int as seen, max(x.seen_at) as last_seen from (
       select (select min(k.seen_at) from acknowledgements k where k.environment_id = $1 and k.instance_id = w.instance_id and k.revision >= s.revision) as seen_at
       from switch_instances w where w.switch_id = s.id) x) i
     cross join lateral (select count(*) filter (where w.gated)::int as runs, max(x.ended_at) filter (where w.gated) as last_ended,
         count(*) filter (where w.gated and x.status in ('completed', 'failed', 'stopped'))::int as ended
       from switch_runs w join runs x on x.environment_id = $1 and x.run_id = w.run_id where w.switch_id = s.id) r
     where s.environment_id = $1 and s.set_at >= $2 and ($3::timestamptz is null or s.set_at <= $3) and case s.scope_kind
       when 'environment' then true when 'run' then s.scope_key = any($4) when 'agent' then s.scope_key = any($5)
       when 'task_type' then s.scope_key = any($6) when 'tenant' then s.scope_key = any($7)
       when 'tool' then exists (select 1 from run_tools t where t.environment_id = $1 and t.run_id = any($4) and t.tool like replace(s.scope_key, '*', '%'))
       when 'connector' then exists (select 1 from effects e where e.environment_id = $1 and e.run_id = any($4) and e.connector like replace(s.scope_key, '*', '%'))
       else false end
     order by s.set_at limit 200`,
    [environmentId, from, to, over.run_ids, over.agents, over.tasks, over.tenant_ids],
  );
  return rows;
}
