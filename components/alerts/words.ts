import type { AlertShape } from "@/lib/alerts/schema";

export const alertHref = (environment: string, id: string): string =>
  `/${environment}/alerts/${encodeURIComponent(id)}`;

/** Whom it is about: an agent, a tenant, a task, or everything. */
export const whomOf = (a: Pick<AlertShape, "agent_id" | "tenant_id" | "task_type">): string =>
  a.agent_id ?? (a.tenant_id ? `tenant ${a.tenant_id}` : (a.task_type ?? "the environment"));
export const titleOf = (a: AlertShape): string => `${a.rule_name}, ${whomOf(a)}`;

/** 3, 0.62, 1,204: as short as a column. */
export function valueWords(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 1 ? 4 : 2 });
}
/** How the sentence compares: the same words that a rule is written in. */
const COMPARES: [RegExp, string][] = [
  [/ exceeding /, ">"],
  [/ reaching /, "≥"],
  [/ below /, "<"],
  [/ at most /, "≤"],
];
/** "identical_calls 14 > 3". */
export const againstWords = (a: AlertShape): string => {
  const sign = COMPARES.find(([word]) => word.test(a.sentence))?.[1] ?? "of";
  return `${a.metric} ${valueWords(a.value)} ${sign} ${valueWords(a.threshold)}`;
};

export const ACTION_WORDS: Record<string, string> = {
  notify: "Tell the channels",
  stop_run: "Stop the run",
  safe_mode: "Safe mode for the agent",
  open_incident: "Open an incident",
};
export const NEEDS_OPERATOR = "It needs the role operator or admin.";
export const NEEDS_OWNER = "It needs the role owner, policy_admin or admin.";
export const NEEDS_BOTH = "It needs the role operator, owner, policy_admin or admin.";
