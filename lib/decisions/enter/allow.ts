import type { Asked } from "../asked";
import { type Book, charge, chargePart, chargeRun, keyed, type Run } from "../book";
import { amountsOf } from "../order/money";
import type { Judgement } from "../order/verdict";
import type { Decision } from "../schema";
import { claim } from "./claim";
import { softened } from "./limit-events";

const MARGIN_S = 30;

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
