import { newApproval } from "../ask";
import type { Asked } from "../asked";
import type { Book, Run } from "../book";
import { judge } from "../judge";
import { liveRun } from "../order/run";
import type { Judgement } from "../order/verdict";
import type { Decision } from "../schema";
import { allow } from "./allow";
import { hardened } from "./limit-events";
import { limitsOf, remainingOf } from "./limits";
import { record, START_WITHIN_S } from "./record";

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
