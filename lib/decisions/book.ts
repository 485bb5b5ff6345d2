import { add, noSpend, type Spend, type Window } from "../budgets";
import type { EFFECT_STATUSES } from "./schema";

/**
 * What is true of an environment as far as a batch of questions touches it: read under the environment's lock, changed in
 * memory in the order of the batch, and written back in the same transaction. Times are the database's, in ms.
 */
export type Run = {
  runId: string;
  agentId: string;
  tenantId: string | null;
  taskType: string;
  goal: string | null;
  scope: string[];
  ancestors: string[];
  status: string;
  stopReason: string | null;
  source: "api" | "otlp";
  attempt: number;
  leaseToken: string | null;
  leaseOver: boolean;
  startedAt: number;
  waitedMs: number;
  waitingSince: number | null;
  step: number;
  keyId: string | null;
  /** Calls allowed and not settled. */
  inFlight: number;
};
export type RunSpend = Spend & {
  ownModelCalls: number;
  ownToolCalls: number;
  ownInput: number;
  ownOutput: number;
  ownCached: number;
  ownMicros: number;
  ownUnpriced: number;
  uniqueCalls: number;
  writesDone: number;
  staleStreak: number;
  memoryWrites: number;
  memoryBytes: number;
};
export type Part = Spend & { retries: number };
export type Calls = { asked: number; streak: number; lastResult: string | null; atWrite: number; tool: string };
export type EffectStatus = (typeof EFFECT_STATUSES)[number];
export type Effect = {
  effectId: string;
  key: string;
  runId: string;
  agentId: string;
  tenantId: string | null;
  tool: string;
  connector: string | null;
  effect: "write" | "irreversible";
  argsHash: string;
  argsPreview: string | null;
  status: EffectStatus;
  attempts: number;
  decisionId: string;
  approvalId: string | null;
  externalId: string | null;
  url: string | null;
  compensation: unknown;
  /** Sealed, as hex; null: none was given, or it was too large to keep. */
  result: string | null;
  resultHash: string | null;
  claimedAt: number;
  holdUntil: number;
  settledAt: number | null;
  windowUntil: number | null;
  settledBy: string | null;
  settleReason: string | null;
};
export type Approval = {
  approvalId: string;
  runId: string;
  subjectHash: string;
  kind: "policy" | "effect_unknown";
  status: "pending" | "approved" | "denied" | "expired" | "cancelled" | "used";
  expiresAt: number;
  requestedAt: number;
  effectId: string | null;
  settledBy: string | null;
  settleReason: string | null;
  frozen: boolean;
};
export type Breaker = {
  failures: number[];
  openedAt: number | null;
  openUntil: number | null;
  probeDecision: string | null;
  probeUntil: number | null;
};
export type Known = {
  decisionId: string;
  requestHash: string | null;
  outcome: string;
  startBy: number | null;
  settled: boolean;
  answer: unknown;
};
export type Hold = {
  decisionId: string;
  runId: string;
  ancestors: string[];
  agentId: string;
  tenantId: string | null;
  taskType: string;
  tool: string | null;
  stage: string | null;
  tokens: number;
  micros: number;
  state: "held" | "unsettled";
  heldAt: number;
  expiresAt: number;
  hour: number;
};
/** A decision as it was recorded: what a result is judged by. */
export type Recorded = {
  decisionId: string;
  runId: string;
  kind: "step" | "tool" | "model" | "memory" | "output";
  tool: string | null;
  model: string | null;
  connector: string | null;
  fingerprint: string | null;
  outcome: string;
  effectId: string | null;
  effect: string | null;
  stage: string | null;
  phase: "prepare" | "commit" | "rollback" | null;
  bytes: number;
  attempt: number;
  decidedAt: number;
  result: { bodyHash: string; answer: unknown } | null;
};

export type Book = {
  now: number;
  revision: number;
  runs: Map<string, Run>;
  spend: Map<string, RunSpend>;
  /** `run stage|tool name` */
  parts: Map<string, Part>;
  /** `run fingerprint` */
  calls: Map<string, Calls>;
  /** By idempotency key: the newest. */
  effects: Map<string, Effect>;
  effectsById: Map<string, Effect>;
  /** Of an effect's run: the key that opened it. */
  holders: Map<string, string | null>;
  approvals: Map<string, Approval>;
  /** `run kind subject`: the newest. */
  subjects: Map<string, Approval>;
  /** Of an agent: how many it has waiting. */
  pending: Map<string, number>;
  breakers: Map<string, Breaker>;
  /** Of a connector: the times of the last minute, oldest first. */
  rates: Map<string, number[]>;
  /** `kind key`: the windows that some budget looks at, each with its first instant by the database's clock. */
  windows: Map<string, Map<Window, { start: number; spend: Spend }>>;
  /** `run request` */
  known: Map<string, Known>;
  recorded: Map<string, Recorded>;
  holds: Map<string, Hold>;
  /** Standing grants that still stand: how many uses are left; null: without end. */
  grants: Map<string, number | null>;
  changes: Changes;
};

type Row = Record<string, unknown>;
/** What the transaction writes: sums as differences, the rest as it now stands. */
export type Changes = {
  runSpend: Map<string, Partial<RunSpend>>;
  parts: Map<string, Partial<Part>>;
  hours: Map<string, Partial<Spend>>;
  calls: Set<string>;
  effects: Set<Effect>;
  breakers: Set<string>;
  runs: Set<string>;
  hits: Row[];
  decisions: Row[];
  results: Row[];
  holds: Map<string, Hold | null>;
  approvals: Row[];
  approvalStates: Map<string, { status: Approval["status"]; effectId: string | null }>;
  grants: Map<string, number>;
  events: Map<string, Row>;
};
export const noChanges = (): Changes => ({
  runSpend: new Map(),
  parts: new Map(),
  hours: new Map(),
  calls: new Set(),
  effects: new Set(),
  breakers: new Set(),
  runs: new Set(),
  hits: [],
  decisions: [],
  results: [],
  holds: new Map(),
  approvals: [],
  approvalStates: new Map(),
  grants: new Map(),
  events: new Map(),
});

export const noRunSpend = (): RunSpend => ({
  ...noSpend(),
  ownModelCalls: 0,
  ownToolCalls: 0,
  ownInput: 0,
  ownOutput: 0,
  ownCached: 0,
  ownMicros: 0,
  ownUnpriced: 0,
  uniqueCalls: 0,
  writesDone: 0,
  staleStreak: 0,
  memoryWrites: 0,
  memoryBytes: 0,
});

/** Keys of maps: a newline cannot stand in any of the names. */
export const keyed = (...parts: (string | number)[]): string => parts.join("\n");

function gather<T extends Record<string, number>>(map: Map<string, Partial<T>>, key: string, more: Partial<T>): void {
  const to = (map.get(key) ?? {}) as Record<string, number>;
  for (const [name, value] of Object.entries(more)) to[name] = (to[name] ?? 0) + Number(value);
  map.set(key, to as Partial<T>);
}

export const spendOf = (book: Book, runId: string): RunSpend => {
  const known = book.spend.get(runId) ?? noRunSpend();
  book.spend.set(runId, known);
  return known;
};
export const partOf = (book: Book, runId: string, kind: "stage" | "tool", key: string): Part => {
  const at = keyed(runId, kind, key);
  const known = book.parts.get(at) ?? { ...noSpend(), retries: 0 };
  book.parts.set(at, known);
  return known;
};

export function chargeRun(book: Book, runId: string, more: Partial<RunSpend>): void {
  const to = spendOf(book, runId) as Record<string, number>;
  for (const [name, value] of Object.entries(more)) to[name] = (to[name] ?? 0) + Number(value);
  gather(book.changes.runSpend, runId, more as Record<string, number>);
}
export function chargePart(book: Book, runId: string, kind: "stage" | "tool", key: string, more: Partial<Part>): void {
  const { retries, ...rest } = more;
  const part = partOf(book, runId, kind, key);
  add(part, rest);
  part.retries += retries ?? 0;
  gather(book.changes.parts, keyed(runId, kind, key), more as Record<string, number>);
}

type Charged = Pick<Hold, "runId" | "ancestors" | "agentId" | "tenantId" | "taskType" | "tool" | "stage" | "hour">;
/** Books one amount everywhere it counts: the run and its ancestors, the stage, the tool, and each scope's hour. */
export function charge(book: Book, who: Charged, more: Partial<Spend>): void {
  for (const runId of [who.runId, ...who.ancestors]) chargeRun(book, runId, more);
  if (who.stage !== null) chargePart(book, who.runId, "stage", who.stage, more);
  if (who.tool !== null) chargePart(book, who.runId, "tool", who.tool, more);
  const scopes: [string, string | null][] = [
    ["environment", ""],
    ["agent", who.agentId],
    ["tenant", who.tenantId],
    ["task_type", who.taskType],
    ["tool", who.tool],
  ];
  for (const [kind, key] of scopes) {
    if (key === null) continue;
    gather(book.changes.hours, keyed(kind, key, who.hour), more as Record<string, number>);
    for (const { start, spend } of book.windows.get(keyed(kind, key))?.values() ?? [])
      if (who.hour >= start) add(spend, more);
  }
}
