import { namesIn } from "../../runs";
import type { Trace } from "../trace/step";
import { type Point, point } from "./point";

/** Results that speak to the agent. */
export const injectionMarkers = (trace: Trace): Point[] =>
  trace.steps.flatMap((step) => (step.signals?.inject ? [point(step, `“${step.signals.inject.quote}”`)] : []));

/**
 * What became of it. A later call that carries what such a result had named, where no person and no earlier call of the
 * run had named it; or an agent that stops right behind it. What it named is known by hash alone.
 */
export function followedInjections(trace: Trace): Point[] {
  const known = new Set<string>();
  const planted = new Map<string, string>();
  const points: Point[] = [];
  for (const step of trace.steps) {
    const terms = step.signals?.terms ?? [];
    if (step.kind === "tool") {
      const followed = terms.filter((t) => planted.has(t) && !known.has(t));
      const source = followed[0] === undefined ? undefined : planted.get(followed[0]);
      if (source !== undefined) {
        points.push(point(step, `${step.tool} carries ${followed.length} of what a result had named`));
        points.push({ at: step.at, value: 0, key: "", spanId: source, note: "the result that named it" });
      }
    }
    for (const t of terms) if (!planted.has(t)) known.add(t);
    for (const t of step.signals?.inject?.terms ?? []) if (!planted.has(t)) planted.set(t, step.spanId);
  }
  return points;
}

const GIVES_UP =
  /\b(?:can(?:no|')?t|can’t|unable to|will not|won't|not (?:be )?(?:able|proceed|appropriate)|inappropriate|illegal|offensive|captcha)\b/i;

/** The last thing that was read spoke to the agent, and the agent gave up, or says what it was told to say. */
export function obeyedInWords(trace: Trace): Point[] {
  const marked = trace.steps.findLastIndex((s) => s.signals?.inject?.strong === true);
  const source = trace.steps[marked];
  if (!source) return [];
  const after = trace.steps.slice(marked + 1);
  const planted = new Set(source.signals?.inject?.terms ?? []);
  for (const s of trace.steps) if (s !== source) for (const t of s.signals?.terms ?? []) planted.delete(t);
  const answer = after.findLast((s) => (s.kind === "model" || s.kind === "message") && (s.result ?? "") !== "");
  if (!answer) return [];
  const gaveUp = !after.some((s) => s.kind === "tool") && GIVES_UP.test(answer.result ?? "");
  const repeats = namesIn(answer.result).filter((t) => planted.has(t)).length;
  if (!gaveUp && repeats === 0) return [];
  const note = gaveUp ? "the agent gave up behind it" : `the answer carries ${repeats} of what it had named`;
  return [
    point(answer, note),
    { at: source.at, value: 0, key: "", spanId: source.spanId, note: "the result that spoke to the agent" },
  ];
}

export const evalScore = (trace: Trace): Point[] =>
  trace.scores.map((s) => ({ at: s.at, value: s.score, key: "", spanId: s.spanId, note: `${s.name}: ${s.score}` }));

/** Waiting, resuming, and what belongs to the run without being a step of it. */
export const waitCycle = (trace: Trace): Point[] =>
  trace.waiting && trace.waiting.cycle.length > 0
    ? [
        {
          at: trace.waiting.since,
          value: trace.waiting.cycle.length,
          key: "",
          spanId: null,
          note: trace.waiting.cycle.join(" waits for "),
        },
      ]
    : [];
export const waitSeconds = (trace: Trace, now: number): Point[] =>
  trace.waiting && trace.endedAt === null
    ? [
        {
          at: now,
          value: (now - trace.waiting.since) / 1000,
          key: "",
          spanId: null,
          note: "it says so in its heartbeats",
        },
      ]
    : [];
export const lockHeld = (trace: Trace, now: number): Point[] =>
  trace.lockHeldSince === null
    ? []
    : [{ at: now, value: (now - trace.lockHeldSince) / 1000, key: "", spanId: null, note: "since it took the lock" }];
export const doubleRuns = (trace: Trace): Point[] =>
  trace.twins.length === 0
    ? []
    : [
        {
          at: trace.startedAt,
          value: trace.twins.length + 1,
          key: "",
          spanId: null,
          note: `beside ${trace.twins.slice(0, 3).join(", ")}`,
        },
      ];
export const checkpointMismatches = (trace: Trace): Point[] =>
  trace.checkpoints
    .filter((c) => c.mismatch)
    .map((c) => ({ at: c.at, value: 1, key: "", spanId: null, note: `${c.checkpointId} is not what was saved` }));
export const resumeRegression = (trace: Trace): Point[] =>
  trace.resumeRatio === null
    ? []
    : [
        {
          at: trace.endedAt ?? trace.startedAt,
          value: trace.resumeRatio,
          key: "",
          spanId: null,
          note: "steps against a fresh run's",
        },
      ];
