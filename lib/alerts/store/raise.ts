import type { Sql } from "../../platform/db/pool";
import { newId } from "../../platform/ids";
import type { AlertSeverity } from "../schema";

export type Evidence = { span_id: string | null; note: string };

/** A rule that fired: on one run, or on a window over several. */
export type Finding = {
  environmentId: string;
  rule: {
    slug: string;
    name: string;
    sentence: string;
    category: string;
    failure: string | null;
    metric: string;
    mode: "observe" | "act";
    actions: readonly string[];
  };
  /** What stands open at most once. */
  dedupeKey: string;
  severity: AlertSeverity;
  value: number;
  threshold: number;
  /** Milliseconds since the epoch, by the time of what happened. */
  at: number;
  historic: boolean;
  agentId: string | null;
  tenantId: string | null;
  taskType: string | null;
  runs: { runId: string; agentId: string; value: number; severity: AlertSeverity; at: number; evidence: Evidence[] }[];
  evidence: Evidence[];
};
export type Raised = {
  alertId: string;
  created: boolean;
  escalated: boolean;
  newRuns: string[];
  severity: AlertSeverity;
};

const RANK = (column: string) => `array_position(array['info','warning','high','critical'], ${column})`;

/** Opens the alert, or adds to the one that stands open. What is told twice is one alert; what was seen is never dropped. */
export async function upsertAlert(tx: Sql, f: Finding): Promise<Raised> {
  const { rows } = await tx.query<{
    alert_id: string;
    created: boolean;
    before: AlertSeverity | null;
    severity: AlertSeverity;
  }>(
    `with old as (select alert_id, severity from alerts where environment_id = $1 and dedupe_key = $3 and state <> 'resolved' for update),
     put as (
       insert into alerts as a (environment_id, alert_id, dedupe_key, rule, rule_name, sentence, category, failure, metric, severity,
         historic, mode, agent_id, tenant_id, task_type, value, threshold, evidence, first_at, last_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, to_timestamp($19 / 1000.0), to_timestamp($19 / 1000.0))
       on conflict (environment_id, dedupe_key) where state <> 'resolved' do update set
         severity = case when ${RANK("excluded.severity")} > ${RANK("a.severity")} then excluded.severity else a.severity end,
         value = case when ${RANK("excluded.severity")} >= ${RANK("a.severity")} then excluded.value else a.value end,
         threshold = case when ${RANK("excluded.severity")} >= ${RANK("a.severity")} then excluded.threshold else a.threshold end,
         rule_name = excluded.rule_name, sentence = excluded.sentence, mode = excluded.mode, failure = excluded.failure,
         evidence = excluded.evidence, first_at = least(a.first_at, excluded.first_at), last_at = greatest(a.last_at, excluded.last_at)
       returning alert_id, severity, (xmax = 0) as created)
     select put.*, (select severity from old) as before from put`,
    [
      f.environmentId,
      newId("al"),
      f.dedupeKey,
      f.rule.slug,
      f.rule.name,
      f.rule.sentence,
      f.rule.category,
      f.rule.failure,
      f.rule.metric,
      f.severity,
      f.historic,
      f.rule.mode,
      f.agentId,
      f.tenantId,
      f.taskType,
      f.value,
      f.threshold,
      JSON.stringify(f.evidence),
      f.at,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error("the alert was not written");
  const newRuns = await addRuns(tx, f, row.alert_id);
  return {
    alertId: row.alert_id,
    created: row.created,
    escalated: row.before !== null && row.before !== row.severity,
    newRuns,
    severity: row.severity,
  };
}

async function addRuns(tx: Sql, f: Finding, alertId: string): Promise<string[]> {
  if (f.runs.length === 0) return [];
  const { rows } = await tx.query<{ run_id: string; created: boolean }>(
    `with put as (
       insert into alert_runs as r (environment_id, alert_id, run_id, agent_id, severity, value, at, evidence)
       select $1, $2, x.run_id, x.agent_id, x.severity, x.value, to_timestamp(x.at / 1000.0), x.evidence
       from json_to_recordset($3) as x(run_id text, agent_id text, severity text, value float8, at float8, evidence jsonb)
       on conflict (environment_id, alert_id, run_id) do update set severity = excluded.severity, value = excluded.value,
         evidence = excluded.evidence, at = excluded.at
       where r.value <> excluded.value or r.severity <> excluded.severity
       returning run_id, (xmax = 0) as created),
     counted as (update alerts set runs = runs + (select count(*) from put where created)
       where environment_id = $1 and alert_id = $2 and exists (select 1 from put where created))
     select run_id, created from put`,
    [
      f.environmentId,
      alertId,
      JSON.stringify(
        f.runs.map((r) => ({
          run_id: r.runId,
          agent_id: r.agentId,
          severity: r.severity,
          value: r.value,
          at: r.at,
          evidence: r.evidence,
        })),
      ),
    ],
  );
  const fresh = rows.filter((r) => r.created).map((r) => r.run_id);
  // A run that was only worth knowing about, and now is worth an alert, stands in one of the two.
  if (f.severity !== "info" && fresh.length > 0)
    await tx.query(
      `with gone as (delete from alert_runs r using alerts a
         where r.environment_id = $1 and r.run_id = any($2) and a.environment_id = $1 and a.alert_id = r.alert_id
           and a.rule = $3 and a.alert_id <> $4 and a.severity = 'info' returning r.alert_id)
       update alerts a set runs = greatest(0, a.runs - g.n) from (select alert_id, count(*) as n from gone group by 1) g
       where a.environment_id = $1 and a.alert_id = g.alert_id`,
      [f.environmentId, fresh, f.rule.slug, alertId],
    );
  return fresh;
}

export type ActionRow = { action: string; target: string; state: "pending" | "not_taken"; note: string };
export const addActions = (tx: Sql, environmentId: string, alertId: string, actions: readonly ActionRow[]) =>
  actions.length === 0
    ? undefined
    : tx.query(
        `insert into alert_actions (environment_id, alert_id, action, target, state, note)
         select $1, $2, x.action, x.target, x.state, x.note from json_to_recordset($3) as x(action text, target text, state text, note text)
         on conflict (environment_id, alert_id, action, target) do nothing`,
        [environmentId, alertId, JSON.stringify(actions)],
      );
