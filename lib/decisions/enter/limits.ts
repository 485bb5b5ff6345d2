import { counted, type Sum } from "../../budgets";
import type { Asked } from "../asked";
import { type Book, type Run, spendOf } from "../book";
import { elapsedS } from "../order/money";
import type { Decision, Remaining } from "../schema";

/** What is left of a run: the least that any of its own caps leaves. Counts, seconds, US dollars; null: no cap. */
export function remainingOf(book: Book, run: Run, a: Pick<Asked, "ceilings" | "seconds">): Remaining {
  const spend = spendOf(book, run.runId);
  const left = (sum: Sum): number | null => {
    const caps = (a.ceilings[0]?.caps ?? []).filter((c) => c.sum === sum && c.hard);
    return caps.length === 0 ? null : Math.max(0, Math.min(...caps.map((c) => c.amount)) - counted(spend, sum));
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
