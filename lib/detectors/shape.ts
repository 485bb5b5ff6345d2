import { DEFAULT_RULES } from "./catalogue/rules";
import { METRICS } from "./metrics";
import { covers, type Rule } from "./rule";
import type { RuleShape } from "./schema";
import { sayCondition } from "./sentence";
import type { RuleFacts, Seen, StoredRule } from "./store/rules";

const SHIPPED = new Set(DEFAULT_RULES.map((r) => r.slug));
const BLIND_MS = 7 * 86_400_000;

/** When data that the rule needs last came from an agent of its scope. */
export function dataAt(rule: Rule, seen: readonly Seen[]): Date | null {
  const needs = METRICS[rule.metric].needs;
  const fit = seen.filter(
    (s) =>
      s.needs === needs &&
      covers(
        { ...(rule.scope.agent_id && { agent_id: rule.scope.agent_id }) },
        { agentId: s.agent_id, taskType: "", tenantId: null },
      ),
  );
  return fit.reduce<Date | null>((latest, s) => (latest === null || s.last_at > latest ? s.last_at : latest), null);
}

/** A rule as the API tells it. Blind: for a week nothing has come that it could see. */
export function ruleOut(
  rule: Rule & Partial<StoredRule>,
  facts: RuleFacts | undefined,
  seen: readonly Seen[],
  now: number,
): RuleShape {
  const at = dataAt(rule, seen);
  const blind = at === null || now - at.getTime() > BLIND_MS;
  return {
    slug: rule.slug,
    name: rule.name,
    category: rule.category,
    failure: rule.failure,
    sentence: sayCondition(rule),
    metric: rule.metric,
    aggregate: rule.aggregate,
    per: rule.per,
    op: rule.op,
    threshold: rule.threshold,
    warn_threshold: rule.warnThreshold,
    window_s: rule.windowS,
    scope: rule.scope,
    exempt_tools: rule.exemptTools,
    severity: rule.severity,
    mode: rule.mode,
    actions: rule.actions,
    no_data_s: rule.noDataS,
    renotify_s: rule.renotifyS,
    origin: rule.revision === undefined && SHIPPED.has(rule.slug) ? "catalogue" : "yours",
    revision: rule.revision ?? 0,
    updated_by: rule.updatedBy ?? null,
    updated_at: rule.updatedAt?.toISOString() ?? null,
    state: rule.mode === "off" ? "off" : (facts?.open ?? 0) > 0 ? "fired" : blind ? "blind" : "armed",
    fired_at: facts?.fired_at?.toISOString() ?? null,
    alerts_30d: facts?.alerts ?? 0,
    data_at: at?.toISOString() ?? null,
  };
}
