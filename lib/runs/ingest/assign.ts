import { LRUCache } from "lru-cache";
import type { Sql } from "../../platform/db/pool";
import type { NormalSpan } from "../span";
import * as store from "../store/spans";

export type Group = { environmentId: string; spans: NormalSpan[] };
type Known = { runId: string; named: boolean };
type Move = { environmentId: string; traceId: string; runId: string };

/** Traces whose run is settled; only this process writes it here, and a name, once given, stays. */
const settled = new LRUCache<string, Known>({ max: 100_000 });
const keyOf = (environmentId: string, traceId: string) => `${environmentId} ${traceId}`;

/**
 * Run of a span: the run it names, else the run its trace has been given, else the gated run that waits in its conversation,
 * else its trace's own id. In the caller's transaction.
 * @returns one run id per span, and the traces that must move because a later span named their run
 */
export async function assignRuns(
  tx: Sql,
  groups: Group[],
): Promise<{ runOf: (environmentId: string, span: NormalSpan) => string; moves: Move[] }> {
  const wanted = new Map<
    string,
    { environmentId: string; traceId: string; named: string | null; conversationId: string | null }
  >();
  for (const { environmentId, spans } of groups)
    for (const { traceId, runId, conversationId } of spans) {
      if (traceId === null) continue;
      const key = keyOf(environmentId, traceId);
      const want = wanted.get(key) ?? { environmentId, traceId, named: null, conversationId: null };
      want.named ??= runId;
      want.conversationId ??= conversationId;
      wanted.set(key, want);
    }

  const found = new Map<string, Known>();
  const open = [...wanted].filter(([key, want]) => {
    const known = settled.get(key);
    if (known) found.set(key, known);
    return !known || (want.named !== null && !known.named);
  });
  const moves: Move[] = [];
  if (open.length > 0) {
    const wants = open.map(([, want]) => want);
    for (const row of await store.runsOfTraces(tx, wants))
      found.set(keyOf(row.environment_id, row.trace_id), { runId: row.run_id, named: row.named });
    const waiting = await waitingRuns(
      tx,
      wants.filter((w) => !found.has(keyOf(w.environmentId, w.traceId)) && w.named === null),
    );
    const rows = wants.map((w) => {
      const joined = w.conversationId ? waiting.get(keyOf(w.environmentId, w.conversationId)) : undefined;
      return {
        environment_id: w.environmentId,
        trace_id: w.traceId,
        run_id: w.named ?? joined ?? w.traceId,
        named: w.named !== null || joined !== undefined,
      };
    });
    for (const row of await store.rememberTraces(tx, rows)) {
      const key = keyOf(row.environment_id, row.trace_id);
      const before = found.get(key);
      if (before && before.runId !== row.run_id)
        moves.push({ environmentId: row.environment_id, traceId: row.trace_id, runId: row.run_id });
      found.set(key, { runId: row.run_id, named: row.named });
    }
  }
  return {
    runOf: (environmentId, span) => {
      if (span.runId !== null) return span.runId;
      const known = span.traceId === null ? undefined : found.get(keyOf(environmentId, span.traceId));
      return known?.runId ?? span.traceId ?? span.spanId;
    },
    moves,
  };
}

/** Called once the transaction has committed: a mapping that was rolled back must not be believed. */
export function settle(environmentId: string, traceId: string, runId: string, named: boolean): void {
  settled.set(keyOf(environmentId, traceId), { runId, named });
}

async function waitingRuns(
  tx: Sql,
  wants: { environmentId: string; conversationId: string | null }[],
): Promise<Map<string, string>> {
  const keys = wants.flatMap((w) =>
    w.conversationId ? [{ environmentId: w.environmentId, conversationId: w.conversationId }] : [],
  );
  if (keys.length === 0) return new Map();
  const rows = await store.waitingInConversations(tx, keys);
  return new Map(rows.map((r) => [keyOf(r.environment_id, r.conversation_id), r.run_id]));
}
