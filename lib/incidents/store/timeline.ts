import type { Sql } from "../../platform/db/pool";

const query = async <T extends Record<string, unknown>>(tx: Sql, text: string, values: unknown[]): Promise<T[]> =>
  (await tx.query<T>(text, values)).rows;

export type AlertPast = {
  alert_id: string;
  rule_name: string;
  metric: string;
  value: number;
  threshold: number;
  severity: string;
  mode: string;
  agent_id: string | null;
  runs: number;
  first_at: Date;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  note: string | null;
  resolved_at: Date | null;
  resolved_by: string | null;
  resolve_reason: string | null;
};
export const alerts = (tx: Sql, environmentId: string, incidentId: string, limit: number) =>
  query<AlertPast>(
    tx,
    `select alert_id, rule_name, metric, value, threshold, severity, mode, agent_id, runs, first_at, acknowledged_at, acknowledged_by, note,
       resolved_at, resolved_by, resolve_reason from alerts where environment_id = $1 and incident_id = $2 order by first_at limit $3`,
    [environmentId, incidentId, limit],
  );
export type ActionPast = { alert_id: string; action: string; target: string; state: string; note: string; at: Date };
export const actions = (tx: Sql, environmentId: string, incidentId: string, limit: number) =>
  query<ActionPast>(
    tx,
    `select x.alert_id, x.action, x.target, x.state, x.note, x.at from alerts a
     join alert_actions x on x.environment_id = a.environment_id and x.alert_id = a.alert_id
     where a.environment_id = $1 and a.incident_id = $2 and x.state <> 'pending' and x.action <> 'open_incident' order by x.at limit $3`,
    [environmentId, incidentId, limit],
  );

export type RunPast = {
  run_id: string;
  agent_id: string;
  status: string;
  stop_reason: string | null;
  started_at: Date;
  ended_at: Date | null;
};
export const runs = (tx: Sql, environmentId: string, ids: string[], limit: number) =>
  query<RunPast>(
    tx,
    `select run_id, agent_id, status, stop_reason, started_at, ended_at from runs where environment_id = $1 and run_id = any($2)
     order by started_at limit $3`,
    [environmentId, ids, limit],
  );

export type RefusedPast = {
  run_id: string;
  code: string;
  tool: string | null;
  n: number;
  first_at: Date;
  last_at: Date;
};
/** Refusals of one run for one cause are one line. */
export const refused = (tx: Sql, environmentId: string, ids: string[], limit: number) =>
  query<RefusedPast>(
    tx,
    `select run_id, code, tool, count(*)::int as n, min(decided_at) as first_at, max(decided_at) as last_at from decisions
     where environment_id = $1 and run_id = any($2) and outcome = 'deny' group by run_id, code, tool order by first_at limit $3`,
    [environmentId, ids, limit],
  );

export type ApprovalPast = {
  approval_id: string;
  run_id: string;
  tool: string | null;
  model: string | null;
  rule: string;
  status: string;
  requested_at: Date;
  settled_at: Date | null;
  settled_by: string | null;
  settle_reason: string | null;
  broken_glass: boolean;
};
export const approvals = (tx: Sql, environmentId: string, ids: string[], limit: number) =>
  query<ApprovalPast>(
    tx,
    `select approval_id, run_id, tool, model, rule, status, requested_at, settled_at, settled_by, settle_reason, broken_glass from approvals
     where environment_id = $1 and run_id = any($2) order by requested_at limit $3`,
    [environmentId, ids, limit],
  );

export type BudgetPast = {
  source: string;
  scope: string;
  limit: "soft" | "hard";
  metric: string;
  run_id: string;
  at: Date;
};
export const budgets = (tx: Sql, environmentId: string, ids: string[], limit: number) =>
  query<BudgetPast>(
    tx,
    `select source, scope, limit_kind as "limit", metric, run_id, at from budget_events where environment_id = $1 and run_id = any($2)
     order by at limit $3`,
    [environmentId, ids, limit],
  );

export type EffectPast = {
  effect_id: string;
  run_id: string;
  tool: string;
  status: string;
  attempts: number;
  external_id: string | null;
  settled_by: string | null;
  settle_reason: string | null;
  at: Date;
};
export const effects = (tx: Sql, environmentId: string, ids: string[], limit: number) =>
  query<EffectPast>(
    tx,
    `select effect_id, run_id, tool, status, attempts, external_id, settled_by, settle_reason, coalesce(settled_at, claimed_at) as at from effects
     where environment_id = $1 and run_id = any($2) order by at limit $3`,
    [environmentId, ids, limit],
  );
