import type { Sql } from "../../platform/db/pool";
import type { AlertSeverity } from "../schema";
import type { Evidence } from "./raise";

export type AlertRow = {
  alert_id: string;
  rule: string;
  rule_name: string;
  sentence: string;
  category: string;
  failure: string | null;
  metric: string;
  severity: AlertSeverity;
  state: "open" | "acknowledged" | "resolved";
  historic: boolean;
  mode: "observe" | "act";
  agent_id: string | null;
  tenant_id: string | null;
  task_type: string | null;
  value: number;
  threshold: number;
  runs: number;
  evidence: Evidence[];
  first_at: Date;
  last_at: Date;
  raised_at: Date;
  incident_id: string | null;
  acknowledged_by: string | null;
  acknowledged_at: Date | null;
  note: string | null;
  resolved_by: string | null;
  resolved_at: Date | null;
  resolve_reason: string | null;
  run_ids: string[];
  run: { severity: AlertSeverity; value: number; at: string; evidence: Evidence[] } | null;
  actions: { action: string; target: string; state: string; note: string; at: string }[];
};

const COLUMNS = `a.alert_id, a.rule, a.rule_name, a.sentence, a.category, a.failure, a.metric, a.severity, a.state, a.historic, a.mode,
  a.agent_id, a.tenant_id, a.task_type, a.value, a.threshold, a.runs, a.evidence, a.first_at, a.last_at, a.raised_at, a.incident_id,
  a.acknowledged_by, a.acknowledged_at, a.note, a.resolved_by, a.resolved_at, a.resolve_reason,
  coalesce((select array_agg(r.run_id order by r.at desc) from (select run_id, at from alert_runs r
    where r.environment_id = a.environment_id and r.alert_id = a.alert_id order by at desc limit 100) r), '{}') as run_ids,
  coalesce((select json_agg(x order by x.at) from (select action, target, state, note, at from alert_actions x
    where x.environment_id = a.environment_id and x.alert_id = a.alert_id order by at desc limit 50) x), '[]') as actions`;

export type AlertFilter = {
  runId: string | null;
  category: string[] | null;
  state: string[] | null;
  severity: string[] | null;
  agentId: string[] | null;
  rule: string | null;
  failure: string | null;
  incidentId: string | null;
  historic: boolean | null;
  from: string | null;
  to: string | null;
  agents: string[] | null;
  tenants: string[] | null;
  after: (string | number)[] | null;
  limit: number;
};

/** Newest first. Of one run, each alert says how it fired on that run. */
export async function alertsOf(tx: Sql, environmentId: string, f: AlertFilter): Promise<AlertRow[]> {
  const { rows } = await tx.query<AlertRow>(
    `select ${COLUMNS}, case when r.run_id is null then null else json_build_object('severity', r.severity, 'value', r.value,
       'at', r.at, 'evidence', r.evidence) end as run
     from alerts a left join alert_runs r on $2::text is not null and r.environment_id = a.environment_id and r.alert_id = a.alert_id and r.run_id = $2
     where a.environment_id = $1 and ($2::text is null or r.run_id is not null)
       and ($3::text[] is null or a.category = any($3)) and ($4::text[] is null or a.state = any($4))
       and ($5::text[] is null or coalesce(r.severity, a.severity) = any($5)) and ($6::text[] is null or a.agent_id = any($6))
       and ($7::text is null or a.rule = $7) and ($8::text is null or a.failure = $8) and ($9::text is null or a.incident_id = $9)
       and ($10::bool is null or a.historic = $10) and ($11::timestamptz is null or a.last_at >= $11) and ($12::timestamptz is null or a.last_at < $12)
       and ($13::text[] is null or a.agent_id like any($13)) and ($14::text[] is null or a.tenant_id like any($14))
       and ($15::timestamptz is null or (a.last_at, a.alert_id) < ($15, $16))
     order by a.last_at desc, a.alert_id desc limit $17`,
    [
      environmentId,
      f.runId,
      f.category,
      f.state,
      f.severity,
      f.agentId,
      f.rule,
      f.failure,
      f.incidentId,
      f.historic,
      f.from,
      f.to,
      f.agents,
      f.tenants,
      f.after?.[0] ?? null,
      f.after?.[1] ?? null,
      f.limit,
    ],
  );
  return rows;
}

export async function alertById(tx: Sql, environmentId: string, alertId: string): Promise<AlertRow | null> {
  const { rows } = await tx.query<AlertRow>(
    `select ${COLUMNS}, null as run from alerts a where a.environment_id = $1 and a.alert_id = $2`,
    [environmentId, alertId],
  );
  return rows[0] ?? null;
}

export type AlertRunRow = {
  run_id: string;
  agent_id: string;
  value: number;
  severity: AlertSeverity;
  at: Date;
  evidence: Evidence[];
};
export async function runsOfAlert(
  tx: Sql,
  environmentId: string,
  alertId: string,
  limit: number,
): Promise<AlertRunRow[]> {
  const { rows } = await tx.query<AlertRunRow>(
    `select run_id, agent_id, value, severity, at, evidence from alert_runs where environment_id = $1 and alert_id = $2
     order by at desc, run_id limit $3`,
    [environmentId, alertId, limit],
  );
  return rows;
}

export async function counts(
  tx: Sql,
  environmentId: string,
): Promise<{ state: string; severity: string; n: number }[]> {
  const { rows } = await tx.query<{ state: string; severity: string; n: number }>(
    `select state, severity, count(*)::int as n from alerts where environment_id = $1 and state <> 'resolved' and not historic group by 1, 2`,
    [environmentId],
  );
  return rows;
}

/** @returns false where it does not stand in that state any more */
export async function acknowledge(
  tx: Sql,
  environmentId: string,
  alertId: string,
  by: string,
  note: string | null,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update alerts set state = 'acknowledged', acknowledged_by = $3, acknowledged_at = now(), note = coalesce($4, note)
     where environment_id = $1 and alert_id = $2 and state = 'open'`,
    [environmentId, alertId, by, note],
  );
  return rowCount === 1;
}
export async function resolve(
  tx: Sql,
  environmentId: string,
  alertId: string,
  by: string,
  reason: string | null,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update alerts set state = 'resolved', resolved_by = $3, resolved_at = now(), resolve_reason = $4
     where environment_id = $1 and alert_id = $2 and state <> 'resolved'`,
    [environmentId, alertId, by, reason],
  );
  return rowCount === 1;
}
export const attachIncident = (
  tx: Sql,
  environmentId: string,
  alertIds: readonly string[],
  incidentId: string | null,
) =>
  tx.query("update alerts set incident_id = $3 where environment_id = $1 and alert_id = any($2)", [
    environmentId,
    alertIds,
    incidentId,
  ]);
