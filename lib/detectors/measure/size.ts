import type { Step, Trace } from "../trace/step";
import { type Point, point } from "./point";
import { calls } from "./repetition";

const now = (trace: Trace): number => trace.endedAt ?? trace.steps.at(-1)?.endAt ?? trace.startedAt;
const whole = (trace: Trace, value: number, note: string): Point[] => [
  { at: now(trace), value, key: "", spanId: null, note },
];

export const steps = (trace: Trace): Point[] =>
  whole(
    trace,
    trace.stepCount > 0 ? trace.stepCount : trace.steps.filter((s) => s.kind === "model").length,
    "steps so far",
  );
export const toolCalls = (trace: Trace): Point[] => calls(trace).map((step) => point(step, String(step.tool)));
export function uniqueCalls(trace: Trace): Point[] {
  const seen = new Set<string>();
  return calls(trace).flatMap((step) => {
    const key = `${step.tool}\u0000${step.fingerprint ?? ""}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [point(step, `${step.tool}, for the first time so`)];
  });
}
export const seconds = (trace: Trace): Point[] => whole(trace, (now(trace) - trace.startedAt) / 1000, "since it began");
export const costUsd = (trace: Trace): Point[] => {
  const priced = trace.steps.filter((s) => s.costUsd !== null && s.costUsd > 0);
  if (priced.length === 0) return trace.costUsd > 0 ? whole(trace, trace.costUsd, "by decision results") : [];
  return priced.map((step) => point(step, `${step.name}`, "", step.costUsd ?? 0));
};
export const tokens = (trace: Trace): Point[] => {
  const used = trace.steps.filter((s) => s.kind === "model" && s.input !== null);
  if (used.length === 0) return trace.tokens > 0 ? whole(trace, trace.tokens, "by decision results") : [];
  return used.map((step) => point(step, step.name, "", (step.input ?? 0) + (step.output ?? 0)));
};
export const children = (trace: Trace): Point[] =>
  trace.children === null ? [] : whole(trace, trace.children, "runs below this one");

const turns = (trace: Trace): Map<string, Step[]> => {
  const byAgent = new Map<string, Step[]>();
  for (const step of trace.steps) {
    if (step.kind !== "model" || step.input === null || step.input === 0) continue;
    byAgent.set(step.agent, [...(byAgent.get(step.agent) ?? []), step]);
  }
  return byAgent;
};
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export const inputPerTurn = (trace: Trace): Point[] =>
  [...turns(trace).values()]
    .flat()
    .map((step) => point(step, `${step.agent}: ${step.input} input tokens`, "", step.input ?? 0));
/** Subagents have a context of their own: each is held against its own first turns. */
export const contextGrowth = (trace: Trace): Point[] =>
  [...turns(trace).values()].flatMap((row) => {
    const first = median(row.slice(0, 3).map((s) => s.input ?? 0));
    return row
      .slice(3)
      .map((step) =>
        point(step, `${step.agent}: ${step.input} after ${first}`, "", (step.input ?? 0) / Math.max(1, first)),
      );
  });
export const contextJump = (trace: Trace): Point[] =>
  [...turns(trace).values()].flatMap((row) =>
    row.slice(1).map((step, n) => {
      const before = row[n]?.input ?? 0;
      return point(step, `${step.agent}: from ${before} to ${step.input}`, "", Math.max(0, (step.input ?? 0) - before));
    }),
  );
