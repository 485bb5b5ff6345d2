import { METRICS, type MetricName, type RuleShape } from "../../detectors/schema";
import { matches } from "../../platform/authz";
import type { Facts } from "./facts";
import type { Part } from "./part";

/** Does the rule look at this agent? */
export function covers(f: Facts, { scope }: RuleShape): boolean {
  if (scope.agent_id !== undefined && !matches(scope.agent_id, f.agentId)) return false;
  const task = scope.task_type;
  return task === undefined || (f.runs?.tasks ?? []).some((t) => matches(task, t));
}
export const armed = (f: Facts): RuleShape[] => f.rules.filter((r) => r.mode !== "off" && covers(f, r));
/** Data that the rule needs came from this agent within a week: what it cannot see, it does not watch. */
export const sees = (f: Facts, rule: RuleShape): boolean => f.data.has(METRICS[rule.metric].needs);

export const rulePath = (rule: RuleShape): string =>
  rule.failure
    ? `/failures/${encodeURIComponent(rule.failure)}`
    : `/failures?tab=catalogue&q=${encodeURIComponent(rule.category)}`;

/** A rule on one of these metrics is armed for the agent, and sees it. */
export function ruleOn(f: Facts, metrics: readonly MetricName[], what: string): Part {
  const found = armed(f).filter((r) => metrics.includes(r.metric));
  const seeing = found.find((r) => sees(f, r));
  if (seeing)
    return { ok: true, say: `The rule “${seeing.name}” is armed: ${seeing.sentence}`, path: rulePath(seeing) };
  const [blind] = found;
  if (blind)
    return {
      ok: null,
      say: `The rule “${blind.name}” is armed and sees nothing: no ${METRICS[blind.metric].needs} came from ${f.agentId} within a week`,
      path: rulePath(blind),
      mend: ["Send data", "/connect"],
    };
  return { ok: false, say: `No rule on ${what} is armed for it`, mend: ["Arm one", "/failures?tab=catalogue"] };
}
