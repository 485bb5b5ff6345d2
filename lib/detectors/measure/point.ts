import type { Step } from "../trace/step";

/** One moment at which a run showed something: when, how much, and on which span it can be seen. */
export type Point = { at: number; value: number; key: string; spanId: string | null; note: string };

/**
 * How moments become the number that is compared. `per_key`: the most moments of one key that fall into a window.
 * `sum`: all that fall into it. `max` and `min`: the highest and lowest of it.
 */
export type Fold = "per_key" | "sum" | "max" | "min";

export type Reading = { value: number; at: number; points: Point[] };

export const point = (step: Step, note: string, key = "", value = 1): Point => ({
  at: step.at,
  value,
  key,
  spanId: step.spanId,
  note,
});

const groups = (points: readonly Point[], fold: Fold): Point[][] => {
  if (fold !== "per_key") return [[...points]];
  const byKey = new Map<string, Point[]>();
  for (const p of points) {
    const found = byKey.get(p.key);
    if (found) found.push(p);
    else byKey.set(p.key, [p]);
  }
  return [...byKey.values()];
};

/** The value over every window of this length (null: the whole run), the moment it was reached, and what made it. */
export function fold(points: readonly Point[], how: Fold, windowMs: number | null): Reading | null {
  let best: Reading | null = null;
  for (const group of groups(points, how)) {
    group.sort((a, b) => a.at - b.at);
    const reading = how === "max" || how === "min" ? extreme(group, how) : most(group, windowMs);
    if (reading && (best === null || reading.value > best.value)) best = reading;
  }
  return best;
}

function extreme(points: Point[], how: "max" | "min"): Reading | null {
  let best: Point | null = null;
  for (const p of points) if (best === null || (how === "max" ? p.value > best.value : p.value < best.value)) best = p;
  return best && { value: best.value, at: best.at, points: [best] };
}

function most(points: Point[], windowMs: number | null): Reading | null {
  let best = null as Reading | null;
  let from = 0;
  let total = 0;
  points.forEach((p, to) => {
    total += p.value;
    for (let first = points[from]; windowMs !== null && first && p.at - first.at > windowMs; first = points[from]) {
      total -= first.value;
      from++;
    }
    // What weighs nothing explains the moment before it.
    if (best !== null && p.value === 0 && best.points.at(-1) === points[to - 1]) best.points.push(p);
    else if (best === null || total > best.value) best = { value: total, at: p.at, points: points.slice(from, to + 1) };
  });
  return best;
}
