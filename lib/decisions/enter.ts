import { counted, soft } from "../budgets";
import { newId } from "../platform/ids";
import { preview, redact } from "../runs";
import { newApproval } from "./ask";
import type { Asked } from "./asked";
import { type Approval, type Book, charge, chargePart, chargeRun, type Effect, keyed, type Run, spendOf } from "./book";
import { amountsOf, elapsedS, type Judgement, judge, liveRun } from "./judge";
import type { Decision, Remaining } from "./schema";

const START_WITHIN_S = 30;
const MARGIN_S = 30;

/** What is left of a run: the least that any of its own caps leaves. Counts, seconds, US dollars; null: no cap. */
export function remainingOf(book: Book, run: Run, a: Pick<Asked, "ceilings" | "seconds">): Remaining {
  const spend = spendOf(book, run.runId);
  const left = (sum: "steps" | "toolCalls" | "tokens" | "micros"): number | null => {
    const used = { steps: spend.steps, toolCalls: spend.toolCalls }[sum as "steps"] ?? 0;
    const all =
      sum === "tokens"
        ? spend.tokens + spend.heldTokens + spend.unsettledTokens
        : sum === "micros"
          ? spend.micros + spend.heldMicros + spend.unsettledMicros
          : used;
    const caps = (a.ceilings[0]?.caps ?? []).filter((c) => c.sum === sum && c.hard);
    return caps.length === 0 ? null : Math.max(0, Math.min(...caps.map((c) => c.amount)) - all);
  };
  const micros = left("micros");
  return {
    steps: left("steps"),
    tool_calls: left("toolCalls"),
    seconds: a.seconds === null ? null : Math.max(0, Math.round((a.seconds - elapsedS(book, run)) * 10) / 10),
    usd: micros === null ? null : micros / 1e6,
    tokens: left("tokens"),
  };
}

/** How an allowed call may be tried. A write that its tool cannot tell apart is tried once: whether to repeat it is asked again. */
export function limitsOf(a: Asked, use: string | null): Decision["limits"] {
  const { retries, modelTimeoutS, timeoutS } = a.policy;
  const once = a.control.mode === "safe_mode" || (a.judged.effect !== "read" && !a.idempotent);
  const attempts = once ? 1 : retries.attempts;
  return {
    timeout_s: a.call.kind === "model" ? modelTimeoutS : timeoutS(a.call.tool ?? ""),
    max_attempts: attempts,
    backoff_ms: retries.backoffMs.slice(0, Math.max(0, attempts - 1)),
    retryable_status: retries.status,
    use_model: use,
  };
}

function claim(
  book: Book,
  a: Asked,
  run: Run,
  before: Effect | null,
  holdUntil: number,
  approval: Approval | null,
): Effect {
  const phase = a.call.phase;
  const again = before !== null && before.status !== "not_done" && before.status !== "rolled_back";
  const effect: Effect = again
    ? before
    : {
        effectId: newId("eff"),
        key: a.key ?? "",
        runId: run.runId,
        agentId: run.agentId,
        tenantId: run.tenantId,
        tool: a.call.tool ?? "memory",
        connector: a.judged.connectorName,
        effect: a.judged.effect === "irreversible" ? "irreversible" : "write",
        argsHash: a.argsHash ?? "",
        argsPreview: preview(a.call.args ?? {}),
        status: "claimed",
        attempts: 0,
        decisionId: a.decisionId,
        approvalId: null,
        externalId: null,
        url: null,
        compensation: a.judged.entry?.compensation ? { tool: a.judged.entry.compensation } : null,
        result: null,
        resultHash: null,
        claimedAt: book.now,
        holdUntil,
        settledAt: null,
        windowUntil: a.windowMs === null ? null : book.now + a.windowMs,
        settledBy: null,
        settleReason: null,
      };
  effect.status = phase === "commit" || phase === "rollback" ? "prepared" : "claimed";
  effect.attempts += 1;
  effect.decisionId = a.decisionId;
  effect.approvalId = approval?.approvalId ?? effect.approvalId;
  effect.holdUntil = holdUntil;
  effect.settledAt = null;
  book.effects.set(effect.key, effect);
  book.effectsById.set(effect.effectId, effect);
  book.changes.effects.add(effect);
  return effect;
}

/** Books an allowed call: hold, counts, claim, probe, rate token, the approval or grant that let it pass. */
export function allow(book: Book, a: Asked, run: Run, j: Judgement, limits: Decision["limits"]): string | null {
  const { changes } = book;
  const kind = a.call.kind;
  if (kind === "output") return null;
  const amounts = amountsOf(a);
  const attempts = Math.max(limits.max_attempts, 1);
  const waits = limits.backoff_ms.reduce((sum, ms) => sum + ms, 0) / 1000;
  const expiresAt = book.now + (limits.timeout_s * attempts + waits + MARGIN_S) * 1000;
  const hold = {
    decisionId: a.decisionId,
    runId: run.runId,
    ancestors: run.ancestors,
    agentId: run.agentId,
    tenantId: run.tenantId,
    taskType: run.taskType,
    tool: kind === "tool" ? a.call.tool : null,
    stage: a.call.stage,
    tokens: amounts.tokens,
    micros: amounts.micros,
    state: "held" as const,
    heldAt: book.now,
    expiresAt,
    hour: Math.floor(book.now / 3_600_000) * 3_600_000,
  };
  softened(book, a, run, amounts);
  charge(book, hold, {
    steps: amounts.steps,
    toolCalls: amounts.toolCalls,
    heldTokens: amounts.tokens,
    heldMicros: amounts.micros,
  });
  if (kind === "tool") {
    chargeRun(book, run.runId, { ownToolCalls: 1 });
    if ((a.question.attempt ?? 1) > 1 && a.call.tool !== null)
      chargePart(book, run.runId, "tool", a.call.tool, { retries: 1 });
  }
  if (kind === "model") chargeRun(book, run.runId, { ownModelCalls: 1 });
  if (kind === "memory") chargeRun(book, run.runId, { memoryWrites: 1, memoryBytes: a.question.bytes ?? 0 });
  if (a.question.step && a.question.step > run.step) {
    run.step = a.question.step;
    changes.runs.add(run.runId);
  }
  if (kind === "step") return null;
  book.holds.set(hold.decisionId, hold);
  changes.holds.set(hold.decisionId, hold);
  run.inFlight += 1;
  if (a.fingerprint !== null && kind === "tool") {
    const at = keyed(run.runId, a.fingerprint);
    const calls = book.calls.get(at) ?? { asked: 0, streak: 0, lastResult: null, atWrite: 0, tool: a.call.tool ?? "" };
    if (calls.asked === 0) chargeRun(book, run.runId, { uniqueCalls: 1 });
    calls.asked += 1;
    book.calls.set(at, calls);
    changes.calls.add(at);
  }
  const { connectorName, perMin } = a.judged;
  if (connectorName !== null && (kind === "tool" || kind === "model")) {
    // Counted even where no document caps it now: a cap that comes in a moment finds what has just happened.
    if (perMin !== null) hit(book, connectorName);
    changes.hits.push({ connector: connectorName, decision_id: a.decisionId, at: new Date(book.now).toISOString() });
  }
  const breaker = a.call.tool === null ? undefined : book.breakers.get(a.call.tool);
  if (j.probe && breaker && a.call.tool !== null) {
    breaker.probeDecision = a.decisionId;
    breaker.probeUntil = expiresAt;
    changes.breakers.add(a.call.tool);
  }
  const effect = a.key === null ? null : claim(book, a, run, j.effect, expiresAt, j.approval);
  if (j.approval && j.approval.status === "approved") {
    j.approval.status = "used";
    j.approval.effectId = effect?.effectId ?? a.decisionId;
    changes.approvalStates.set(j.approval.approvalId, { status: "used", effectId: j.approval.effectId });
  }
  if (j.grantId) changes.grants.set(j.grantId, (changes.grants.get(j.grantId) ?? 0) + 1);
  return effect?.effectId ?? null;
}

function hit(book: Book, connector: string): void {
  const hits = book.rates.get(connector);
  if (hits) hits.push(book.now);
  else book.rates.set(connector, [book.now]);
}

type Amounts = ReturnType<typeof amountsOf>;
function noteLimit(
  book: Book,
  a: Asked,
  at: { source: string; scope: string; start: number; kind: "soft" | "hard" },
  cap: { sum: string; amount: number; softThen: string },
  value: number,
) {
  const key = keyed(at.source, at.scope, cap.sum, at.start, at.kind);
  if (book.changes.events.has(key)) return;
  book.changes.events.set(key, {
    source: at.source,
    scope: at.scope,
    window_start: new Date(at.start).toISOString(),
    limit_kind: at.kind,
    metric: cap.sum,
    then: at.kind === "soft" ? cap.softThen : "stop",
    value,
    amount: cap.amount,
    run_id: a.question.run_id,
    agent_id: a.of.agentId,
    at: new Date(book.now).toISOString(),
  });
}

/** Soft limits that this call passes: each once a window. */
function softened(book: Book, a: Asked, run: Run, more: Amounts): void {
  for (const cap of a.ceilings[0]?.caps ?? []) {
    const spend = spendOf(book, run.runId);
    if (more[cap.sum] > 0 && soft(cap, spend, more[cap.sum]) && !soft(cap, spend, 0))
      noteLimit(
        book,
        a,
        { source: cap.source, scope: `run ${run.runId}`, start: run.startedAt, kind: "soft" },
        cap,
        counted(spend, cap.sum) + more[cap.sum],
      );
  }
  for (const w of a.watched) {
    const of = book.windows.get(keyed(w.kind, w.key))?.get(w.window);
    if (of && more[w.cap.sum] > 0 && soft(w.cap, of.spend, more[w.cap.sum]) && !soft(w.cap, of.spend, 0))
      noteLimit(
        book,
        a,
        { source: w.cap.source, scope: `${w.kind} ${w.key}`, start: of.start, kind: "soft" },
        w.cap,
        counted(of.spend, w.cap.sum) + more[w.cap.sum],
      );
  }
}

function hardened(book: Book, a: Asked, run: Run, j: Judgement): void {
  const more = amountsOf(a);
  const own = a.ceilings[0]?.caps.find((c) => c.source === j.rule && more[c.sum] > 0);
  const w = a.watched.find((x) => x.cap.source === j.rule && more[x.cap.sum] > 0);
  if (own)
    noteLimit(
      book,
      a,
      { source: own.source, scope: `run ${run.runId}`, start: run.startedAt, kind: "hard" },
      own,
      counted(spendOf(book, run.runId), own.sum),
    );
  const of = w && book.windows.get(keyed(w.kind, w.key))?.get(w.window);
  if (!own && w && of)
    noteLimit(
      book,
      a,
      { source: w.cap.source, scope: `${w.kind} ${w.key}`, start: of.start, kind: "hard" },
      w.cap,
      counted(of.spend, w.cap.sum),
    );
}

/** Nothing of the run is in flight and a person is asked: the run waits, without lease, its clock stands still. */
function moveRun(book: Book, run: Run, j: Judgement): void {
  if (run.status === "waiting") {
    run.waitedMs += book.now - (run.waitingSince ?? book.now);
    run.waitingSince = null;
    run.status = "running";
    book.changes.runs.add(run.runId);
  }
  if (j.outcome !== "require_approval" || run.inFlight > 0) return;
  run.status = "waiting";
  run.waitingSince = book.now;
  book.changes.runs.add(run.runId);
}

/**
 * Judges one question and books what follows from the answer. A refusal books nothing but its own record.
 * @throws Failure where no decision can be made
 */
export function enter(book: Book, a: Asked, url: (approvalId: string) => string): Decision {
  const j = judge(book, a);
  const run = liveRun(book, a);
  const limits = limitsOf(a, j.useModel);
  const stopped = j.outcome === "deny" && j.code === "stopped";
  if (!stopped) moveRun(book, run, j);
  let { approval } = j;
  if (j.ask) {
    approval = newApproval(book, a, j.ask, j.effect);
    book.pending.set(run.agentId, (book.pending.get(run.agentId) ?? 0) + 1);
  }
  const claimed = j.outcome === "allow" ? allow(book, a, run, j, limits) : null;
  if (
    j.stopReason === "cost_budget" ||
    j.stopReason === "token_budget" ||
    j.stopReason === "tool_budget" ||
    j.stopReason === "step_budget"
  )
    hardened(book, a, run, j);
  const would = j.would ?? shadowOf(a, j);
  const allowed = j.outcome === "allow";
  const effectId = claimed ?? j.effect?.effectId ?? null;
  const answer: Decision = {
    decision_id: a.decisionId,
    outcome: j.outcome,
    code: j.code,
    stop_reason: j.stopReason,
    message: j.message,
    start_within_s: allowed ? START_WITHIN_S : null,
    retry_after_ms: j.retryAfterMs,
    policy: { id: j.ref?.id ?? null, version: j.ref?.version ?? null, rule: j.rule },
    mode: a.observing ? "observe" : "enforce",
    would: would && {
      outcome: would.outcome,
      code: would.code,
      message: would.message,
      policy: would.ref && { id: would.ref.id, version: would.ref.version },
    },
    effect: a.call.kind === "tool" || a.call.kind === "memory" ? a.judged.effect : null,
    effect_id: effectId,
    idempotency_key: a.key,
    replay:
      j.outcome === "replay" && j.effect
        ? {
            effect_id: j.effect.effectId,
            external_id: j.effect.externalId,
            url: j.effect.url,
            // Never kept in the record: it is unsealed for the answer alone.
            result: null,
            result_hash: j.effect.resultHash,
          }
        : null,
    approval: approval && {
      id: approval.approvalId,
      status: approval.status,
      expires_at: new Date(approval.expiresAt).toISOString(),
      url: url(approval.approvalId),
    },
    limits,
    remaining: remainingOf(book, run, a),
    control: { revision: a.control.revision, mode: a.control.mode },
  };
  record(book, a, run, j, answer, approval, effectId);
  return answer;
}

/** What documents in observe, laid beside those in force, would have said of the same call. */
function shadowOf(
  a: Asked,
  j: Judgement,
): { outcome: Decision["outcome"]; code: string; message: string; ref: Judgement["ref"] } | null {
  if (!a.shadow) return null;
  const { refusal, condition, asks, connector } = a.shadow.judged;
  const no = refusal ?? condition;
  const [ask] = asks;
  const said = no
    ? { outcome: "deny" as const, code: no.code, message: no.message, ref: no.ref }
    : ask
      ? { outcome: "require_approval" as const, code: "approval_required", message: ask.says, ref: ask.ref }
      : connector
        ? { outcome: "deny" as const, code: connector.code, message: connector.message, ref: connector.ref }
        : { outcome: "allow" as const, code: "allowed", message: "Allowed.", ref: a.shadow.policy.ref };
  const same = said.outcome === j.outcome && (said.outcome === "allow" || said.code === j.code);
  return same || j.outcome === "replay" || j.outcome === "wait" ? null : said;
}

const MAX_KEPT = 8_192;
/** The question as it is kept: arguments redacted, and left out where they are large. */
function kept(a: Asked, grantId: string | null): Record<string, unknown> {
  const q = a.question;
  const small = a.argsCanonical !== null && a.argsCanonical.length <= MAX_KEPT;
  const facts = q.facts && JSON.stringify(q.facts).length <= MAX_KEPT ? redact(q.facts) : undefined;
  return {
    step: q.step ?? undefined,
    stage: q.stage ?? undefined,
    connector: a.judged.connectorName ?? undefined,
    capability: q.capability ?? undefined,
    credential_ref: q.credential_ref ?? undefined,
    effect: q.effect ?? undefined,
    args: small ? redact(a.call.args ?? {}) : undefined,
    args_bytes: a.argsCanonical?.length,
    facts,
    intent: q.intent ? redact(q.intent) : undefined,
    estimate: q.estimate ?? undefined,
    held: { tokens: a.estimate.tokens, micros: a.estimate.micros },
    bytes: q.bytes ?? undefined,
    scope: q.scope ?? undefined,
    scores: q.scores ?? undefined,
    attempt: q.attempt ?? undefined,
    phase: q.phase ?? undefined,
    run_scope: a.of.scope.length > 0 ? a.of.scope : undefined,
    silenced: grantId ? a.judged.asks.map((x) => ({ rule: x.rule, policy_id: x.ref?.id ?? null })) : undefined,
    safe_mode: a.control.mode === "safe_mode" ? true : undefined,
  };
}

function record(
  book: Book,
  a: Asked,
  run: Run,
  j: Judgement,
  answer: Decision,
  approval: Approval | null,
  effectId: string | null,
): void {
  const q = a.question;
  book.changes.decisions.push({
    decision_id: a.decisionId,
    run_id: run.runId,
    // To wait is not an answer: the same request is judged anew the next time.
    request_id: j.outcome === "wait" ? null : (q.request_id ?? null),
    request_hash: q.request_id ? a.requestHash : null,
    agent_id: run.agentId,
    tenant_id: run.tenantId,
    task_type: run.taskType,
    kind: q.kind,
    tool: q.tool ?? null,
    model: q.model ?? null,
    effect: answer.effect,
    args_hash: a.argsHash,
    fingerprint: a.fingerprint,
    outcome: j.outcome,
    code: j.code,
    policy_id: answer.policy.id,
    policy_version: answer.policy.version,
    approval_id: approval?.approvalId ?? null,
    effect_id: effectId,
    grant_id: j.grantId,
    question: kept(a, j.grantId),
    answer,
    control_revision: a.control.revision,
    decided_at: new Date(book.now).toISOString(),
    start_by: j.outcome === "allow" ? new Date(book.now + START_WITHIN_S * 1000).toISOString() : null,
  });
  if (q.request_id && j.outcome !== "wait")
    book.known.set(keyed(run.runId, q.request_id), {
      decisionId: a.decisionId,
      requestHash: a.requestHash,
      outcome: j.outcome,
      startBy: j.outcome === "allow" ? book.now + START_WITHIN_S * 1000 : null,
      settled: false,
      answer,
    });
}
