import { Failure } from "../platform/errors";
import type { Compiled } from "../policies";
import type { StopReason } from "../runs";
import type { Ceiling } from "./asked";
import { type Book, charge, chargeRun, type Effect, type Hold, keyed, type Recorded, type Run, spendOf } from "./book";
import { remainingOf } from "./enter/limits";
import { elapsedS } from "./order/money";
import type { ResultInput, ResultOut } from "./schema";

/** A result made ready: what does not depend on the book. */
export type Told = {
  input: ResultInput;
  bodyHash: string;
  policy: Compiled;
  ceilings: Ceiling[];
  seconds: number | null;
  stopped: boolean;
  /** Micro-dollars, and who says so; null: nobody does. */
  cost: { micros: number | null; source: "provider" | "table" | "unpriced" | null };
  resultHash: string | null;
  /** Hex of the sealed result; null where there is none, or it is too large to keep. */
  sealed: string | null;
  schemaErrors: { path: string; message: string }[] | null;
  redactedError: string | null;
};

const NOT_DONE = new Set([400, 401, 403, 404, 405, 413, 415, 422, 429]);
const UNKNOWN = new Set([408, 409]);

/** What a result says of the world. `ok` is done, even where its output fails validation. */
function outcomeOf({ status, http_status: http }: ResultInput): "done" | "not_done" | "unknown" {
  if (status === "ok") return "done";
  if (status === "not_executed") return "not_done";
  if (status === "timeout" || http == null || http >= 500 || UNKNOWN.has(http)) return "unknown";
  return NOT_DONE.has(http) ? "not_done" : "unknown";
}
const isFailure = ({ status, http_status: http }: ResultInput): boolean =>
  status === "timeout" || (status === "error" && (http ?? 0) >= 500);

function settleEffect(book: Book, effect: Effect, d: Recorded, t: Told): void {
  const outcome = outcomeOf(t.input);
  const was = effect.status;
  if (d.phase === "commit" || d.phase === "rollback") {
    const done = d.phase === "commit" ? "committed" : "rolled_back";
    effect.status = outcome === "done" ? done : outcome === "not_done" ? "prepared" : "unknown";
  } else if (outcome === "done") effect.status = d.phase === "prepare" ? "prepared" : "done";
  else effect.status = outcome;
  effect.settledAt = book.now;
  effect.settledBy = was === "claimed" || was === "prepared" ? null : effect.settledBy;
  if (outcome === "done") {
    effect.externalId = t.input.effect?.external_id ?? effect.externalId;
    effect.url = t.input.effect?.url ?? effect.url;
    effect.compensation = t.input.effect?.compensation ?? effect.compensation;
    effect.result = t.sealed;
    effect.resultHash = t.resultHash;
  }
  // Not executed: the approval that let it pass may let it pass again.
  const approval = effect.approvalId === null ? undefined : book.approvals.get(effect.approvalId);
  if (t.input.status === "not_executed" && approval?.status === "used") {
    approval.status = "approved";
    approval.effectId = null;
    book.changes.approvalStates.set(approval.approvalId, { status: "approved", effectId: null });
  }
  book.changes.effects.add(effect);
}

function feedBreaker(book: Book, d: Recorded, t: Told): void {
  const config = t.policy.breaker;
  if (d.tool === null || d.kind !== "tool" || !config || t.input.status === "not_executed") return;
  const breaker = book.breakers.get(d.tool) ?? {
    failures: [],
    openedAt: null,
    openUntil: null,
    probeDecision: null,
    probeUntil: null,
  };
  const probing = breaker.probeDecision === d.decisionId;
  const failed = isFailure(t.input);
  if (!failed && !probing) return;
  book.breakers.set(d.tool, breaker);
  book.changes.breakers.add(d.tool);
  if (!failed) {
    Object.assign(breaker, { failures: [], openedAt: null, openUntil: null, probeDecision: null, probeUntil: null });
    return;
  }
  breaker.failures = [...breaker.failures.filter((at) => at > book.now - config.windowMs), book.now].slice(-100);
  if (probing || breaker.failures.length >= config.threshold) {
    breaker.openedAt ??= book.now;
    breaker.openUntil = book.now + config.openMs;
    breaker.probeDecision = null;
    breaker.probeUntil = null;
  }
}

/** The same call with the same answer and no other write between is repetition; anything else is progress. */
function noteCall(book: Book, d: Recorded, t: Told, wrote: boolean): void {
  if (d.kind !== "tool" || d.fingerprint === null || t.input.status === "not_executed") return;
  const at = keyed(d.runId, d.fingerprint);
  const calls = book.calls.get(at);
  if (!calls) return;
  const spend = spendOf(book, d.runId);
  const said = `${t.input.status} ${t.input.http_status ?? ""} ${t.resultHash ?? t.input.error?.type ?? ""}`;
  const same = calls.lastResult === said && calls.atWrite === spend.writesDone;
  calls.streak = same ? calls.streak + 1 : 1;
  calls.lastResult = said;
  const stale = same && !wrote ? 1 : -spend.staleStreak;
  chargeRun(book, d.runId, { staleStreak: stale, writesDone: wrote ? 1 : 0 });
  calls.atWrite = spend.writesDone;
  book.changes.calls.add(at);
}

function settleMoney(book: Book, d: Recorded, hold: Hold, t: Told): void {
  const released =
    hold.state === "held"
      ? { heldTokens: -hold.tokens, heldMicros: -hold.micros }
      : { unsettledTokens: -hold.tokens, unsettledMicros: -hold.micros };
  const { tokens } = t.input;
  const undone = t.input.status === "not_executed";
  // What nobody says is booked as it was estimated: never zero by accident.
  const used = undone ? 0 : tokens ? tokens.input + tokens.output : hold.tokens;
  const micros = undone ? 0 : (t.cost.micros ?? (tokens && t.cost.source === "unpriced" ? 0 : hold.micros));
  charge(book, hold, {
    ...released,
    tokens: used,
    micros,
    ...(undone ? { toolCalls: d.kind === "tool" ? -1 : 0 } : {}),
  });
  const own = undone
    ? {
        ownToolCalls: d.kind === "tool" ? -1 : 0,
        ownModelCalls: d.kind === "model" ? -1 : 0,
        memoryWrites: d.kind === "memory" ? -1 : 0,
        memoryBytes: -d.bytes,
      }
    : {
        ownInput: tokens?.input ?? 0,
        ownOutput: tokens?.output ?? 0,
        ownCached: tokens?.cached ?? 0,
        ownMicros: micros,
        ownUnpriced: t.cost.source === "unpriced" ? 1 : 0,
      };
  chargeRun(book, d.runId, own);
  book.holds.delete(d.decisionId);
  book.changes.holds.set(d.decisionId, null);
}

/** What was spent beyond a cap that the estimates kept to: the run should end, nothing more is allowed anyway. */
function overspent(book: Book, run: Run, t: Told): StopReason | null {
  for (const cap of t.ceilings[0]?.caps ?? []) {
    if (!cap.hard || (cap.sum !== "tokens" && cap.sum !== "micros")) continue;
    if (spendOf(book, run.runId)[cap.sum] > cap.amount) return cap.sum === "tokens" ? "token_budget" : "cost_budget";
  }
  return t.seconds !== null && elapsedS(book, run) >= t.seconds ? "time_budget" : null;
}

/**
 * Books one result: the hold becomes what was used, the ledger is completed, the breaker fed, the output checked.
 * @throws Failure `not_found` | `conflict` (nothing was allowed, or another result came before)
 */
export function settle(book: Book, t: Told): ResultOut {
  const d = book.recorded.get(t.input.decision_id);
  const run = d && book.runs.get(d.runId);
  if (!d || !run) throw new Failure("not_found", "There is no such decision here.");
  if (d.outcome !== "allow" || d.kind === "output")
    throw new Failure("conflict", `The answer was ${d.outcome}: there is nothing to settle.`);
  if (d.result) {
    if (d.result.bodyHash === t.bodyHash) return d.result.answer as ResultOut;
    throw new Failure("conflict", "This decision has another result already.");
  }
  const hold = book.holds.get(d.decisionId);
  const late = hold?.state === "unsettled" || (run.status !== "running" && run.status !== "waiting");
  if (hold) {
    settleMoney(book, d, hold, t);
    if (hold.state === "held") run.inFlight = Math.max(0, run.inFlight - 1);
  }
  const effect = d.effectId === null ? undefined : book.effectsById.get(d.effectId);
  // A late yes to an earlier attempt is still a yes, which the later one's no does not take back; a late no says nothing.
  const yes = t.input.status === "ok";
  const newest = effect?.decisionId === d.decisionId && (yes || effect.status !== "done");
  const lateYes = yes && ["unknown", "not_done", "claimed"].includes(effect?.status ?? "");
  const ours = effect !== undefined && effect.settledBy === null && (newest || lateYes);
  if (effect && ours) settleEffect(book, effect, d, t);
  const approved = d.effectId === null && t.input.status === "not_executed";
  if (approved)
    for (const approval of book.approvals.values())
      if (approval.effectId === d.decisionId && approval.status === "used") {
        approval.status = "approved";
        approval.effectId = null;
        book.changes.approvalStates.set(approval.approvalId, { status: "approved", effectId: null });
      }
  feedBreaker(book, d, t);
  noteCall(book, d, t, ours && t.input.status === "ok" && d.effect !== "read");

  const invalid =
    t.input.status === "ok" &&
    (t.schemaErrors !== null && t.schemaErrors.length > 0 ? true : t.input.output_valid === false);
  const over = overspent(book, run, t);
  const reason: StopReason | null = t.stopped
    ? "kill_switch"
    : invalid && t.policy.outputFailsClosed
      ? "tool_output_invalid"
      : over;
  const valid =
    t.input.status !== "ok" ? null : invalid ? false : t.schemaErrors ? true : (t.input.output_valid ?? null);
  const answer: ResultOut = {
    remaining: remainingOf(book, run, t),
    next: reason === null ? "continue" : "stop",
    stop_reason: reason,
    code: reason,
    effect: effect ? { effect_id: effect.effectId, status: effect.status } : null,
    output_valid: valid,
    errors: t.schemaErrors ?? [],
    late,
  };
  const { input } = t;
  book.changes.results.push({
    decision_id: d.decisionId,
    body_hash: t.bodyHash,
    status: input.status,
    http_status: input.http_status ?? null,
    error_type: input.error?.type ?? null,
    error_message: t.redactedError,
    latency_ms: input.latency_ms ?? null,
    endpoint: input.endpoint ?? null,
    tokens_input: input.tokens?.input ?? null,
    tokens_output: input.tokens?.output ?? null,
    tokens_cached: input.tokens?.cached ?? null,
    cost_micros: t.cost.micros,
    cost_source: t.cost.source,
    result_hash: t.resultHash,
    output_valid: valid,
    late,
    answer,
    received_at: new Date(book.now).toISOString(),
  });
  d.result = { bodyHash: t.bodyHash, answer };
  const known = [...book.known.values()].find((k) => k.decisionId === d.decisionId);
  if (known) known.settled = true;
  return answer;
}

/** A hold whose time is over without a result: its estimate stays booked as unsettled, and its write is unknown. @returns whether it was one */
export function expireHold(book: Book, hold: Hold): boolean {
  if (hold.state !== "held" || hold.expiresAt > book.now) return false;
  hold.state = "unsettled";
  const run = book.runs.get(hold.runId);
  if (run) run.inFlight = Math.max(0, run.inFlight - 1);
  charge(book, hold, {
    heldTokens: -hold.tokens,
    heldMicros: -hold.micros,
    unsettledTokens: hold.tokens,
    unsettledMicros: hold.micros,
  });
  book.changes.holds.set(hold.decisionId, hold);
  for (const effect of book.effects.values())
    if (effect.decisionId === hold.decisionId && effect.settledAt === null) {
      effect.status = "unknown";
      book.changes.effects.add(effect);
    }
  return true;
}
