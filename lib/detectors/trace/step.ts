import type { Signals, SpanKind, SpanStatus } from "../../runs";

/** One span as detectors see it: what it was, what came of it, and no attribute besides. */
export type Step = {
  spanId: string;
  parentSpanId: string | null;
  kind: SpanKind;
  /** Milliseconds since the epoch; of two that began at once the ordinal tells which was first. */
  at: number;
  endAt: number;
  ordinal: number;
  agent: string;
  to: string | null;
  name: string;
  tool: string | null;
  status: SpanStatus;
  errorType: string | null;
  error: string | null;
  httpStatus: number | null;
  fingerprint: string | null;
  argsHash: string | null;
  resultHash: string | null;
  args: string | null;
  result: string | null;
  input: number | null;
  output: number | null;
  costUsd: number | null;
  finish: string;
  decisionId: string | null;
  signals: Signals | null;
};

export type DecisionFact = {
  decisionId: string;
  at: number;
  kind: string;
  tool: string | null;
  outcome: string;
  code: string;
  effect: string | null;
  capability: string | null;
  bytes: number | null;
  argsHash: string | null;
  executed: boolean;
};
export type EffectFact = { effectId: string; tool: string; argsHash: string; status: string; at: number };
export type ScoreFact = { name: string; score: number; at: number; spanId: string | null };
export type CheckpointFact = { checkpointId: string; at: number; mismatch: boolean };

/** A run with all that rules may ask about it. Steps stand in the order in which they began. */
export type Trace = {
  runId: string;
  agentId: string;
  taskType: string;
  tenantId: string | null;
  status: string;
  stopReason: string | null;
  source: "api" | "otlp";
  scope: string[];
  startedAt: number;
  endedAt: number | null;
  /** Steps, calls, tokens and dollars as the run's own row counts them. */
  stepCount: number;
  toolCalls: number;
  tokens: number;
  costUsd: number;
  steps: Step[];
  decisions: DecisionFact[];
  effects: EffectFact[];
  scores: ScoreFact[];
  checkpoints: CheckpointFact[];
  /** Facts about others that belong to it: worked out by the store, null where nothing is known. */
  children: number | null;
  waiting: { since: number; cycle: string[] } | null;
  lockHeldSince: number | null;
  twins: string[];
  freshTools: string[];
  resumeRatio: number | null;
};

export const bySequence = (a: Step, b: Step): number => a.at - b.at || a.ordinal - b.ordinal;
