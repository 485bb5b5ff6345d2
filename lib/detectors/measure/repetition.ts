import { emptySuccess, errorKey, failed, softFailed } from "../trace/classify";
import type { Step, Trace } from "../trace/step";
import { likeness, prose, valuesOf, wordsOf } from "../trace/words";
import { effectOf, writes } from "../trace/writes";
import { type Point, point } from "./point";

/** Only questions can be the same in other words. */
const ASKS = new Set(["read", "unknown"]);
const LIKE = { calls: 0.5, requests: 0.5, within: 12 };

export const calls = (trace: Trace): Step[] => trace.steps.filter((s) => s.kind === "tool" && s.tool !== null);
const callKey = (step: Step): string => `${step.agent}\u0000${step.tool}\u0000${step.fingerprint ?? step.args ?? ""}`;
const answer = (step: Step): string => (failed(step) ? `! ${errorKey(step)}` : (step.resultHash ?? step.result ?? ""));

/** Same call, same answer, and nothing in between that could have changed it. */
export function identicalCalls(trace: Trace): Point[] {
  const seen = new Map<string, { answer: string; epoch: number; first: string }>();
  const points: Point[] = [];
  let epoch = 0;
  for (const step of calls(trace)) {
    const key = callKey(step);
    const before = seen.get(key);
    const own = answer(step);
    const same = before !== undefined && before.answer === own && before.epoch === epoch;
    const first = same ? before.first : step.spanId;
    points.push(
      point(step, same ? `${step.tool} again, with the answer it had` : `${step.tool}`, `${key}\u0000${first}`),
    );
    seen.set(key, { answer: own, epoch, first });
    if (writes(step) && !failed(step) && !same) {
      epoch++;
      seen.set(key, { answer: own, epoch, first });
    }
  }
  return points;
}

export function consecutiveIdenticalCalls(trace: Trace): Point[] {
  const last = new Map<string, { key: string; streak: number }>();
  let streaks = 0;
  return calls(trace).map((step) => {
    const before = last.get(step.agent);
    const key = callKey(step);
    const streak = before?.key === key ? before.streak : streaks++;
    last.set(step.agent, { key, streak });
    return point(step, `${step.tool} in a row`, String(streak));
  });
}

/** The same question in other words, to the same tool, a dozen calls apart at most. */
export function similarCalls(trace: Trace): Point[] {
  const before = new Map<string, Set<string>[]>();
  const points: Point[] = [];
  for (const step of calls(trace)) {
    const text = step.args === null ? "" : valuesOf(step.args);
    if (!prose(text) || !ASKS.has(effectOf(String(step.tool)))) continue;
    const words = wordsOf(text);
    if (words.size < 3) continue;
    const key = `${step.agent}\u0000${step.tool}`;
    const asked = before.get(key) ?? [];
    const like = asked.slice(-LIKE.within).filter((other) => likeness(words, other) >= LIKE.calls).length;
    points.push(point(step, like > 0 ? `${step.tool}: like ${like} before it` : `${step.tool}`, "", like + 1));
    before.set(key, [...asked, words]);
  }
  return points;
}

export function repeatedRequests(trace: Trace): Point[] {
  const before = new Map<string, Set<string>[]>();
  const points: Point[] = [];
  for (const step of trace.steps) {
    if (step.kind !== "message" || step.agent === "user" || step.to === null) continue;
    const words = wordsOf(valuesOf(step.args ?? step.result ?? ""));
    if (words.size < 3) continue;
    const key = `${step.agent}\u0000${step.to}`;
    const asked = before.get(key) ?? [];
    const like = asked.slice(-LIKE.within).filter((other) => likeness(words, other) >= LIKE.requests).length;
    points.push(
      point(step, `${step.agent} asks ${step.to}${like > 0 ? `, like ${like} times before` : ""}`, "", like + 1),
    );
    before.set(key, [...asked, words]);
  }
  return points;
}

/** A B A B: a cycle is done when the run is back at A, arguments and answers unchanged. */
export function alternationCycles(trace: Trace): Point[] {
  const points: Point[] = [];
  const row = calls(trace).map((step) => ({ step, key: `${callKey(step)}\u0000${answer(step)}` }));
  let cycle = 0;
  row.forEach(({ step, key }, i) => {
    const back = row[i - 2];
    const between = row[i - 1];
    const whole = back?.key === key && between !== undefined && between.key !== key;
    if (!whole) {
      cycle++;
      return;
    }
    points.push(point(step, `back and forth between ${between.step.tool} and ${step.tool}`, String(cycle), 0.5));
  });
  return points;
}

/** Nothing new: an error, nothing at all, or an answer this call's tool has given before. */
export function stepsWithoutProgress(trace: Trace): Point[] {
  const seen = new Set<string>();
  const points: Point[] = [];
  let streak = 0;
  for (const step of calls(trace)) {
    const known = `${step.tool}\u0000${answer(step)}`;
    // What a shell prints when it fails is news, and silence is how it says that all is well.
    const shell = effectOf(String(step.tool)) === "shell";
    const nothing = !shell && (failed(step) || softFailed(step) || emptySuccess(step));
    const stale = nothing || (answer(step) !== "" && seen.has(known) && !emptySuccess(step));
    seen.add(known);
    if (!stale || (writes(step) && !nothing)) {
      streak++;
      continue;
    }
    points.push(point(step, `${step.tool} brought nothing new`, String(streak)));
  }
  return points;
}

/** Model turns with no call between them: thinking, or talking, without end. */
export function turnsWithoutCalls(trace: Trace): Point[] {
  const points: Point[] = [];
  let streak = 0;
  for (const step of trace.steps) {
    if (step.kind === "tool" || (step.kind === "message" && step.agent === "user")) streak++;
    else if (step.kind === "model" && step.status !== "error")
      points.push(point(step, "a turn without a call", `${streak} ${step.agent}`));
  }
  return points;
}

/** What was thought and said since anything was done. */
export function tokensWithoutCalls(trace: Trace): Point[] {
  const points: Point[] = [];
  let streak = 0;
  for (const step of trace.steps) {
    if (step.kind === "tool" || (step.kind === "message" && step.agent === "user")) streak++;
    else if (step.kind === "model" && (step.output ?? 0) > 0)
      points.push(point(step, `${step.output} tokens and no call`, `${streak} ${step.agent}`, step.output ?? 0));
  }
  return points;
}

/** A shell's errors are part of the work: they repeat only where the same command meets them and nothing was changed between. */
export function repeatedErrors(trace: Trace): Point[] {
  const points: Point[] = [];
  const right = new Map<string, number>();
  let epoch = 0;
  for (const step of calls(trace)) {
    const said = errorKey(step);
    const shell = effectOf(String(step.tool)) === "shell";
    if (failed(step) && said !== "") {
      const tool = String(step.tool);
      const where = shell ? `${callKey(step)}\u0000${epoch}` : `${tool}\u0000${right.get(tool) ?? 0}\u0000${epoch}`;
      points.push(point(step, `${step.tool}: ${(step.error ?? "failed").slice(0, 120)}`, `${where}\u0000${said}`));
    } else if (!softFailed(step)) {
      right.set(String(step.tool), (right.get(String(step.tool)) ?? 0) + 1);
      if (writes(step)) epoch++;
    }
  }
  return points;
}

export function consecutiveErrors(trace: Trace): Point[] {
  let streak = 0;
  const points: Point[] = [];
  for (const step of calls(trace)) {
    if (failed(step)) points.push(point(step, `${step.tool} failed`, String(streak)));
    else streak++;
  }
  return points;
}

/** Made again directly after it failed, arguments unchanged. */
export function retries(trace: Trace): Point[] {
  const last = new Map<string, Step>();
  const points: Point[] = [];
  for (const step of calls(trace)) {
    const before = last.get(step.agent);
    if (before && failed(before) && callKey(before) === callKey(step))
      points.push(point(step, `${step.tool} tried again`));
    last.set(step.agent, step);
  }
  return points;
}
