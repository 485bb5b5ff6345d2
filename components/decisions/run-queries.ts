import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { DecisionRow, EffectShape } from "@/lib/decisions/schema";
import { api, query } from "../api";

export type DecisionPage = { items: DecisionRow[]; next_cursor: string | null };
export type EffectPage = { items: EffectShape[]; next_cursor: string | null };
export const DECISION_LIMIT = 100;

/** Of a run that has ended nothing more is decided: its key leaves the topic, so that others' decisions do not read it again. */
const topic = (live: boolean) => (live ? "decisions" : "run-decisions");

/** Newest first, all or what was not plainly allowed. */
export const runDecisionsQuery = (environment: string, runId: string, live: boolean, refused: boolean) =>
  infiniteQueryOptions({
    queryKey: [environment, topic(live), "of-run", runId, refused],
    queryFn: ({ signal, pageParam }) =>
      api(environment).get<DecisionPage>(
        `/decisions${query({ ...runDecisionsInput(runId, refused), cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: DecisionPage) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
export const NOT_ALLOWED = "deny,require_approval,replay,wait";
export const runDecisionsInput = (runId: string, refused: boolean) => ({
  run_id: runId,
  limit: DECISION_LIMIT,
  outcome: refused ? NOT_ALLOWED : undefined,
});

/** Settled by people after the run has ended too: it stays under its topic. */
export const runEffectsQuery = (environment: string, runId: string) =>
  infiniteQueryOptions({
    queryKey: [environment, "decisions", "effects", runId],
    queryFn: ({ signal, pageParam }) =>
      api(environment).get<EffectPage>(`/effects${query({ ...runEffectsInput(runId), cursor: pageParam })}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: EffectPage) => page.next_cursor,
  });
export const runEffectsInput = (runId: string) => ({ run_id: runId, limit: DECISION_LIMIT });

/** "6", "100+"; nothing where there is none. */
export function countOf(pages: { items: unknown[]; next_cursor: string | null }[] | undefined): string | undefined {
  const n = pages?.reduce((sum, page) => sum + page.items.length, 0) ?? 0;
  if (n === 0) return undefined;
  return pages?.at(-1)?.next_cursor ? `${n}+` : String(n);
}

/** Every question of a run about one tool, to tell the story of a write. */
export const effectDecisionsQuery = (environment: string, runId: string, tool: string) =>
  queryOptions({
    queryKey: [environment, "decisions", "of-tool", runId, tool],
    queryFn: ({ signal }) =>
      api(environment).get<DecisionPage>(`/decisions${query({ run_id: runId, tool, limit: 200 })}`, signal),
  });
