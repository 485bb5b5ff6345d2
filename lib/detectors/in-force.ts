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

/** Rules that judge. Read each time: what was armed before a run's spans came is judged by. */
export const rulesInForce = async (tx: Sql, environmentId: string): Promise<Rule[]> =>
  overlaid(await store.rulesOf(tx, environmentId)).filter((r) => r.mode !== "off");
