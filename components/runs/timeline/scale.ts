import type { SpanShape } from "@/lib/runs/schema";
import { endOf, least, most, startOf } from "./model";

export type Extent = { from: number; to: number };

/** The time that the spans cover; a run opened long after its spans were written does not stretch it. */
export function extentOf(
  spans: SpanShape[],
  run: { started_at: string; ended_at: string | null },
  now: number | null,
): Extent {
  const from = least(spans.map(startOf));
  const last = most(spans.map(endOf));
  const started = Date.parse(run.started_at);
  const ended = now ?? (run.ended_at ? Date.parse(run.ended_at) : last);
  const width = Math.max(last - from, 1);
  const near = (gap: number) => gap >= 0 && gap <= width / 2;
  const start = near(from - started) ? started : from;
  const end = Math.max(near(ended - last) ? ended : last, from + 1);
  // a little room at the end, so that what happens last can be seen
  return { from: start, to: end + (end - start) * 0.02 };
}

const STEPS = [1, 2, 5];
/** Round ticks, at most eight, as ms from the start. */
export function ticksOf(view: Extent, origin: number, many = 8): number[] {
  const span = view.to - view.from;
  let step = 1;
  for (let power = 1; step < span / many; power *= 10)
    for (const each of STEPS) {
      step = each * power;
      if (step >= span / many) break;
    }
  const sixty = [15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000].find(
    (each) => each >= span / many,
  );
  if (step > 10_000 && sixty) step = sixty;
  const first = Math.ceil((view.from - origin) / step) * step;
  const out: number[] = [];
  for (let at = first; origin + at < view.to; at += step) out.push(at);
  return out;
}
