import type { Decision, DecisionRow, Outcome, Remaining } from "@/lib/decisions/schema";
import { compact, counted, duration, money } from "../kit/numbers";

export const WHY: Record<Outcome, string> = {
  allow: "Why this was allowed",
  deny: "Why this was denied",
  require_approval: "Why this asks a person",
  replay: "Why this was not done again",
  wait: "Why this has to wait",
};

/** "18 steps, 33 calls, 41.2 s, $0.61, 88.0k tokens"; what has no limit is left out. */
export function remainingWords(left: Remaining): string {
  const parts = [
    left.steps !== null && counted(left.steps, "step"),
    left.tool_calls !== null && counted(left.tool_calls, "call"),
    left.seconds !== null && duration(left.seconds),
    left.usd !== null && money(left.usd),
    left.tokens !== null && `${compact(left.tokens)} tokens`,
  ].filter(Boolean);
  return parts.length === 0 ? "no limit holds here" : parts.join(", ");
}

/** How it would run: "15 s for each of 2 attempts". */
export function limitWords({ limits }: Decision): string {
  const attempts = limits.max_attempts === 1 ? "one attempt" : `each of ${limits.max_attempts} attempts`;
  const model = limits.use_model ? `, with the model ${limits.use_model}` : "";
  return `${duration(limits.timeout_s)} for ${attempts}${model}`;
}

/** The recorded question, as far as it was kept. `whole`: with its arguments. */
export function askedAgain(row: DecisionRow): { question: Record<string, unknown>; whole: boolean } {
  const args = readArgs(row.args_preview);
  const known = {
    kind: row.kind,
    step: row.step,
    stage: row.stage,
    tool: row.tool,
    model: row.model,
    connector: row.connector,
    effect: row.effect,
    estimate: row.estimate,
    args: args.value,
  };
  const said = Object.entries(known).filter(([, value]) => value !== null && value !== undefined);
  return { question: Object.fromEntries(said), whole: args.whole || row.args_hash === null };
}

function readArgs(preview: string | null): { value: unknown; whole: boolean } {
  if (preview === null) return { value: undefined, whole: false };
  try {
    return { value: JSON.parse(preview), whole: true };
  } catch {
    return { value: undefined, whole: false };
  }
}
