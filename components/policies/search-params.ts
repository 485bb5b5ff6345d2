import { createLoader, parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";

export const POLICY_TABS = ["document", "diff", "effective", "dry-run", "versions"] as const;
export type PolicyTab = (typeof POLICY_TABS)[number];

/** Which caller the effective policy is asked for. */
export const whoParams = { agent_id: parseAsString, task_type: parseAsString, tenant_id: parseAsString };
export type Who = { agent_id: string | null; task_type: string | null; tenant_id: string | null };

/** `version` and `rule` are what a decision names: the document opens there. */
export const policyParams = {
  tab: parseAsStringLiteral(POLICY_TABS).withDefault("document"),
  version: parseAsInteger,
  rule: parseAsString,
  from: parseAsInteger,
  to: parseAsInteger,
  days: parseAsInteger.withDefault(30),
};
export const effectiveParams = { ...whoParams, rule: parseAsString, try: parseAsBoolean.withDefault(false) };

export const listParams = { state: parseAsString, binds: parseAsString, q: parseAsString.withDefault("") };
export type ListFilter = { state: string | null; binds: string | null; q: string };

export const loadPolicyParams = createLoader(policyParams);
export const loadEffectiveParams = createLoader(effectiveParams);
