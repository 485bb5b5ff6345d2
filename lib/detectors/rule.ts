import { patternOf } from "../platform/authz";
import { type Fold, fold, MEASURES, type Point } from "./measure";
import type { MetricName } from "./metrics";
import type { Action, Aggregate, Op, Per, RuleScope, Severity } from "./schema";
import type { Trace } from "./trace/step";

/** A rule as it is judged. */
export type Rule = {
  slug: string;
  category: string;
  failure: string | null;
  name: string;
  metric: MetricName;
  aggregate: Aggregate | null;
  per: Per;
  op: Op;
  threshold: number;
  warnThreshold: number | null;
  windowS: number | null;
  scope: RuleScope;
  exemptTools: string[];
  severity: Severity;
  mode: "observe" | "act" | "off";
  actions: Action[];
  noDataS: number | null;
  renotifyS: number | null;
};

export type Evidence = { span_id: string | null; note: string };
export type Hit = { value: number; threshold: number; severity: Severity; at: number; evidence: Evidence[] };

const LESS: Record<Severity, Severity> = { critical: "high", high: "warning", warning: "info", info: "info" };
const EVIDENCE = 20;

export function reaches(op: Op, value: number, threshold: number): boolean {
  switch (op) {
    case ">":
      return value > threshold;
    case ">=":
      return value >= threshold;
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
  }
}

/** At which severity a value raises an alert, if it does. */
export function severityOf(rule: Rule, value: number): { severity: Severity; threshold: number } | null {
  if (reaches(rule.op, value, rule.threshold)) return { severity: rule.severity, threshold: rule.threshold };
  if (rule.warnThreshold !== null && reaches(rule.op, value, rule.warnThreshold))
    return { severity: LESS[rule.severity], threshold: rule.warnThreshold };
  return null;
}

/** Points of one trace, worked out once for all rules that ask the same. */
export type Measured = (
  metric: MetricName,
  rule: Pick<Rule, "scope" | "exemptTools">,
) => { fold: Fold; points: Point[] } | null;

export function measuring(trace: Trace, now: number): Measured {
  const known = new Map<string, { fold: Fold; points: Point[] } | null>();
  return (metric, { scope, exemptTools }) => {
    const key = `${metric} ${scope.tool ?? ""} ${exemptTools.join(",")}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const measure = MEASURES[metric];
    const made = measure
      ? { fold: measure.fold, points: measure.points(narrowed(trace, scope.tool, exemptTools), now) }
      : null;
    known.set(key, made);
    return made;
  };
}

/** Without the calls that do not count. */
function narrowed(trace: Trace, tool: string | undefined, exempt: string[]): Trace {
  if (tool === undefined && exempt.length === 0) return trace;
  const only = tool === undefined ? null : patternOf(tool);
  const not = exempt.map(patternOf);
  const counts = (name: string | null): boolean =>
    name === null || ((only === null || only(name)) && !not.some((matches) => matches(name)));
  return {
    ...trace,
    steps: trace.steps.filter((s) => s.kind !== "tool" || counts(s.tool)),
    decisions: trace.decisions.filter((d) => counts(d.tool)),
  };
}

export function covers(scope: RuleScope, run: { agentId: string; taskType: string; tenantId: string | null }): boolean {
  const fits = (pattern: string | undefined, value: string | null): boolean =>
    pattern === undefined || (value !== null && patternOf(pattern)(value));
  return (
    fits(scope.agent_id, run.agentId) && fits(scope.task_type, run.taskType) && fits(scope.tenant_id, run.tenantId)
  );
}

/** The rule's value on one run, and what made it; null: the run has no data of the metric. */
export function readingOf(rule: Rule, measured: Measured): { value: number; at: number; points: Point[] } | null {
  const found = measured(rule.metric, rule);
  if (!found || found.points.length === 0) return null;
  return fold(found.points, found.fold, rule.windowS === null ? null : rule.windowS * 1000);
}

/** Does the rule fire on this run? Pure: the alarm, the back-test and the score ask here. */
export function judge(rule: Rule, trace: Trace, measured: Measured): Hit | null {
  if (rule.per !== "run" || !covers(rule.scope, trace)) return null;
  const reading = readingOf(rule, measured);
  if (!reading) return null;
  const found = severityOf(rule, reading.value);
  if (!found) return null;
  const points =
    reading.points.length > EVIDENCE
      ? [...reading.points.slice(0, 5), ...reading.points.slice(-(EVIDENCE - 5))]
      : reading.points;
  return {
    value: reading.value,
    threshold: found.threshold,
    severity: found.severity,
    at: reading.at,
    evidence: points.map((p) => ({ span_id: p.spanId, note: p.note })),
  };
}
