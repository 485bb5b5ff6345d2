import { emptySuccess, errorClass, failed, refused, softFailed, truncated } from "../trace/classify";
import type { Step, Trace } from "../trace/step";
import { effectOf } from "../trace/writes";
import { type Point, point } from "./point";
import { calls } from "./repetition";

const said = (step: Step): string => (step.error ?? step.errorType ?? "failed").slice(0, 160);
const erring = (trace: Trace): Step[] =>
  trace.steps.filter((s) => (s.kind === "tool" || s.kind === "model") && failed(s));
const ofClass = (trace: Trace, wanted: ReturnType<typeof errorClass>): Point[] =>
  erring(trace)
    .filter((s) => errorClass(s) === wanted)
    .map((s) => point(s, `${s.tool ?? s.name}: ${said(s)}`));

export const toolErrors = (trace: Trace): Point[] =>
  calls(trace)
    .filter(failed)
    .map((s) => point(s, `${s.tool}: ${said(s)}`));
export const toolTimeouts = (trace: Trace): Point[] => ofClass(trace, "timeout");
export const rateLimited = (trace: Trace): Point[] => ofClass(trace, "rate");
export const authFailures = (trace: Trace): Point[] => ofClass(trace, "auth");
export const schemaViolations = (trace: Trace): Point[] => [
  ...calls(trace)
    .filter((s) => failed(s) && errorClass(s) === "schema")
    .map((s) => point(s, `${s.tool}: ${said(s)}`)),
  ...trace.decisions
    .filter((d) => d.code === "tool_output_invalid")
    .map((d) => ({
      at: d.at,
      value: 1,
      key: "",
      spanId: null,
      note: `${d.tool}: its output does not fit the declared schema`,
    })),
];

export function emptySuccesses(trace: Trace): Point[] {
  let streak = 0;
  return calls(trace).flatMap((step) => {
    if (emptySuccess(step)) return [point(step, `${step.tool} answered nothing`, `${streak} ${step.tool}`)];
    streak++;
    return [];
  });
}

const UNANSWERED = /^\W*$|\bempty\b|\bno (?:tool )?(?:output|content|text|response|result)\b/i;
const unanswered = (step: Step): boolean =>
  step.kind === "tool" &&
  (step.result === null || step.result.trim() === "") &&
  (step.status === "error" ? UNANSWERED.test(step.error ?? "") : true);

const claimsSuccess = (trace: Trace): boolean =>
  trace.stopReason === "success" || (trace.stopReason === null && trace.status === "completed");

const ADMITS =
  /\b(?:error|fail|failed|failing|failure|unable|cannot|can't|couldn't|could not|didn't|did not|doesn't|not found|no results?|sorry|unfortunately|issue|problem|instead|invalid|retry|try again|try another|different approach|alternative|mistake|apologi[sz]e|incorrect|missing|unavailable|blocked|denied|timed? out|limit)\b/i;

/** So many calls that went well afterwards have found another way. */
const WORKED_ON = 8;

/** Failed, not tried again within three calls, and nothing that was said afterwards knows of it. */
export function unacknowledgedErrors(trace: Trace): Point[] {
  if (trace.endedAt !== null && !claimsSuccess(trace)) return [];
  const points: Point[] = [];
  trace.steps.forEach((step, i) => {
    if (step.kind !== "tool" || step.tool === null || !(failed(step) || softFailed(step))) return;
    if (unanswered(step) || effectOf(step.tool) === "shell") return;
    const after = trace.steps.slice(i + 1);
    const next = after.filter((s) => s.kind === "tool").slice(0, 3);
    if (next.some((s) => s.tool === step.tool)) return;
    if (after.filter((s) => s.kind === "tool" && !failed(s) && !softFailed(s)).length > WORKED_ON) return;
    const spoken = after.filter((s) => (s.kind === "model" || s.kind === "message") && s.result !== null).slice(0, 3);
    if (spoken.length === 0 && trace.endedAt === null) return;
    if (spoken.some((s) => ADMITS.test(s.result ?? ""))) return;
    points.push(point(step, `${step.tool} failed (${said(step)}) and nothing answered it`));
  });
  return points;
}

/** The run says success; the last thing that happened in it had failed. */
export function failedEndings(trace: Trace): Point[] {
  if (!claimsSuccess(trace) || trace.endedAt === null) return [];
  const last = trace.steps.filter((s) => s.kind === "model" || s.kind === "tool").at(-1);
  // A call that ends a run is often left without an answer: that is no failure.
  if (!last || !failed(last) || unanswered(last)) return [];
  return [
    point(
      last,
      `It ended in success; its last ${last.kind === "model" ? "model call" : "tool call"} had failed: ${said(last)}`,
    ),
  ];
}

/** A call that nobody answered, and then a provider that refuses the conversation. */
function orphans(trace: Trace, told: (refusal: Step) => boolean): Point[] {
  const points: Point[] = [];
  const last = new Map<string, Step>();
  for (const step of trace.steps) {
    if (step.kind === "model" && step.status === "error" && told(step)) {
      // Some clients name the caller of a refused request otherwise than the caller before it.
      const before = last.get(step.agent) ?? [...last.values()].at(-1);
      if (before && unanswered(before)) {
        points.push(point(before, `${before.tool} stayed without an answer`));
        points.push(point(step, `the model refused to go on: ${said(step)}`, "", 0));
      } else if (errorClass(step) === "transcript")
        points.push(point(step, `the provider refuses the conversation: ${said(step)}`));
    }
    if (step.kind === "model" || step.kind === "tool") last.set(step.agent, step);
  }
  return points;
}
const PASSING = new Set(["auth", "rate", "timeout"]);
export const orphanToolCalls = (trace: Trace): Point[] => orphans(trace, (s) => errorClass(s) === "transcript");
/** The provider does not say why: likely the same, not certain. */
export const suspectedOrphans = (trace: Trace): Point[] => orphans(trace, (s) => !PASSING.has(errorClass(s)));

export const refusals = (trace: Trace): Point[] =>
  trace.steps.filter(refused).map((s) => point(s, "the model refused"));
export const truncations = (trace: Trace): Point[] =>
  trace.steps.filter(truncated).map((s) => point(s, "cut off at the token limit"));
