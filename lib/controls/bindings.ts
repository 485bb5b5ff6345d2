import { glob } from "../platform/glob";
import type { OnStale } from "./schema";

export type Identity = { agentId: string | null; tenantId: string | null; taskType: string | null };

/** Whom a document speaks for: patterns that must all fit, or everybody whom no other document binds. */
export type Binding = {
  agent_id?: string | undefined;
  task_type?: string | undefined;
  tenant_id?: string | undefined;
  environment?: true | undefined;
};

/** How narrowly these bind somebody; 0: as the default of everybody, null: not at all. */
export function rank(bindings: readonly Binding[] | undefined, who: Identity): number | null {
  let best: number | null = null;
  for (const b of bindings ?? []) {
    const pairs: [string | undefined, string | null][] = [
      [b.tenant_id, who.tenantId],
      [b.task_type, who.taskType],
      [b.agent_id, who.agentId],
    ];
    let score = 0;
    const fits = pairs.every(([pattern, value], weight) => {
      if (pattern === undefined) return true;
      score += 100 + (pattern.includes("*") ? 0 : 10) + weight;
      return value !== null && glob([pattern])(value) !== -1;
    });
    if (fits && (best === null || score > best)) best = score;
  }
  return best;
}

/** What binds, narrowest first. The environment's default speaks only where nothing else does. */
export function boundBy<T>(
  all: readonly T[],
  bindings: (one: T) => readonly Binding[] | undefined,
  name: (one: T) => string,
  who: Identity,
): T[] {
  const ranked = all.flatMap((one) => {
    const score = rank(bindings(one), who);
    return score === null ? [] : [{ one, score }];
  });
  const narrow = ranked.filter((r) => r.score > 0);
  return (narrow.length > 0 ? narrow : ranked)
    .sort((a, b) => b.score - a.score || name(a.one).localeCompare(name(b.one)))
    .map((r) => r.one);
}

/** What a policy in force says to those who poll. */
export type PolicyRule = {
  policyId: string;
  bindings: Binding[];
  safeMode: boolean;
  /** null: the document names none. */
  allowedTools: string[] | null;
  onStale: OnStale | null;
};
export type PolicySays = { safeModeBy: string | null; allowedTools: string[] | null; onStale: OnStale };

const STRICT: Record<OnStale, number> = { continue: 0, safe_mode: 1, stop: 2 };

/** The sum of the documents that bind: safe mode where one enables it, lists intersect, the strictest on_stale. */
export function policySays(rules: readonly PolicyRule[], who: Identity, onStale: OnStale): PolicySays {
  const bound = boundBy(
    rules,
    (r) => r.bindings,
    (r) => r.policyId,
    who,
  );
  const lists = bound.flatMap((r) => (r.allowedTools ? [r.allowedTools] : []));
  const globs = lists.map((l) => glob(l));
  const named = [...new Set(lists.flat())].filter((tool) => globs.every((g) => g(tool) !== -1));
  return {
    safeModeBy: bound.find((r) => r.safeMode)?.policyId ?? null,
    allowedTools: lists.length === 0 ? null : named,
    onStale: bound.reduce<OnStale>(
      (worst, r) => (r.onStale && STRICT[r.onStale] > STRICT[worst] ? r.onStale : worst),
      onStale,
    ),
  };
}
