import { redact } from "../../runs";
import type { Asked } from "../asked";
import { type Approval, type Book, keyed, type Run } from "../book";
import type { Judgement } from "../order/verdict";
import type { Decision } from "../schema";

export const START_WITHIN_S = 30;
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

/** The decision's own row: what was asked, what was answered. */
export function record(
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
