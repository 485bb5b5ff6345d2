import type { Ask } from "../../policies";
import type { Asked } from "../asked";
import { type Approval, type Book, type Effect, keyed } from "../book";
import { deny, RETRY_MS, type Verdict, verdict, wait } from "./verdict";

const subjectKey = (a: Asked, kind: Approval["kind"]): string => keyed(a.question.run_id, kind, a.subject);

/** What a person's word on exactly this call is worth now; null: nobody was asked, or it lapsed. */
export function worth(book: Book, a: Asked, kind: Approval["kind"], effect: Effect | null): Verdict | Approval | null {
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

export function askAnew(book: Book, a: Asked, kind: Approval["kind"], asks: Ask[]): Verdict {
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

export type Passed = { approval: Approval | null; grantId: string | null };

export function people(book: Book, a: Asked, effect: Effect | null): Verdict | Passed {
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
