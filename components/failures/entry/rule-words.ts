import type { Action, Aggregate, Op, Per, RuleScope } from "@/lib/detectors/schema";
import { type Draft, filled } from "./rule-draft";

export const OP_WORDS: Record<Op, string> = { ">": "exceeding", ">=": "reaching", "<": "below", "<=": "at most" };
export const AGGREGATE_WORDS: Record<Aggregate, string> = {
  sum: "the sum of",
  count: "the number of runs with",
  rate: "the share of runs with",
  avg: "the average of",
  max: "the highest",
  min: "the lowest",
  p50: "the median of",
  p95: "the p95 of",
  p99: "the p99 of",
};
export const PER_WORDS: Record<Per, string> = {
  run: "each run by itself",
  agent: "each agent",
  tenant: "each tenant",
  task_type: "each task type",
  environment: "the environment",
};
export const SCOPE_WORDS: Record<keyof RuleScope, string> = {
  agent_id: "agent",
  task_type: "task",
  tenant_id: "tenant",
  tool: "tool",
};
export const ACTION_WORDS: Record<Action, string> = {
  notify: "notify",
  safe_mode: "set safe mode",
  stop_run: "stop the run",
  open_incident: "open an incident",
};

const UNITS: [string, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
export function lengthWords(seconds: number): string {
  for (const [unit, size] of UNITS)
    if (seconds % size === 0) return `${seconds / size} ${unit}${seconds === size ? "" : "s"}`;
  return `${seconds} seconds`;
}

const name = (value: string): string => (/^[\w.*:@/-]*[\w*]$/.test(value) ? value : JSON.stringify(value));
const PER_TEXT: Partial<Record<Per, string>> = {
  agent: "for each agent",
  tenant: "for each tenant",
  task_type: "for each task",
  environment: "in the environment",
};
/** The draft as the sentence that the server reads back to the same. */
export function sayDraft(d: Draft): string {
  const scope = filled(d.scope);
  const parts = [
    d.aggregate ? `${AGGREGATE_WORDS[d.aggregate]} ${d.metric}` : d.metric,
    OP_WORDS[d.op],
    String(d.threshold === "" ? "…" : d.threshold),
    d.window_s === null ? "" : `within ${lengthWords(d.window_s)}`,
    scope.tool ? `of tool ${name(scope.tool)}` : "",
    scope.agent_id ? `for agent ${name(scope.agent_id)}` : "",
    scope.task_type ? `for task ${name(scope.task_type)}` : "",
    scope.tenant_id ? `for tenant ${name(scope.tenant_id)}` : "",
    PER_TEXT[d.per] ?? "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** What happens when it fires, in words. */
export function thenWords(d: Draft): string {
  if (d.mode === "off") return "nothing, it is not armed";
  if (d.mode === "observe") return "raise an alert and only observe";
  return ["raise an alert", ...d.actions.map((a) => ACTION_WORDS[a])].join(", ");
}
export function scopeWords(scope: RuleScope): string {
  const said = (Object.keys(SCOPE_WORDS) as (keyof RuleScope)[]).filter((key) => scope[key]?.trim());
  return said.length === 0 ? "every agent" : said.map((key) => `${SCOPE_WORDS[key]}: ${scope[key]}`).join(", ");
}
