import { counted, full, soft, tell } from "../budgets";
import { Failure } from "../platform/errors";
import {
  type Ask,
  DENY,
  type DecisionCode,
  type DenyCode,
  type PolicyRef,
  type Refusal,
  safeModeAllows,
} from "../policies";
import type { StopReason } from "../runs";
import type { Asked } from "./asked";
import { type Approval, type Book, type Effect, keyed, partOf, type Run, spendOf } from "./book";
import type { Outcome } from "./schema";

/** The word on one question, before it is booked. */
export type Verdict = {
  outcome: Outcome;
  code: DecisionCode;
  stopReason: StopReason | null;
  message: string;
  ref: PolicyRef | null;
  rule: string | null;
  retryAfterMs: number | null;
  /** What the ledger has under this key, where that matters to the answer. */
  effect: Effect | null;
  /** To be shown, or to be spent. */
  approval: Approval | null;
  /** A person has to be asked anew: why. */
  ask: { kind: Approval["kind"]; asks: Ask[] } | null;
  grantId: string | null;
  useModel: string | null;
  probe: boolean;
};
export type Judgement = Verdict & {
  /** What a document in observe would have said: the first that would have refused. */
  would: Verdict | null;
};

const RETRY_MS = { paused: 5_000, effect: 1_000, approvals: 30_000 };

type Base = { ref?: PolicyRef | null; rule?: string | null };
const verdict = (
  outcome: Outcome,
  code: DecisionCode,
  message: string,
  more: Partial<Verdict> & Base = {},
): Verdict => ({
  outcome,
  code,
  stopReason: null,
  message,
  ref: null,
  rule: null,
  retryAfterMs: null,
  effect: null,
  approval: null,
  ask: null,
  grantId: null,
  useModel: null,
  probe: false,
  ...more,
});
export const deny = (code: DenyCode, message: string, more: Partial<Verdict> = {}): Verdict =>
  verdict("deny", code, message, { stopReason: DENY[code], ...more });
const refused = (r: Refusal): Verdict => deny(r.code, r.message, { ref: r.ref, rule: r.rule });
const wait = (
  code: "paused" | "rate_limited" | "effect_in_flight" | "approvals_full",
  message: string,
  ms: number,
  more = {},
) => verdict("wait", code, message, { retryAfterMs: Math.max(1, Math.ceil(ms)), ...more });

/** @throws Failure `not_found` | `run_finished` | `lease_lost` | `conflict`: no decision was made */
export function liveRun(book: Book, a: Asked): Run {
  const run = book.runs.get(a.question.run_id);
  if (!run) throw new Failure("not_found", "There is no such run here.");
  if (run.source !== "api")
    throw new Failure("conflict", "This run is known from its spans alone. Open it with POST /runs to ask for it.");
  return run;
}

function assertLive(run: Run, a: Asked): void {
  if (run.status !== "running" && run.status !== "waiting" && run.status !== "lost")
    throw new Failure("run_finished", `The run has ended: ${run.stopReason}.`, {
      extra: { stop_reason: run.stopReason },
    });
  const token = a.question.lease_token ?? null;
  const held = run.attempt === 1 ? token === null || token === run.leaseToken : token === run.leaseToken;
  if (run.status === "lost" || (run.status === "running" && run.leaseOver) || !held)
    throw new Failure("lease_lost", "Another instance has this run now, or nobody has: its lease is over.");
}

function switched(a: Asked): Verdict | null {
  const { control } = a;
  if (control.mode === "stop") return deny("stopped", `Stopped: ${control.reason}`, { rule: "switch" });
  if (control.mode === "pause") return wait("paused", `Paused: ${control.reason}`, RETRY_MS.paused, { rule: "switch" });
  if (control.blocked) return refused(control.blocked);
  if (control.mode === "safe_mode" && !safeModeAllows(a.policy, a.call, control.safeTools))
    return deny("safe_mode", `Safe mode leaves no ${a.call.tool ?? a.call.kind}: ${control.reason}`, {
      ref: a.policy.ref,
      rule: "safe_mode.allowed_tools",
    });
  return null;
}

/** The newest effect of this key that still counts. */
export function effectOf(book: Book, a: Asked): Effect | null {
  const effect = a.key === null ? undefined : book.effects.get(a.key);
  if (!effect || (effect.windowUntil !== null && effect.windowUntil <= book.now)) return null;
  return effect;
}
export const inFlight = (book: Book, effect: Effect): boolean =>
  (effect.status === "claimed" || effect.status === "prepared") &&
  effect.holdUntil > book.now &&
  effect.settledAt === null;

const replay = (book: Book, a: Asked, effect: Effect): Verdict => {
  const mine = book.holders.get(effect.runId) === a.by.keyId;
  const whole = effect.result !== null && mine;
  return verdict(
    "replay",
    whole ? "replay" : "replay_without_body",
    "This write has happened already; it is answered from the ledger.",
    {
      effect,
      ref: a.policy.ref,
      rule: "idempotency",
    },
  );
};

/** A write that is done is answered, not done again; a fenced one goes its phases in order. */
function replayed(book: Book, a: Asked, effect: Effect | null): Verdict | null {
  const phase = a.call.phase;
  const status = effect?.status ?? "not_done";
  if (phase === "commit" || phase === "rollback") {
    const done = phase === "commit" ? "committed" : "rolled_back";
    if (effect && status === done) return replay(book, a, effect);
    if (status === "committed" || status === "rolled_back" || status === "done")
      return deny("effect_settled", `It is ${status.replace("_", " ")} already.`, { effect, rule: "fence" });
    if (status === "not_done") return deny("fence_missing", "Nothing was prepared under this key.", { rule: "fence" });
    return null;
  }
  if (!effect || status === "not_done" || status === "rolled_back" || status === "claimed" || status === "unknown")
    return null;
  if (status === "prepared" && effect.settledAt === null) return null;
  if (status === "prepared" && phase === null)
    return deny("effect_settled", "It is prepared in a fence already: commit it or roll it back.", {
      effect,
      rule: "fence",
    });
  return replay(book, a, effect);
}

const subjectKey = (a: Asked, kind: Approval["kind"]): string => keyed(a.question.run_id, kind, a.subject);

/** What a person's word on exactly this call is worth now; null: nobody was asked, or it lapsed. */
function worth(book: Book, a: Asked, kind: Approval["kind"], effect: Effect | null): Verdict | Approval | null {
  const named = a.question.approval_id ? book.approvals.get(a.question.approval_id) : undefined;
  const fits = (x: Approval): boolean => x.runId === a.question.run_id && x.subjectHash === a.subject;
  if (a.question.approval_id && (!named || !fits(named)))
    return deny("approval_mismatch", "This approval is for another run, tool or arguments.", {
      approval: named ?? null,
    });
  // One that was given for the other question (policy, or unknown outcome) does not answer this one.
  const one = named?.kind === kind ? named : book.subjects.get(subjectKey(a, kind));
  if (!one) return null;
  const explicit = one === named;
  const over = one.expiresAt <= book.now && !one.frozen;
  switch (one.status) {
    case "pending":
      if (over) return explicit ? deny("approval_expired", "Nobody answered in time.", { approval: one }) : null;
      return verdict(
        "require_approval",
        kind === "policy" ? "approval_required" : "effect_unknown",
        "A person is being asked.",
        {
          approval: one,
        },
      );
    case "approved":
      if (over)
        return explicit ? deny("approval_expired", "The approval was not used in time.", { approval: one }) : null;
      return one;
    case "used":
      if (effect && one.effectId === effect.effectId && effect.status !== "not_done") return one;
      return explicit ? deny("approval_used", "This approval has been spent.", { approval: one }) : null;
    case "denied":
      return deny("approval_denied", `${one.settledBy ?? "A person"} said no: ${one.settleReason ?? ""}`, {
        approval: one,
      });
    case "expired":
      return explicit ? deny("approval_expired", "Nobody answered in time.", { approval: one }) : null;
    case "cancelled":
      return explicit ? deny("approval_mismatch", "The question was withdrawn.", { approval: one }) : null;
  }
}

function askAnew(book: Book, a: Asked, kind: Approval["kind"], asks: Ask[]): Verdict {
  const pending = book.pending.get(a.of.agentId) ?? 0;
  if (pending >= a.policy.approvals.maxPending)
    return wait(
      "approvals_full",
      `${a.of.agentId} has ${pending} questions waiting for people already.`,
      RETRY_MS.approvals,
      {
        ref: a.policy.ref,
        rule: "approvals.max_pending",
      },
    );
  const [first] = asks;
  const more = asks.length > 1 ? ` (and ${asks.length - 1} more)` : "";
  return verdict(
    "require_approval",
    kind === "policy" ? "approval_required" : "effect_unknown",
    `A person is asked: ${first?.says ?? ""}${more}`,
    {
      ask: { kind, asks },
      ref: first?.ref ?? a.policy.ref,
      rule: first?.rule ?? null,
    },
  );
}

type Passed = { approval: Approval | null; grantId: string | null };

function people(book: Book, a: Asked, effect: Effect | null): Verdict | Passed {
  const { asks } = a.judged;
  const skips = asks.length === 0 || a.call.phase === "prepare" || a.call.phase === "rollback";
  const word = skips && !a.question.approval_id ? null : worth(book, a, "policy", effect);
  if (skips) {
    // An approval that is not needed is still checked where it is named: a mistaken id is told, not ignored.
    const wrong =
      word !== null && "outcome" in word && word.outcome === "deny" && word.code === "approval_mismatch" ? word : null;
    return wrong ?? { approval: null, grantId: null };
  }
  if (word !== null)
    return "outcome" in word
      ? { ...word, ref: asks[0]?.ref ?? null, rule: asks[0]?.rule ?? null }
      : { approval: word, grantId: null };
  const grant = a.grants.find((id) => {
    const left = book.grants.get(id);
    return left === null || (left !== undefined && left > (book.changes.grants.get(id) ?? 0));
  });
  if (grant !== undefined) return { approval: null, grantId: grant };
  return askAnew(book, a, "policy", asks);
}

/** In flight: wait. Outcome unknown: again with the same key where the tool can tell, else a person looks first. */
function uncertain(book: Book, a: Asked, effect: Effect | null): Verdict | { approval: Approval | null } {
  if (!effect) return { approval: null };
  if (inFlight(book, effect))
    return wait(
      "effect_in_flight",
      "The same write is in flight.",
      Math.min(RETRY_MS.effect, effect.holdUntil - book.now),
      {
        effect,
        rule: "idempotency",
      },
    );
  const open = effect.status === "claimed" || (effect.status === "prepared" && effect.settledAt === null);
  if (effect.status !== "unknown" && !open) return { approval: null };
  if (a.idempotent && effect.attempts < a.policy.retries.attempts) return { approval: null };
  const word = worth(book, a, "effect_unknown", effect);
  // A yes is for one more attempt, not for all that follow.
  if (word !== null && !("outcome" in word) && word.status === "approved") return { approval: word };
  if (word !== null && "outcome" in word) return { ...word, effect };
  const says = `Nobody knows whether ${a.call.tool} happened the first time (attempt ${effect.attempts}).`;
  return { ...askAnew(book, a, "effect_unknown", [{ rule: "effect_unknown", says, ref: a.policy.ref }]), effect };
}

function repeating(book: Book, a: Asked): Verdict | null {
  const tool = a.call.tool;
  if (a.call.kind !== "tool" || tool === null || a.fingerprint === null || a.policy.loops.exempt(tool) !== -1)
    return null;
  if (a.call.phase === "commit" || a.call.phase === "rollback") return null;
  const calls = book.calls.get(keyed(a.question.run_id, a.fingerprint));
  const spend = spendOf(book, a.question.run_id);
  const { repeated, noProgress } = a.policy.loops;
  if (calls && calls.streak >= repeated && calls.atWrite === spend.writesDone)
    return deny(
      "loop_detected",
      `${tool} was called ${calls.streak} times with the same arguments and the same result.`,
      {
        ref: a.policy.ref,
        rule: "loop_detection.repeated_calls_threshold",
      },
    );
  if (spend.staleStreak >= noProgress)
    return deny("no_progress", `The last ${spend.staleStreak} calls brought nothing new.`, {
      ref: a.policy.ref,
      rule: "loop_detection.no_progress_threshold",
    });
  return null;
}

/** @returns true: the breaker is half open, and this call is its one probe */
function broken(book: Book, a: Asked): Verdict | boolean {
  const breaker = a.call.tool === null ? undefined : book.breakers.get(a.call.tool);
  if (!a.policy.breaker || !breaker?.openUntil) return false;
  const no = (message: string) => deny("circuit_open", message, { ref: a.policy.ref, rule: "tools.circuit_breakers" });
  if (breaker.openUntil > book.now)
    return no(
      `${a.call.tool} fails: its circuit is open for another ${Math.ceil((breaker.openUntil - book.now) / 1000)} s.`,
    );
  if (breaker.probeUntil !== null && breaker.probeUntil > book.now)
    return no(`${a.call.tool} fails: one call is trying whether it is back.`);
  return true;
}

function rated(book: Book, a: Asked): Verdict | null {
  const { perMin, connectorName } = a.judged;
  if (perMin === null || connectorName === null || (a.call.kind !== "tool" && a.call.kind !== "model")) return null;
  const hits = (book.rates.get(connectorName) ?? []).filter((at) => at > book.now - 60_000);
  if (hits.length < perMin) return null;
  const free = perMin === 0 ? book.now + 60_000 : (hits[hits.length - perMin] ?? book.now) + 60_000;
  return wait("rate_limited", `${connectorName} takes ${perMin} calls a minute, and has had them.`, free - book.now, {
    ref: a.policy.ref,
    rule: `connectors.${connectorName}.rate_limit_per_min`,
  });
}

const CODE = { steps: "step_budget", toolCalls: "tool_budget", tokens: "token_budget", micros: "cost_budget" } as const;

/** What this call adds to each sum. Steps and outputs have no result, so nothing is held for them. */
export const amountsOf = (a: Asked) => ({
  steps: a.call.kind === "step" ? 1 : 0,
  toolCalls: a.call.kind === "tool" ? 1 : 0,
  tokens: settles(a) ? (a.estimate.tokens ?? 0) : 0,
  micros: settles(a) ? (a.estimate.micros ?? 0) : 0,
});
const settles = ({ call }: Asked): boolean => call.kind !== "step" && call.kind !== "output";

export function elapsedS(book: Book, run: Run): number {
  const waiting = run.waitingSince === null ? 0 : book.now - run.waitingSince;
  return (book.now - run.startedAt - run.waitedMs - waiting) / 1000;
}

function estimated(a: Asked): Verdict | null {
  if (a.call.kind !== "model") return null;
  const capped = (sum: "tokens" | "micros") =>
    a.ceilings.some((c) => c.caps.some((cap) => cap.sum === sum && cap.hard)) ||
    a.watched.some((w) => w.cap.sum === sum && w.cap.hard) ||
    (a.stageCap !== null && a.stageCap[sum] !== null);
  const rule = "budgets";
  if (capped("tokens") && a.estimate.tokens === null)
    return deny("estimate_required", "Tokens are capped here: say how many this call may use (estimate).", {
      ref: a.policy.ref,
      rule,
    });
  if (!capped("micros") || a.estimate.micros !== null) return null;
  if (a.estimate.tokens === null)
    return deny("estimate_required", "Dollars are capped here: say what this call may use (estimate).", {
      ref: a.policy.ref,
      rule,
    });
  if (a.policy.models.unpriced === "allow") return null;
  return deny("unpriced_model", `Nobody has priced ${a.call.model}, and dollars are capped here.`, {
    ref: a.policy.ref,
    rule: "models.unpriced",
  });
}

function budgeted(book: Book, a: Asked, run: Run): Verdict | null {
  const more = amountsOf(a);
  const no = (code: DenyCode, message: string, rule: string) => deny(code, message, { ref: a.policy.ref, rule });
  const elapsed = elapsedS(book, run);
  if (a.seconds !== null && elapsed >= a.seconds)
    return no(
      "time_budget",
      `The run has taken ${Math.round(elapsed)} s; ${a.seconds} s were planned.`,
      "budgets.max_seconds",
    );
  const stepCap = a.ceilings[0]?.caps.find((c) => c.sum === "steps" && c.hard);
  if (stepCap && (a.question.step ?? 0) > stepCap.amount)
    return no("step_budget", `Step ${a.question.step} is beyond the ${stepCap.amount} of a run.`, "budgets.max_steps");
  const missing = estimated(a);
  if (missing) return missing;
  if (
    a.uniqueCalls !== null &&
    a.call.kind === "tool" &&
    a.fingerprint !== null &&
    !book.calls.has(keyed(run.runId, a.fingerprint))
  ) {
    const { uniqueCalls } = spendOf(book, run.runId);
    if (uniqueCalls >= a.uniqueCalls)
      return no(
        "unique_calls",
        `${uniqueCalls} different calls were made; no more are planned.`,
        "budgets.max_unique_calls",
      );
  }
  for (const { runId, caps } of a.ceilings)
    for (const cap of caps) {
      const spend = spendOf(book, runId);
      if (more[cap.sum] === 0 || !full(cap, spend, more[cap.sum])) continue;
      const of = runId === run.runId ? "the run" : `its ancestor ${runId}`;
      return no(CODE[cap.sum], tell(cap, spend, more[cap.sum], of), cap.source);
    }
  const { stage } = a.call;
  if (stage !== null && a.stageCap) {
    const part = partOf(book, run.runId, "stage", stage);
    for (const sum of ["tokens", "micros"] as const) {
      const amount = a.stageCap[sum];
      if (amount === null || more[sum] === 0 || counted(part, sum) + more[sum] <= amount) continue;
      return no(
        "stage_budget",
        `Stage ${stage} has used or holds ${counted(part, sum)} of ${amount}; ${more[sum]} more do not fit.`,
        `stages.${stage}`,
      );
    }
  }
  const tool = a.call.kind === "tool" ? a.call.tool : null;
  if (tool !== null && a.toolCap) {
    const part = partOf(book, run.runId, "tool", tool);
    const retry = (a.question.attempt ?? 1) > 1;
    if (retry && a.toolCap.retries !== null && part.retries >= a.toolCap.retries)
      return no(
        "attempts_exhausted",
        `${tool} was retried ${part.retries} times in this run.`,
        `tools.budgets.${tool}.max_retries`,
      );
    if (a.toolCap.calls !== null && part.toolCalls >= a.toolCap.calls)
      return no(
        "tool_budget",
        `${tool} was called ${part.toolCalls} times in this run.`,
        `tools.budgets.${tool}.max_calls`,
      );
  }
  for (const w of a.watched) {
    const spend = book.windows.get(keyed(w.kind, w.key))?.get(w.window)?.spend;
    if (!spend || more[w.cap.sum] === 0 || !full(w.cap, spend, more[w.cap.sum])) continue;
    return no(CODE[w.cap.sum], tell(w.cap, spend, more[w.cap.sum], w.key || "the environment"), w.cap.source);
  }
  return null;
}

/** Beyond a soft limit that says so, a model has to give way to a smaller one. */
function downgraded(book: Book, a: Asked, run: Run): Verdict | null {
  const smaller = a.call.model === null ? undefined : a.policy.models.downgrade[a.call.model];
  if (a.call.kind !== "model" || smaller === undefined) return null;
  const passed =
    a.ceilings[0]?.caps.find((c) => c.softThen === "downgrade" && soft(c, spendOf(book, run.runId), 0)) ??
    a.watched.find((w) => {
      const spend = book.windows.get(keyed(w.kind, w.key))?.get(w.window)?.spend;
      return w.cap.softThen === "downgrade" && spend !== undefined && soft(w.cap, spend, 0);
    })?.cap;
  if (!passed) return null;
  return deny(
    "model_downgraded",
    `${passed.source} is past its soft limit: use ${smaller} instead of ${a.call.model}.`,
    {
      ref: a.policy.ref,
      rule: passed.source,
      useModel: smaller,
    },
  );
}

/**
 * May it happen? The whole order, over the book as it stands; nothing is booked yet.
 * @throws Failure where no decision can be made: no such run, ended, lease lost
 */
export function judge(book: Book, a: Asked): Judgement {
  const run = liveRun(book, a);
  const held = switched(a);
  if (held) return { ...held, would: null };
  assertLive(run, a);

  let would: Verdict | null = null;
  /** A refusal by a document: in observe it is only noted. */
  const stands = (no: Verdict | null): no is Verdict => {
    if (no === null || !a.observing) return no !== null;
    would ??= no;
    return false;
  };
  const out = (v: Verdict): Judgement => ({ ...v, would });

  const first = a.judged.refusal && refused(a.judged.refusal);
  if (stands(first)) return out(first);
  const attempts = a.control.mode === "safe_mode" ? 1 : a.policy.retries.attempts;
  const effect = effectOf(book, a);
  const before = replayed(book, a, effect);
  if (before) return out(before);
  const condition = a.judged.condition && refused(a.judged.condition);
  if (stands(condition)) return out(condition);

  const word = people(book, a, effect);
  let passed: Passed = { approval: null, grantId: null };
  if (!("outcome" in word)) passed = word;
  else if (stands(word)) return out(word);
  const connector = a.judged.connector && refused(a.judged.connector);
  if (stands(connector)) return out(connector);
  const sure = uncertain(book, a, effect);
  if ("outcome" in sure) return out(sure);
  const repeat = repeating(book, a);
  if (stands(repeat)) return out(repeat);
  if ((a.question.attempt ?? 1) > attempts && (a.call.kind === "tool" || a.call.kind === "model")) {
    const spent = deny(
      "attempts_exhausted",
      `Attempt ${a.question.attempt} is beyond the ${attempts} that are allowed.`,
      {
        ref: a.policy.ref,
        rule: "tools.retries.max_attempts",
      },
    );
    if (stands(spent)) return out(spent);
  }
  const circuit = broken(book, a);
  if (typeof circuit !== "boolean" && stands(circuit)) return out(circuit);
  const rate = rated(book, a);
  if (stands(rate)) return out(rate);
  const smaller = downgraded(book, a, run);
  if (stands(smaller)) return out(smaller);
  const money = memory(book, a) ?? budgeted(book, a, run);
  if (stands(money)) return out(money);

  return out(
    verdict("allow", a.observing ? "observed" : "allowed", "Allowed.", {
      ref: a.judged.allowedBy.ref,
      rule: passed.grantId ? `grant ${passed.grantId}` : a.judged.allowedBy.rule,
      effect,
      approval: sure.approval ?? passed.approval,
      grantId: passed.grantId,
      probe: circuit === true,
    }),
  );
}

function memory(book: Book, a: Asked): Verdict | null {
  if (a.call.kind !== "memory") return null;
  const { memoryWrites, memoryBytes } = spendOf(book, a.question.run_id);
  const { maxWrites, maxBytes } = a.policy.memory;
  if (maxWrites !== null && memoryWrites + 1 > maxWrites)
    return deny("memory_budget", `${memoryWrites} memory writes were made; ${maxWrites} are planned.`, {
      ref: a.policy.ref,
      rule: "memory.max_writes",
    });
  if (maxBytes !== null && memoryBytes + (a.question.bytes ?? 0) > maxBytes)
    return deny("memory_budget", `${memoryBytes} bytes were written; ${maxBytes} are planned.`, {
      ref: a.policy.ref,
      rule: "memory.max_bytes",
    });
  return null;
}
