import { expect, test } from "vitest";
import { axisWords, placeOf, ticksOf } from "./backtest-model";

const curve = [1, 3, 8].map((threshold) => ({ threshold, fired: 0, fired_on_success: 0 }));

test("a threshold stands at the point whose answer it shares", () => {
  expect([0, 1, 2, 3, 7.9, 8, 99].map((t) => placeOf(curve, t))).toEqual([0, 0, 0, 1, 1, 2, 2]);
  expect(placeOf([], 4)).toBe(0);
});

test("ticks are whole, few, and reach the top", () => {
  expect(ticksOf(0)).toEqual([0, 1]);
  expect(ticksOf(2)).toEqual([0, 1, 2]);
  expect(ticksOf(11)).toEqual([0, 5, 10, 15]);
  expect(ticksOf(240)).toEqual([0, 100, 200, 300]);
});

test("thresholds are short", () => {
  expect([0.5, 3, 9_999, 12_000, 1_250_000].map(axisWords)).toEqual(["0.5", "3", "9999", "12k", "1.25M"]);
});
