import type { BudgetDetailShape } from "@/lib/budgets/schema";

export type Point = { t: number; v: number };
export type Plan = {
  from: number;
  to: number;
  top: number;
  spent: Point[];
  usual: Point[];
  /** From what counts now to the end of the window, or to the cap. */
  ahead: [Point, Point] | null;
  soft: number | null;
  hard: number | null;
  marks: { t: number; v: number; limit: "soft" | "hard" }[];
  ticksX: number[];
  ticksY: number[];
};

/** 1, 2 or 5 times a power of ten: three or four lines up to the top. */
export function niceStep(top: number): number {
  if (top <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(top / 3));
  const step = [1, 2, 5, 10].map((n) => n * power).find((each) => top / each <= 4.5);
  return step ?? 10 * power;
}

const MINUTE = 60_000;
const STEPS = [15 * MINUTE, 6 * 60 * MINUTE, 7 * 24 * 60 * MINUTE] as const;
const pointsOf = (list: { at: string; value: number }[]): Point[] =>
  list.map((each) => ({ t: Date.parse(each.at), v: each.value }));

/** What the chart draws, in its own units; null where a budget has no window to draw. */
export function planOf(b: BudgetDetailShape, now: number): Plan | null {
  if (!b.window_start || !b.window_end) return null;
  const from = Date.parse(b.window_start);
  const to = Date.parse(b.window_end);
  const at = Math.min(Math.max(now, from), to);
  const used = b.usage.spent + b.usage.unsettled + b.usage.held;
  const spent = [{ t: from, v: 0 }, ...pointsOf(b.series).filter((each) => each.t >= from && each.t <= at)];
  spent.push({ t: at, v: b.usage.spent });
  const soft = b.soft ? b.amount * b.soft.at : null;
  const hard = b.hard ? b.amount : null;
  const perMs = (b.forecast?.per_hour ?? 0) / (60 * MINUTE);
  const hitsAt = b.forecast?.hard_at ? Math.min(Date.parse(b.forecast.hard_at), to) : to;
  const ahead: Plan["ahead"] =
    b.forecast && perMs > 0 && hitsAt > at
      ? [
          { t: at, v: used },
          { t: hitsAt, v: used + perMs * (hitsAt - at) },
        ]
      : null;
  const usual = pointsOf(b.usual).filter((each) => each.t >= from && each.t <= to);
  const highest = Math.max(b.amount, used, ahead?.[1].v ?? 0, ...usual.map((each) => each.v));
  const top = (highest || 1) * 1.06;
  const stepY = niceStep(top);
  const stepX = STEPS.find((each) => (to - from) / each <= 6) ?? STEPS[2];
  const mark = (when: string | null | undefined, v: number | null, limit: "soft" | "hard") => {
    const t = when ? Date.parse(when) : Number.NaN;
    return v !== null && t > at && t <= to ? [{ t, v, limit }] : [];
  };
  return {
    from,
    to,
    top,
    spent,
    usual,
    ahead,
    soft,
    hard,
    marks: [...mark(b.forecast?.soft_at, soft, "soft"), ...mark(b.forecast?.hard_at, hard, "hard")],
    ticksX: Array.from({ length: Math.floor((to - from) / stepX) + 1 }, (_, n) => from + n * stepX),
    ticksY: Array.from({ length: Math.floor(top / stepY) + 1 }, (_, n) => n * stepY),
  };
}
