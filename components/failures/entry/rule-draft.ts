import {
  type Action,
  type Aggregate,
  METRICS,
  type MetricName,
  type Op,
  type Per,
  type RuleScope,
  type RuleShape,
  type Severity,
} from "@/lib/detectors/schema";
import type { RuleDraft } from "../queries";

/** A rule while it is being written. A number that was left empty is "". */
export type Draft = {
  slug: string | null;
  name: string;
  metric: MetricName;
  aggregate: Aggregate | null;
  per: Per;
  op: Op;
  threshold: number | "";
  warn: number | "";
  window_s: number | null;
  scope: RuleScope;
  exempt_tools: string[];
  severity: Severity;
  mode: RuleShape["mode"];
  actions: Action[];
  no_data_s: number | null;
  renotify_s: number | null;
};

export const fromRule = (r: RuleShape): Draft => ({
  slug: r.slug,
  name: r.name,
  metric: r.metric,
  aggregate: r.aggregate,
  per: r.per,
  op: r.op,
  threshold: r.threshold,
  warn: r.warn_threshold ?? "",
  window_s: r.window_s,
  scope: r.scope,
  exempt_tools: r.exempt_tools,
  severity: r.severity,
  mode: r.mode,
  actions: r.actions,
  no_data_s: r.no_data_s,
  renotify_s: r.renotify_s,
});

export const freshRule = (name: string, severity: Severity): Draft => ({
  slug: null,
  name,
  metric: "identical_calls",
  aggregate: null,
  per: "run",
  op: ">",
  threshold: "",
  warn: "",
  window_s: null,
  scope: {},
  exempt_tools: [],
  severity,
  mode: "observe",
  actions: ["notify"],
  no_data_s: null,
  renotify_s: null,
});

export const filled = (scope: RuleScope): RuleScope =>
  Object.fromEntries(Object.entries(scope).filter(([, value]) => value?.trim()));

/** What is judged, without what follows from it. */
export const conditionOf = (d: Draft): RuleDraft => ({
  metric: d.metric,
  aggregate: d.aggregate,
  per: d.per,
  op: d.op,
  ...(d.threshold === "" ? {} : { threshold: d.threshold }),
  window_s: d.window_s,
  scope: filled(d.scope),
  exempt_tools: d.exempt_tools,
});
export const ruleOf = (d: Draft): RuleDraft => ({
  ...conditionOf(d),
  name: d.name,
  warn_threshold: d.warn === "" ? null : d.warn,
  severity: d.severity,
  mode: d.mode,
  actions: d.actions,
  no_data_s: d.no_data_s,
  renotify_s: d.renotify_s,
});

/** A window's metric is no single run's; an aggregate is gathered for somebody. */
export function settle(d: Draft): Draft {
  const many = METRICS[d.metric].of === "window" || d.aggregate !== null;
  if (!many) return { ...d, per: "run" };
  return {
    ...d,
    per: d.per === "run" ? "environment" : d.per,
    actions: d.actions.filter((a) => a !== "stop_run" && (a !== "safe_mode" || d.per === "agent")),
  };
}
