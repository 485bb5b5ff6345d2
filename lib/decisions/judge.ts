import type { Asked } from "./asked";
import type { Book } from "./book";
import { broken, rated, repeating } from "./order/brakes";
import { effectOf, replayed, uncertain } from "./order/ledger";
import { budgeted, byPeopleAlone, downgraded, memory } from "./order/money";
import { type Passed, people } from "./order/people";
import { assertLive, liveRun, switched } from "./order/run";
import { deny, type Judgement, refused, type Verdict, verdict } from "./order/verdict";

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
  // What a document only observes is noted; what people have capped holds all the same.
  const capped = a.observing ? budgeted(book, byPeopleAlone(a), run) : null;
  if (capped) return out(capped);

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
