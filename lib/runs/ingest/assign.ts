import { LRUCache } from "lru-cache";
import type { Sql } from "../../platform/db/pool";
import type { NormalSpan } from "../span";
import * as store from "../store/spans";

export type Group = { environmentId: string; spans: NormalSpan[] };
type Want = { environmentId: string; traceId: string; named: string | null; conversationId: string | null };

/** Traces whose run is settled; a name, once given, stays. What another process names meanwhile, the sweep moves. */
const settled = new LRUCache<string, { runId: string; named: boolean }>({ max: 100_000 });
const keyOf = (environmentId: string, id: string) => `${environmentId} ${id}`;

export type Assigned = {
  runOf: (environmentId: string, span: NormalSpan) => string;
  /** Traces that get their name with this batch: to be written down, and moved, in its transaction. */
  naming: store.TraceRow[];
};

/**
 * Run of a span: the run it names, else the run its trace has been given, else the gated run that waits in its conversation,
 * else its trace's own id. One look at the database for traces not seen before, none for the others.
 */
export async function assignRuns(sql: Sql, groups: Group[]): Promise<Assigned> {
  const wanted = gather(groups);
  const runs = new Map<string, string>();
  const unknown: Want[] = [];
  const naming: store.TraceRow[] = [];
  const name = (want: Want, runId: string) => {
    runs.set(keyOf(want.environmentId, want.traceId), runId);
    naming.push({ environment_id: want.environmentId, trace_id: want.traceId, run_id: runId });
  };
  for (const [key, want] of wanted) {
    const known = settled.get(key);
    if (known && (known.named || want.named === null)) runs.set(key, known.runId);
    else unknown.push(want);
  }
  if (unknown.length > 0) {
    for (const row of await store.runsOfTraces(sql, unknown))
      runs.set(keyOf(row.environment_id, row.trace_id), row.run_id);
    const nameless = unknown.filter((w) => !runs.has(keyOf(w.environmentId, w.traceId)));
    const waiting = await waitingRuns(sql, nameless);
    for (const want of nameless) {
      const joined = want.conversationId ? waiting.get(keyOf(want.environmentId, want.conversationId)) : undefined;
      const runId = want.named ?? joined;
      if (runId !== undefined && runId !== want.traceId) name(want, runId);
      else runs.set(keyOf(want.environmentId, want.traceId), want.traceId);
    }
  }
  return {
    naming,
    runOf: (environmentId, span) =>
      span.runId ??
      (span.traceId === null ? span.spanId : (runs.get(keyOf(environmentId, span.traceId)) ?? span.traceId)),
  };
}

function gather(groups: Group[]): Map<string, Want> {
  const wanted = new Map<string, Want>();
  for (const { environmentId, spans } of groups)
    for (const { traceId, runId, conversationId } of spans) {
      if (traceId === null) continue;
      const key = keyOf(environmentId, traceId);
      const want = wanted.get(key) ?? { environmentId, traceId, named: null, conversationId: null };
      want.named ??= runId;
      want.conversationId ??= conversationId;
      wanted.set(key, want);
    }
  return wanted;
}

/** Called once the batch has committed: a name that was rolled back must not be believed. */
export function settle(environmentId: string, traceId: string, runId: string): void {
  settled.set(keyOf(environmentId, traceId), { runId, named: runId !== traceId });
}

async function waitingRuns(sql: Sql, wants: Want[]): Promise<Map<string, string>> {
  const keys = wants.flatMap((w) =>
    w.named === null && w.conversationId ? [{ environmentId: w.environmentId, conversationId: w.conversationId }] : [],
  );
  if (keys.length === 0) return new Map();
  const rows = await store.waitingInConversations(sql, keys);
  return new Map(rows.map((r) => [keyOf(r.environment_id, r.conversation_id), r.run_id]));
}
