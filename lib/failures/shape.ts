import type { RuleShape } from "../detectors/schema";
import type { ActualShape, FailureShape, FailureState, Lack } from "./schema";
import type { Actual, FailureRow } from "./store";

/** Of all its rules: the one that fired speaks, and blind is only what sees nothing at all. */
export function stateOf(rules: readonly RuleShape[]): FailureState {
  if (rules.length === 0) return "unwritten";
  const armed = rules.filter((r) => r.mode !== "off");
  if (armed.length === 0) return "written";
  if (armed.some((r) => r.alerts_30d > 0)) return "fired";
  return armed.every((r) => r.state === "blind") ? "blind" : "armed";
}

function ownerProblem(row: FailureRow): string | null {
  if (row.ownerDisabled) return "Can no longer sign in.";
  return row.ownerMember ? null : "Has no role in this environment any more.";
}
const ownerOut = (row: FailureRow): FailureShape["owner"] =>
  row.ownerId === null
    ? null
    : row.ownerName === null || row.ownerEmail === null
      ? { person_id: row.ownerId, name: row.ownerId, email: "", problem: "Is not known here any more." }
      : { person_id: row.ownerId, name: row.ownerName, email: row.ownerEmail, problem: ownerProblem(row) };

function missingOf(row: FailureRow, state: FailureState, owner: FailureShape["owner"]): Lack[] {
  const lacks: [Lack, boolean][] = [
    ["rule", state === "unwritten"],
    ["arming", state === "written" && row.triage === "pre_launch"],
    ["owner", owner === null || owner.problem !== null],
    ["runbook", row.runbook === null],
    ["data", state === "blind"],
    ["review", row.overdue],
  ];
  return lacks.filter(([, is]) => is).map(([lack]) => lack);
}

export const actualOut = (a: Actual): ActualShape => ({
  incident_id: a.incidentId,
  at: a.at.toISOString(),
  by: a.by,
  predicted: a.predicted,
  rule_fired: a.ruleFired,
  minutes_early_or_late: a.minutes,
  cost_usd: a.costUsd,
  impact: a.impact,
  changes: a.changes,
});

/** `actuals`: of this entry, newest first. */
export function failureOut(row: FailureRow, rules: readonly RuleShape[], actuals: readonly Actual[]): FailureShape {
  const state = stateOf(rules);
  const owner = ownerOut(row);
  const fired = rules.flatMap((r) => (r.fired_at === null ? [] : [r.fired_at])).toSorted();
  return {
    slug: row.slug,
    name: row.name,
    category: row.category,
    regime: row.regime,
    seen: row.seen,
    symptom: row.symptom,
    root_cause: row.rootCause,
    impact: row.impact,
    prediction: row.prediction,
    triage: { when: row.triage, reason: row.triageReason, review_at: row.reviewAt, overdue: row.overdue },
    owner,
    runbook: row.runbook,
    stop_reasons: row.stopReasons,
    agents: row.agents,
    state,
    missing: missingOf(row, state, owner),
    rules: [...rules],
    fired_at: fired.at(-1) ?? null,
    last_actual: actuals[0] ? actualOut(actuals[0]) : null,
    revision: row.revision,
    created_at: row.createdAt.toISOString(),
    updated_by: row.updatedBy,
    updated_at: row.updatedAt.toISOString(),
  };
}
