import type { Asked } from "../asked";
import { type Book, keyed, spendOf } from "../book";
import { deny, type Verdict, wait } from "./verdict";

export function repeating(book: Book, a: Asked): Verdict | null {
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
export function broken(book: Book, a: Asked): Verdict | boolean {
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

export function rated(book: Book, a: Asked): Verdict | null {
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
