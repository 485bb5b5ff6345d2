import { argsFingerprint, argsHash, preview, redact, signalsOf } from "../otlp";
import type { JsonSpan } from "../schema";
import type { NormalSpan } from "../span";

export type Where = {
  runId: string;
  requestId: string;
  index: number;
  baseUs: number;
  agentId: string | null;
  taskType: string | null;
};

/** ISO times carry more digits than a Date keeps. */
function nanos(iso: string): bigint {
  const fraction = /\.(\d+)/.exec(iso)?.[1] ?? "";
  const whole = BigInt(Math.floor(Date.parse(iso.replace(/\.\d+/, "")) / 1000));
  return whole * 1_000_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}

/** A span of plain JSON in our own words. */
export function toNormal(span: JsonSpan, where: Where): NormalSpan {
  const start = span.started_at ? nanos(span.started_at) : BigInt(where.baseUs + where.index) * 1000n;
  const end = span.ended_at ? nanos(span.ended_at) : null;
  const has = (value: unknown) => value !== undefined && value !== null;
  const extra = { summary_ref: span.summary_ref, index_ids: span.index_ids, event: span.event };
  return {
    traceId: span.trace_id ?? null,
    spanId: span.span_id ?? `${where.requestId}#${where.index}`,
    parentSpanId: span.parent_span_id ?? null,
    runId: where.runId,
    conversationId: null,
    kind: span.kind,
    name: span.name || "unnamed",
    agentId: where.agentId,
    agentVersion: null,
    taskType: where.taskType,
    tenantId: null,
    deploymentEnv: null,
    to: span.to ?? null,
    tool: span.tool ?? (span.kind === "tool" ? span.name : null),
    toolCallId: span.tool_call_id || null,
    model: span.model ?? null,
    provider: null,
    status: span.status,
    errorType: span.error?.type ?? null,
    errorMessage: span.error ? preview(span.error.message, 500) : null,
    argsHash: span.args_hash ?? (has(span.args) ? argsHash(span.args) : null),
    argsFingerprint: has(span.args) ? argsFingerprint(span.args) : (span.args_hash ?? null),
    resultHash: span.result_hash ?? (has(span.result) ? argsHash(span.result) : null),
    argsPreview: has(span.args) ? preview(span.args, 500) : null,
    resultPreview: has(span.result) ? preview(span.result, 500) : null,
    tokens: span.kind === "model" && span.tokens ? { ...span.tokens, cacheWrite: 0, reasoning: 0 } : null,
    costUsd: span.cost_usd ?? null,
    finishReasons: [],
    httpStatus: span.http_status ?? null,
    endpoint: span.endpoint ?? null,
    promptHash: span.prompt_hash ?? null,
    decisionId: span.decision_id ?? null,
    startNano: String(start),
    endNano: end === null || end < start ? null : String(end),
    convention: "interlock",
    scopeName: null,
    scopeVersion: null,
    droppedAttributes: 0,
    attributes: redact(Object.fromEntries(Object.entries(extra).filter(([, v]) => has(v)))) as Record<string, unknown>,
    events: [],
    signals: signalsOf(span.kind, span.args, span.result),
  };
}
