import type { SpanKind } from "../span";
import type { SpanReader } from "./reader";

/** Token counts as one convention states them. */
export type TokenFacts = {
  input?: number | null;
  output?: number | null;
  total?: number | null;
  cached?: number | null;
  cacheWrite?: number | null;
  reasoning?: number | null;
  /** The sender's input leaves the cached tokens out. */
  exclusive?: boolean;
};

/** What one convention says of a span; absent and null both mean that it says nothing. */
export type Facts = {
  kind?: SpanKind | null;
  /** A name the sender gave the agent. */
  agent?: string | null;
  /** A name that only stands in for one: a span's, a workflow's. */
  weakAgent?: string | null;
  agentVersion?: string | null;
  conversation?: string | null;
  runId?: string | null;
  taskType?: string | null;
  tenant?: string | null;
  model?: string | null;
  provider?: string | null;
  tokens?: TokenFacts;
  costUsd?: number | null;
  tool?: string | null;
  toolCallId?: string | null;
  /** undefined: none sent. */
  args?: unknown;
  result?: unknown;
  finishReasons?: string[] | null;
  to?: string | null;
  error?: { type: string | null; message: string | null } | null;
  suspended?: boolean;
  denied?: boolean;
};

export type Convention = {
  name: string;
  applies: (reader: SpanReader) => boolean;
  read: (reader: SpanReader) => Facts;
};

/**
 * First said wins, token by token too: one call's counts come in pieces under several names. Written out, and in place:
 * this runs for every convention of every span.
 */
export function fill(into: Facts, from: Facts): Facts {
  into.kind ??= from.kind;
  into.agent ??= from.agent;
  into.weakAgent ??= from.weakAgent;
  into.agentVersion ??= from.agentVersion;
  into.conversation ??= from.conversation;
  into.runId ??= from.runId;
  into.taskType ??= from.taskType;
  into.tenant ??= from.tenant;
  into.model ??= from.model;
  into.provider ??= from.provider;
  into.costUsd ??= from.costUsd;
  into.tool ??= from.tool;
  into.toolCallId ??= from.toolCallId;
  into.args ??= from.args;
  into.result ??= from.result;
  into.finishReasons ??= from.finishReasons;
  into.to ??= from.to;
  into.error ??= from.error;
  into.suspended ??= from.suspended;
  into.denied ??= from.denied;
  const more = from.tokens;
  if (more === undefined) return into;
  into.tokens ??= {};
  const { tokens } = into;
  tokens.input ??= more.input;
  tokens.output ??= more.output;
  tokens.total ??= more.total;
  tokens.cached ??= more.cached;
  tokens.cacheWrite ??= more.cacheWrite;
  tokens.reasoning ??= more.reasoning;
  tokens.exclusive ??= more.exclusive;
  return into;
}
