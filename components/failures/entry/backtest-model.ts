import type { BacktestShape } from "@/lib/detectors/schema";

export type CurvePoint = BacktestShape["curve"][number];

/** Where on the curve a threshold stands; between two points the one before it, whose answer it shares. */
export function placeOf(curve: readonly CurvePoint[], threshold: number): number {
  let found = 0;
  for (const [n, point] of curve.entries()) if (point.threshold <= threshold) found = n;
  return found;
}

/** Round figures for an axis, at most four, the last at or above `top`. */
export function ticksOf(top: number): number[] {
  if (top <= 0) return [0, 1];
  const raw = top / 3;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, [1, 2, 5, 10].map((m) => m * size).find((each) => each >= raw) ?? raw);
  const count = Math.ceil(top / step);
  return Array.from({ length: count + 1 }, (_, n) => n * step);
}

/** 12000 → "12k", 0.5 → "0.5": a threshold, as short as an axis. */
export function axisWords(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 10_000) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(4)));
}
