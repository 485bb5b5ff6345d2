import { costOf, type Prices } from "../prices";
import type { CostSource, NormalSpan } from "../span";
import type { RunFacts } from "../store/spans";

export type SpanInsert = {
  environmentId: string;
  runId: string;
  ordinal: number;
  startUs: number;
  durationUs: number | null;
  costMicros: number | null;
  costSource: CostSource | null;
  span: NormalSpan;
};

export const UNKNOWN_AGENT = "unknown";
export const UNKNOWN_TASK = "unspecified";

const micros = (nano: string): number => Number(BigInt(nano) / 1000n);

export function toRow(
  environmentId: string,
  runId: string,
  span: NormalSpan,
  ordinal: number,
  prices: Prices,
): SpanInsert {
  const startUs = micros(span.startNano);
  const { micros: costMicros, source } = costOf(
    span.model,
    span.kind === "model" ? span.tokens : null,
    span.costUsd,
    prices,
  );
  return {
    environmentId,
    runId,
    ordinal,
    startUs,
    durationUs: span.endNano === null ? null : micros(span.endNano) - startUs,
    costMicros,
    costSource: source,
    span,
  };
}

/** What the rows say of each run, the root's word before the others'. */
export function factsOf(rows: SpanInsert[]): RunFacts[] {
  const facts = new Map<string, RunFacts>();
  for (const row of rows) {
    const key = `${row.environmentId} ${row.runId}`;
    const found = facts.get(key);
    const fact = found ?? blank(row);
    if (!found) facts.set(key, fact);
    take(fact, row);
  }
  return [...facts.values()];
}

const blank = (row: SpanInsert): RunFacts => ({
  environmentId: row.environmentId,
  runId: row.runId,
  agentId: UNKNOWN_AGENT,
  agentVersion: null,
  taskType: UNKNOWN_TASK,
  tenantId: null,
  conversationId: null,
  deploymentEnv: null,
  name: null,
  rootEndUs: null,
  rootFailed: false,
  errorMessage: null,
  startUs: row.startUs,
  lastUs: row.startUs,
});

function take(fact: RunFacts, row: SpanInsert): void {
  const { span } = row;
  const root = span.parentSpanId === null;
  const end = row.startUs + (row.durationUs ?? 0);
  fact.startUs = Math.min(fact.startUs, row.startUs);
  fact.lastUs = Math.max(fact.lastUs, end);
  if (span.agentId && (fact.agentId === UNKNOWN_AGENT || root)) fact.agentId = span.agentId;
  if (span.taskType && (fact.taskType === UNKNOWN_TASK || root)) fact.taskType = span.taskType;
  fact.agentVersion ??= span.agentVersion;
  fact.tenantId ??= span.tenantId;
  fact.conversationId ??= span.conversationId;
  fact.deploymentEnv ??= span.deploymentEnv;
  // A root of plain JSON history has no say on when the run ends: only traces have roots that do.
  if (!root || span.traceId === null) return;
  fact.name = span.name;
  fact.rootEndUs = Math.max(fact.rootEndUs ?? 0, end);
  fact.rootFailed = span.status === "error";
  if (fact.rootFailed) fact.errorMessage = span.errorMessage;
}
