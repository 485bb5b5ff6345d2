import type { Sql } from "../platform/db/pool";
import { DEFAULT_RULES } from "./catalogue/rules";
import type { Rule } from "./rule";
import * as store from "./store/rules";

/** The catalogue's rules with what was written here laid over them: the same slug is the same rule. */
export function overlaid(stored: readonly store.StoredRule[]): (Rule & Partial<store.StoredRule>)[] {
  const ours = new Map(stored.map((r) => [r.slug, r]));
  const shipped = DEFAULT_RULES.map((r) => ours.get(r.slug) ?? r);
  const names = new Set(DEFAULT_RULES.map((r) => r.slug));
  return [...shipped, ...stored.filter((r) => !names.has(r.slug))];
}

const FRESH_MS = 1_000;
const known = new Map<string, { at: number; rules: Rule[] }>();

/** Rules that judge, at most a second old. */
export async function rulesInForce(tx: Sql, environmentId: string): Promise<Rule[]> {
  const found = known.get(environmentId);
  if (found && Date.now() - found.at < FRESH_MS) return found.rules;
  const rules = overlaid(await store.rulesOf(tx, environmentId)).filter((r) => r.mode !== "off");
  known.set(environmentId, { at: Date.now(), rules });
  return rules;
}

export const rulesChanged = (environmentId: string): boolean => known.delete(environmentId);
