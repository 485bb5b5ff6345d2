import { newId } from "../../platform/ids";
import { preview } from "../../runs";
import type { Asked } from "../asked";
import type { Approval, Book, Effect, Run } from "../book";

/** A write's row in the ledger: a new one, or one more attempt of the same. */
export function claim(
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
