import { counted, full, soft, tell } from "../../budgets";
import type { DenyCode } from "../../policies";
import type { Asked } from "../asked";
import { type Book, keyed, partOf, type Run, spendOf } from "../book";
import { deny, type Verdict } from "./verdict";

/** Which refusal tells of which sum. */
export const CODE = {
  steps: "step_budget",
  toolCalls: "tool_budget",
  tokens: "token_budget",
  micros: "cost_budget",
} as const;

/** Only the caps that people have set beside the documents. */
export const byPeopleAlone = (a: Asked): Asked => ({
  ...a,
  ceilings: a.ceilings.map((c) => ({ ...c, caps: c.caps.filter((cap) => cap.source.startsWith("budget ")) })),
  stageCap: null,
  toolCap: null,
  seconds: null,
  uniqueCalls: null,
});

/** What this call adds to each sum. Steps and outputs have no result, so nothing is held for them. */
export const amountsOf = (a: Asked) => ({
  steps: a.call.kind === "step" ? 1 : 0,
  toolCalls: a.call.kind === "tool" ? 1 : 0,
  tokens: settles(a) ? (a.estimate.tokens ?? 0) : 0,
  micros: settles(a) ? (a.estimate.micros ?? 0) : 0,
});

const settles = ({ call }: Asked): boolean => call.kind !== "step" && call.kind !== "output";

export function elapsedS(book: Book, run: Run): number {
  const waiting = run.waitingSince === null ? 0 : book.now - run.waitingSince;
  return (book.now - run.startedAt - run.waitedMs - waiting) / 1000;
}

function estimated(a: Asked): Verdict | null {
  if (a.call.kind !== "model") return null;
  const capped = (sum: "tokens" | "micros") =>
    a.ceilings.some((c) => c.caps.some((cap) => cap.sum === sum && cap.hard)) ||
    a.watched.some((w) => w.cap.sum === sum && w.cap.hard) ||
    (a.stageCap !== null && a.stageCap[sum] !== null);
  const rule = "budgets";
  if (capped("tokens") && a.estimate.tokens === null)
    return deny("estimate_required", "Tokens are capped here: say how many this call may use (estimate).", {
      ref: a.policy.ref,
      rule,
    });
  if (!capped("micros") || a.estimate.micros !== null) return null;
  if (a.estimate.tokens === null)
    return deny("estimate_required", "Dollars are capped here: say what this call may use (estimate).", {
      ref: a.policy.ref,
      rule,
    });
  if (a.policy.models.unpriced === "allow") return null;
  return deny(
    "unpriced_model",
    `Nobody has priced ${a.call.model}, and dollars are capped here: set its price in Settings, Prices.`,
    {
      ref: a.policy.ref,
      rule: "models.unpriced",
    },
  );
}

export function budgeted(book: Book, a: Asked, run: Run): Verdict | null {
  const more = amountsOf(a);
  const no = (code: DenyCode, message: string, rule: string) => deny(code, message, { ref: a.policy.ref, rule });
  const elapsed = elapsedS(book, run);
  if (a.seconds !== null && elapsed >= a.seconds)
    return no(
      "time_budget",
      `The run has taken ${Math.round(elapsed)} s; ${a.seconds} s were planned.`,
      "budgets.max_seconds",
    );
  const stepCap = a.ceilings[0]?.caps.find((c) => c.sum === "steps" && c.hard);
  if (stepCap && (a.question.step ?? 0) > stepCap.amount)
    return no("step_budget", `Step ${a.question.step} is beyond the ${stepCap.amount} of a run.`, "budgets.max_steps");
  const missing = estimated(a);
  if (missing) return missing;
  if (
    a.uniqueCalls !== null &&
    a.call.kind === "tool" &&
    a.fingerprint !== null &&
    !book.calls.has(keyed(run.runId, a.fingerprint))
  ) {
    const { uniqueCalls } = spendOf(book, run.runId);
    if (uniqueCalls >= a.uniqueCalls)
      return no(
        "unique_calls",
        `${uniqueCalls} different calls were made; no more are planned.`,
        "budgets.max_unique_calls",
      );
  }
  for (const { runId, caps } of a.ceilings)
    for (const cap of caps) {
      const spend = spendOf(book, runId);
      if (more[cap.sum] === 0 || !full(cap, spend, more[cap.sum])) continue;
      const of = runId === run.runId ? "the run" : `its ancestor ${runId}`;
      return no(CODE[cap.sum], tell(cap, spend, more[cap.sum], of), cap.source);
    }
  const { stage } = a.call;
  if (stage !== null && a.stageCap) {
    const part = partOf(book, run.runId, "stage", stage);
    for (const sum of ["tokens", "micros"] as const) {
      const amount = a.stageCap[sum];
      if (amount === null || more[sum] === 0 || counted(part, sum) + more[sum] <= amount) continue;
      return no(
        "stage_budget",
        `Stage ${stage} has used or holds ${counted(part, sum)} of ${amount}; ${more[sum]} more do not fit.`,
        `stages.${stage}`,
      );
    }
  }
  const tool = a.call.kind === "tool" ? a.call.tool : null;
  if (tool !== null && a.toolCap) {
    const part = partOf(book, run.runId, "tool", tool);
    const retry = (a.question.attempt ?? 1) > 1;
    if (retry && a.toolCap.retries !== null && part.retries >= a.toolCap.retries)
      return no(
        "attempts_exhausted",
        `${tool} was retried ${part.retries} times in this run.`,
        `tools.budgets.${tool}.max_retries`,
      );
    if (a.toolCap.calls !== null && part.toolCalls >= a.toolCap.calls)
      return no(
        "tool_budget",
        `${tool} was called ${part.toolCalls} times in this run.`,
        `tools.budgets.${tool}.max_calls`,
      );
    for (const sum of ["tokens", "micros"] as const) {
      const amount = a.toolCap[sum] ?? null;
      if (amount === null || more[sum] === 0 || counted(part, sum) + more[sum] <= amount) continue;
      return no(
        CODE[sum],
        `${tool} has used or holds ${counted(part, sum)} of ${amount} in this run; ${more[sum]} more do not fit.`,
        `tools.budgets.${tool}`,
      );
    }
  }
  for (const w of a.watched) {
    const spend = book.windows.get(keyed(w.kind, w.key))?.get(w.window)?.spend;
    if (!spend || more[w.cap.sum] === 0 || !full(w.cap, spend, more[w.cap.sum])) continue;
    return no(CODE[w.cap.sum], tell(w.cap, spend, more[w.cap.sum], w.key || "the environment"), w.cap.source);
  }
  return null;
}

/** Beyond a soft limit that says so, a model has to give way to a smaller one. */
export function downgraded(book: Book, a: Asked, run: Run): Verdict | null {
  const smaller = a.call.model === null ? undefined : a.policy.models.downgrade[a.call.model];
  if (a.call.kind !== "model" || smaller === undefined) return null;
  const passed =
    a.ceilings[0]?.caps.find((c) => c.softThen === "downgrade" && soft(c, spendOf(book, run.runId), 0)) ??
    a.watched.find((w) => {
      const spend = book.windows.get(keyed(w.kind, w.key))?.get(w.window)?.spend;
      return w.cap.softThen === "downgrade" && spend !== undefined && soft(w.cap, spend, 0);
    })?.cap;
  if (!passed) return null;
  return deny(
    "model_downgraded",
    `${passed.source} is past its soft limit: use ${smaller} instead of ${a.call.model}.`,
    {
      ref: a.policy.ref,
      rule: passed.source,
      useModel: smaller,
    },
  );
}

export function memory(book: Book, a: Asked): Verdict | null {
  if (a.call.kind !== "memory") return null;
  const { memoryWrites, memoryBytes } = spendOf(book, a.question.run_id);
  const { maxWrites, maxBytes } = a.policy.memory;
  if (maxWrites !== null && memoryWrites + 1 > maxWrites)
    return deny("memory_budget", `${memoryWrites} memory writes were made; ${maxWrites} are planned.`, {
      ref: a.policy.ref,
      rule: "memory.max_writes",
    });
  if (maxBytes !== null && memoryBytes + (a.question.bytes ?? 0) > maxBytes)
    return deny("memory_budget", `${memoryBytes} bytes were written; ${maxBytes} are planned.`, {
      ref: a.policy.ref,
      rule: "memory.max_bytes",
    });
  return null;
}
