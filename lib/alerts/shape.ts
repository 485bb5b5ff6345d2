import type { AlertDetail, AlertShape } from "./schema";
import type { AlertRow, AlertRunRow } from "./store/reads";

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Asked by run, an alert says how it fired on that run. */
export const alertOut = (a: AlertRow): AlertShape => ({
  alert_id: a.alert_id,
  category: a.category,
  rule: a.rule,
  rule_name: a.rule_name,
  sentence: a.sentence,
  failure: a.failure,
  severity: a.run?.severity ?? a.severity,
  state: a.state,
  historic: a.historic,
  mode: a.mode,
  run_ids: a.run_ids,
  runs: a.runs,
  agent_id: a.agent_id,
  tenant_id: a.tenant_id,
  task_type: a.task_type,
  metric: a.metric,
  value: a.run?.value ?? a.value,
  threshold: a.threshold,
  first_at: a.first_at.toISOString(),
  last_at: a.last_at.toISOString(),
  raised_at: a.raised_at.toISOString(),
  evidence: a.run?.evidence ?? a.evidence,
  actions_taken: a.actions.map((x) => ({
    action: x.action,
    taken: x.state === "taken",
    note: x.note || (x.state === "pending" ? "About to be done." : ""),
    at: new Date(x.at).toISOString(),
    target: x.target || null,
  })),
  incident_id: a.incident_id,
  acknowledged_by: a.acknowledged_by,
  acknowledged_at: iso(a.acknowledged_at),
  note: a.note,
  resolved_by: a.resolved_by,
  resolved_at: iso(a.resolved_at),
  resolve_reason: a.resolve_reason,
});

export const detailOut = (a: AlertRow, runs: AlertRunRow[]): AlertDetail => ({
  ...alertOut(a),
  runs_of: runs.map((r) => ({ ...r, at: r.at.toISOString() })),
});
