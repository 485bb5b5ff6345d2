import type { PolicyShape, PolicyState } from "@/lib/policies/schema";

type Binding = PolicyShape["bindings"][number];

export const NEEDS = "Changing policies needs the role policy_admin or admin.";

export const STATE_WORDS: Record<PolicyState, string> = {
  draft: "Kept, decides nothing.",
  observe: "Decides and records, blocks nothing. Agents do not notice.",
  enforce: "Decides. The next call of each run uses it.",
  retired: "Out of use. Its versions stay.",
};

/** "agent triage-bot, task ticket-triage". */
export function bindingWords(binding: Binding): string {
  if (binding.environment) return "whoever no other document binds";
  const parts = [
    binding.agent_id && `agent ${binding.agent_id}`,
    binding.task_type && `task ${binding.task_type}`,
    binding.tenant_id && `tenant ${binding.tenant_id}`,
  ].filter(Boolean);
  return parts.join(", ");
}

export const boundWords = (bindings: readonly Binding[]): string =>
  bindings.length === 0 ? "bound to nobody" : `bound to ${bindings.map(bindingWords).join("; ")}`;

export const policyHref = (slug: string, policyId: string, query = ""): string =>
  `/${slug}/policies/${encodeURIComponent(policyId)}${query}`;

/** The version of a document, opened at the rule that a decision names. */
export function ruleHref(slug: string, policyId: string, version: number | null, rule: string | null): string {
  const params = new URLSearchParams();
  if (version !== null) params.set("version", String(version));
  if (rule) params.set("rule", rule);
  const query = params.toString();
  return policyHref(slug, policyId, query ? `?${query}` : "");
}

const GROUPS: [string, RegExp][] = [
  ["Tools and capabilities", /^(tools\.(?!retries|circuit_breakers|budgets)|capabilities|connectors)/],
  ["People", /^(conditions|validators|approval_thresholds|approvals|goal)/],
  ["Limits of one run", /^(budgets|loop_detection|stages|tools\.budgets|context|memory)/],
  ["Models and outputs", /^(models|output|validation)/],
  ["When it goes wrong", /^(tools\.(retries|circuit_breakers)|safe_mode|on_stale)/],
];
export const OTHER_GROUP = "Logging and the rest";

export const groupOf = (key: string): string => GROUPS.find(([, fits]) => fits.test(key))?.[0] ?? OTHER_GROUP;
export const GROUP_ORDER = [...GROUPS.map(([name]) => name), OTHER_GROUP];

type Rule = Record<string, unknown>;
const list = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : "");

/** A condition, a validator or a stage of the ladder, in the order in which a person would say it. */
function ruleWords(rule: Rule): string | null {
  if (typeof rule.when === "string")
    return `${String(rule.tool ?? rule.kind ?? "any call")} when ${rule.when}: ${String(rule.then)}`;
  if (rule.on_fail !== undefined)
    return `${String(rule.tool)} must pass ${String(rule.expression ?? rule.url)}, else ${String(rule.on_fail)}`;
  if (rule.timeout_s !== undefined) {
    const who = [list(rule.roles), list(rule.people)].filter(Boolean).join(", ") || String(rule.name ?? "anybody");
    return `${who}, ${String(rule.quorum ?? 1)} of them, ${String(rule.timeout_s)} s, then ${String(rule.on_timeout)}`;
  }
  return null;
}

/** A value as one line: lists by commas, maps as they would be written. */
export function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(valueWords).join(", ");
  if (typeof value === "object" && value !== null)
    return (
      ruleWords(value as Rule) ??
      Object.entries(value)
        .map(([key, each]) => `${key} ${valueWords(each)}`)
        .join(", ")
    );
  return value === undefined || value === null ? "–" : String(value);
}
