import { touchFleet } from "../../fleet";
import { Failure } from "../../platform/errors";
import { log } from "../../platform/log";
import { inTransaction, reader } from "../../platform/verb";
import { type Prices, pricesOf } from "../prices";
import * as store from "../store/spans";
import { assignRuns, type Group, settle } from "./assign";
import { factsOf, type SpanInsert, toRow } from "./rows";

type Waiting = Group & { resolve: (inserted: number) => void; reject: (err: unknown) => void };

/**
 * A batch leaves as soon as one of two connections is free, with what has gathered meanwhile: alone a request waits for
 * nobody, under load batches grow by themselves. No timer: while one batch is written the next is being decoded.
 */
const BATCH = { spans: 1_000, inFlight: 2 };

const queue: Waiting[] = [];
let inFlight = 0;

/**
 * Stores spans of one environment, gathered with what else arrives while others are written. Resolves after the commit.
 * @returns how many were new (exact only with `alone`, which keeps the batch for itself)
 * @throws Failure `unavailable` where the database does not take them: nothing of the group is stored then
 */
export function storeSpans(group: Group, options: { alone?: boolean } = {}): Promise<number> {
  if (group.spans.length === 0) return Promise.resolve(0);
  return new Promise((resolve, reject) => {
    const waiting = { ...group, resolve, reject };
    if (options.alone) {
      void commit([waiting]);
      return;
    }
    queue.push(waiting);
    flush();
  });
}

function flush(): void {
  if (queue.length === 0 || inFlight >= BATCH.inFlight) return;
  const batch: Waiting[] = [];
  let spans = 0;
  while (queue.length > 0 && (batch.length === 0 || spans + (queue[0]?.spans.length ?? 0) <= BATCH.spans)) {
    const next = queue.shift();
    if (!next) break;
    batch.push(next);
    spans += next.spans.length;
  }
  inFlight++;
  void commit(batch).finally(() => {
    inFlight--;
    flush();
  });
}

async function commit(batch: Waiting[]): Promise<void> {
  try {
    const inserted = await writeBatch(batch);
    for (const group of batch) group.resolve(batch.length === 1 ? inserted : group.spans.length);
  } catch (err) {
    // A day's partition that was dropped by age while spans of that day still arrive is made again.
    days.clear();
    if (batch.length > 1) {
      // One bad group must not take the others with it.
      for (const group of batch) await commit([group]);
      return;
    }
    log.warn({ err: String(err) }, "a batch of spans was not stored");
    const cause = new Failure("unavailable", "The spans could not be stored now. Send them again.", {
      retryAfterS: 1,
      cause: err,
    });
    batch[0]?.reject(cause);
  }
}

async function writeBatch(groups: Group[]): Promise<number> {
  const { sql } = reader();
  const prices = new Map<string, Prices>();
  for (const { environmentId } of groups)
    if (!prices.has(environmentId)) prices.set(environmentId, await pricesOf(environmentId));
  await ensureDays(groups);
  const { runOf, naming } = await assignRuns(sql, groups);
  const rows = groups.flatMap(({ environmentId, spans }) => {
    const of = prices.get(environmentId) ?? new Map();
    return spans.map((span, n) => toRow(environmentId, runOf(environmentId, span), span, n, of));
  });
  const facts = factsOf(rows);
  await touchFleet(sql, fleetOf(rows, facts));
  const { inserted, ungated } =
    naming.length === 0 ? await store.insertSpans(sql, rows, facts) : await writeNaming(rows, facts, naming);
  await touchFleet(sql, { agents: ungated.map((a) => ({ ...a, version: null, gated: false })), names: [] });
  for (const { environmentId, runId, span } of rows) if (span.traceId) settle(environmentId, span.traceId, runId);
  return inserted;
}

/** A batch that names traces: the names, the spans that came before them, and its own spans, or nothing of it. */
const writeNaming = (rows: SpanInsert[], facts: store.RunFacts[], naming: store.TraceRow[]): Promise<store.Inserted> =>
  inTransaction(async (tx) => {
    for (const { environment_id, trace_id, run_id } of await store.nameTraces(tx, naming))
      await store.moveTrace(tx, environment_id, trace_id, run_id);
    return store.insertSpans(tx, rows, facts);
  });

/** Days since the epoch whose partition is there. */
const days = new Set<number>();
async function ensureDays(groups: Group[]): Promise<void> {
  for (const { spans } of groups)
    for (const { startNano } of spans) {
      const day = Math.floor(Number(startNano.slice(0, -9)) / 86_400);
      if (days.has(day)) continue;
      await store.ensurePartition(reader().sql, new Date(day * 86_400_000).toISOString().slice(0, 10));
      days.add(day);
    }
}

function fleetOf(rows: ReturnType<typeof toRow>[], facts: store.RunFacts[]) {
  const agents = facts.map((f) => ({
    environmentId: f.environmentId,
    agentId: f.agentId,
    version: f.agentVersion,
    gated: null,
  }));
  const names = facts.flatMap((f) => [
    { environmentId: f.environmentId, kind: "task_type" as const, name: f.taskType },
    ...(f.tenantId ? [{ environmentId: f.environmentId, kind: "tenant" as const, name: f.tenantId }] : []),
  ]);
  const tools = rows.flatMap((r) =>
    r.span.tool ? [{ environmentId: r.environmentId, kind: "tool" as const, name: r.span.tool }] : [],
  );
  return { agents, names: [...names, ...tools] };
}
