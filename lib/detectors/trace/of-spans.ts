import type { NormalSpan } from "../../runs";
import { bySequence, type Step, type Trace } from "./step";

const ms = (nano: string): number => Number(BigInt(nano) / 1_000_000n);

export function stepOf(span: NormalSpan, ordinal: number): Step {
  const at = ms(span.startNano);
  return {
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    kind: span.kind,
    at,
    endAt: span.endNano === null ? at : ms(span.endNano),
    ordinal,
    agent: span.agentId ?? "unknown",
    to: span.to,
    name: span.name,
    tool: span.tool,
    status: span.status,
    errorType: span.errorType,
    error: span.errorMessage,
    httpStatus: span.httpStatus,
    fingerprint: span.argsFingerprint,
    argsHash: span.argsHash,
    resultHash: span.resultHash,
    args: span.argsPreview,
    result: span.resultPreview,
    input: span.tokens?.input ?? null,
    output: span.tokens?.output ?? null,
    costUsd: span.costUsd,
    finish: span.finishReasons.join(","),
    decisionId: span.decisionId,
    signals: span.signals,
  };
}

/** A run of which nothing but its spans is known. */
export function traceOf(
  run: Pick<Trace, "runId" | "agentId" | "taskType"> & Partial<Trace>,
  spans: readonly NormalSpan[],
): Trace {
  const steps = spans.map(stepOf).sort(bySequence);
  return {
    tenantId: null,
    status: "completed",
    stopReason: null,
    source: "api",
    scope: [],
    startedAt: steps[0]?.at ?? 0,
    endedAt: null,
    stepCount: 0,
    toolCalls: steps.filter((s) => s.kind === "tool").length,
    tokens: 0,
    costUsd: 0,
    decisions: [],
    effects: [],
    scores: [],
    checkpoints: [],
    children: null,
    waiting: null,
    lockHeldSince: null,
    twins: [],
    freshTools: [],
    resumeRatio: null,
    ...run,
    steps,
  };
}
