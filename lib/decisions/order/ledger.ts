import type { Asked } from "../asked";
import type { Approval, Book, Effect } from "../book";
import { askAnew, worth } from "./people";
import { deny, RETRY_MS, type Verdict, verdict, wait } from "./verdict";

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
export function replayed(book: Book, a: Asked, effect: Effect | null): Verdict | null {
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

/** In flight: wait. Outcome unknown: again with the same key where the tool can tell, else a person looks first. */
export function uncertain(book: Book, a: Asked, effect: Effect | null): Verdict | { approval: Approval | null } {
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
