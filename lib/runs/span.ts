/**
 * One span in our own words, whatever convention it arrived in. Pure data: what `otlp/` makes of a request, what the
 * plain JSON door makes of its body, and what `store.ts` writes.
 */
export const SPAN_KINDS = [
  "agent",
  "step",
  "model",
  "tool",
  "message",
  "decision",
  "retriever",
  "evaluator",
  "other",
] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];
export type SpanStatus = "ok" | "error" | "unset";
/** Where a cost comes from: the sender said it, our price table, or nobody knows the price. */
export type CostSource = "provider" | "table" | "unpriced";

export type Tokens = { input: number; output: number; cached: number; cacheWrite: number; reasoning: number };

export type SpanEvent = { name: string; at: string | null; attributes: Record<string, unknown> };

/**
 * What only the whole text tells, seen once while it passes: does a result speak to the agent, and what does it name?
 * Names are kept as hashes, so that a later call that carries one can be told without keeping either text.
 */
export type Signals = {
  /** The words that gave it away; strong: they set aside what the agent was told. */
  inject?: { quote: string; strong: boolean; terms: string[] };
  /** What the arguments, or a message, name. */
  terms?: string[];
};

export type NormalSpan = {
  /** 32 hex of OTLP, whatever the sender named it in JSON, null where a JSON span has none. */
  traceId: string | null;
  spanId: string;
  parentSpanId: string | null;
  /** The run the span names for itself; null: the run of its trace. */
  runId: string | null;
  /** Groups runs (session, thread, conversation); never identifies one. */
  conversationId: string | null;
  kind: SpanKind;
  name: string;
  agentId: string | null;
  agentVersion: string | null;
  taskType: string | null;
  tenantId: string | null;
  deploymentEnv: string | null;
  /** Receiver, of kind `message`. */
  to: string | null;
  tool: string | null;
  toolCallId: string | null;
  model: string | null;
  provider: string | null;
  status: SpanStatus;
  errorType: string | null;
  errorMessage: string | null;
  /** SHA-256 hex over the canonical JSON of the arguments. */
  argsHash: string | null;
  /** The same with named volatile fields dropped, for finding repeats. */
  argsFingerprint: string | null;
  resultHash: string | null;
  /** Redacted, at most 500 characters. */
  argsPreview: string | null;
  resultPreview: string | null;
  /** Only ever on kind `model`, so that sums count once. */
  tokens: Tokens | null;
  costUsd: number | null;
  finishReasons: string[];
  httpStatus: number | null;
  endpoint: string | null;
  promptHash: string | null;
  decisionId: string | null;
  /** Nanoseconds since the epoch, as decimal strings: they do not fit a number. */
  startNano: string;
  /** null where the sender's end is before its start or missing. */
  endNano: string | null;
  convention: string;
  scopeName: string | null;
  scopeVersion: string | null;
  droppedAttributes: number;
  /** What the sender sent besides, redacted, content replaced by hash, size and preview. */
  attributes: Record<string, unknown>;
  events: SpanEvent[];
  signals: Signals | null;
};

/** A span that was refused: where it stood and what is wrong with it. */
export type SpanRejection = { path: string; message: string };
