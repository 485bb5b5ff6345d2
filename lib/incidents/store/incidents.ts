import type { Sql } from "../../platform/db/pool";
import type { IncidentSeverity, IncidentStatus } from "../schema";

export type IncidentRow = {
  incident_id: string;
  number: number;
  title: string;
  severity: IncidentSeverity;
  status: IncidentStatus;
  category: string | null;
  failure: string | null;
  agent_id: string | null;
  commander_id: string | null;
  commander_name: string | null;
  commander_email: string | null;
  commander_since: Date | null;
  from_alert: boolean;
  opened_by: string;
  opened_at: Date;
  started_at: Date;
  detected_at: Date;
  stopped_at: Date | null;
  resolved_at: Date | null;
  closed_at: Date | null;
  closed_by: string | null;
  recurrence_of: string | null;
  unnamed: boolean;
  what_happened: string;
  root_cause: string;
  what_helped: string;
  what_hindered: string;
  actual: Actual | null;
  policy_change: PolicyChange | null;
  rule_change: RuleChange | null;
  regression_case: RegressionCase | null;
  revision: number;
  updated_by: string;
  updated_at: Date;
  alerts: number;
  runs: number;
};
export type Actual = {
  rule_fired: boolean;
  minutes_early_or_late: number | null;
  cost_usd: number | null;
  impact: string;
  changes: string;
};
export type PolicyChange = { policy_id?: string; version?: number; none?: string };
export type RuleChange = { rule?: string; revision?: number; none?: string };
export type RegressionCase = {
  name?: string;
  inject?: string;
  tool?: string;
  expect_stop_reason?: string;
  notes?: string;
  none?: string;
};

const COLUMNS = `i.incident_id, i.number, i.title, i.severity, i.status, i.category, i.failure, i.agent_id, i.commander_id, p.name as commander_name,
  p.email as commander_email, i.commander_since, i.from_alert, i.opened_by, i.opened_at, i.started_at, i.detected_at, i.stopped_at, i.resolved_at,
  i.closed_at, i.closed_by, i.recurrence_of, i.unnamed, i.what_happened, i.root_cause, i.what_helped, i.what_hindered, i.actual, i.policy_change,
  i.rule_change, i.regression_case, i.revision, i.updated_by, i.updated_at,
  (select count(*)::int from alerts a where a.environment_id = i.environment_id and a.incident_id = i.incident_id) as alerts,
  (select count(*)::int from (select r.run_id from incident_runs r where r.environment_id = i.environment_id and r.incident_id = i.incident_id
     union select r.run_id from alerts a join alert_runs r on r.environment_id = a.environment_id and r.alert_id = a.alert_id
     where a.environment_id = i.environment_id and a.incident_id = i.incident_id) own) as runs`;
const FROM = "from incidents i left join people p on p.id = i.commander_id";

export async function incident(
  tx: Sql,
  environmentId: string,
  incidentId: string,
  hold = false,
): Promise<IncidentRow | null> {
  const { rows } = await tx.query<IncidentRow>(
    `select ${COLUMNS} ${FROM} where i.environment_id = $1 and i.incident_id = $2 ${hold ? "for update of i" : ""}`,
    [environmentId, incidentId],
  );
  return rows[0] ?? null;
}

export type IncidentFilter = {
  status: string[] | null;
  severity: string[] | null;
  category: string[] | null;
  agentId: string[] | null;
  commander: string | null;
  q: string | null;
  /** What the caller's key is bound to, as patterns of LIKE. */
  agents: string[] | null;
  after: number | null;
  limit: number;
};
/** Newest first. */
export async function incidents(tx: Sql, environmentId: string, f: IncidentFilter): Promise<IncidentRow[]> {
  const { rows } = await tx.query<IncidentRow>(
    `select ${COLUMNS} ${FROM} where i.environment_id = $1
       and ($2::text[] is null or i.status = any($2)) and ($3::text[] is null or i.severity = any($3))
       and ($4::text[] is null or i.category = any($4)) and ($5::text[] is null or i.agent_id = any($5))
       and ($6::text is null or i.commander_id = $6 or p.email = lower($6)) and ($7::text is null or i.title ilike $7 or lower(i.incident_id) = lower($8))
       and ($9::text[] is null or i.agent_id like any($9)) and ($10::int is null or i.number < $10)
     order by i.number desc limit $11`,
    [
      environmentId,
      f.status,
      f.severity,
      f.category,
      f.agentId,
      f.commander,
      f.q === null ? null : `%${f.q.replace(/[\\%_]/g, "\\$&")}%`,
      f.q,
      f.agents,
      f.after,
      f.limit,
    ],
  );
  return rows;
}

export async function counts(tx: Sql, environmentId: string): Promise<{ status: IncidentStatus; n: number }[]> {
  const { rows } = await tx.query<{ status: IncidentStatus; n: number }>(
    "select status, count(*)::int as n from incidents where environment_id = $1 group by 1",
    [environmentId],
  );
  return rows;
}
