import { expect, test } from "vitest";
import type { BudgetDetailShape } from "@/lib/budgets/schema";
import { niceStep, planOf } from "./chart-model";

const budget: BudgetDetailShape = {
  slug: "daily",
  scope: { kind: "environment", key: null },
  metric: "usd",
  window: "day",
  amount: 420,
  soft: { at: 0.8, then: "alert" },
  hard: true,
  note: null,
  revision: 1,
  updated_by: "rita@example.com",
  updated_at: "2026-11-20T00:00:00Z",
  usage: { spent: 189, unsettled: 1, held: 6 },
  worst: null,
  window_start: "2026-11-20T00:00:00Z",
  window_end: "2026-11-21T00:00:00Z",
  forecast: { soft_at: "2026-11-20T17:00:00Z", hard_at: "2026-11-20T21:00:00Z", per_hour: 18 },
  reached: "none",
  series: [
    { at: "2026-11-20T06:00:00Z", value: 61 },
    { at: "2026-11-20T12:00:00Z", value: 500 },
  ],
  usual: [],
  holds: [],
  events: [],
};
const now = Date.parse("2026-11-20T09:00:00Z");

test("what is spent ends now, what is to come starts with what counts and ends at the cap", () => {
  const plan = planOf(budget, now);
  expect(plan?.spent.at(-1)).toEqual({ t: now, v: 189 });
  expect(plan?.spent).toHaveLength(3);
  expect(plan?.ahead?.[0]).toEqual({ t: now, v: 196 });
  expect(plan?.ahead?.[1].t).toBe(Date.parse("2026-11-20T21:00:00Z"));
  expect(plan?.marks.map((each) => each.limit)).toEqual(["soft", "hard"]);
  expect(plan?.ticksX).toHaveLength(5);
});

test("a budget without a window has nothing to draw", () => {
  expect(planOf({ ...budget, window: "run", window_start: null, window_end: null }, now)).toBeNull();
});

test.each([
  [445, 100],
  [10, 5],
  [0.7, 0.2],
  [0, 1],
])("ticks up to %d step by %d", (top, step) => {
  expect(niceStep(top)).toBeCloseTo(step);
});
