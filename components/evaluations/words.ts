import type { Fact, Side } from "@/lib/evaluations/schema";
import { compact, duration, money, percent } from "../kit/numbers";

export const NEEDS_OWNER = "It needs the role owner, policy_admin or admin";

/** A value in the unit of its fact. */
export function valueWords(unit: Fact["unit"], value: number | null): string {
  if (value === null) return "–";
  switch (unit) {
    case "share":
      return percent(value);
    case "usd":
      return money(value, { run: true });
    case "seconds":
      return duration(value);
    case "tokens":
      return compact(value);
    case "score":
      return value.toFixed(2);
    case "per 100 runs":
      return value.toFixed(1);
  }
}

/** "94.8 % to 96.1 %", where it is known. */
export const intervalWords = (unit: Fact["unit"], side: Side): string | null =>
  side.low === null || side.high === null || side.value === null
    ? null
    : `${valueWords(unit, side.low)} to ${valueWords(unit, side.high)}`;

const signed = (n: number, text: string) => `${n < 0 ? "−" : "+"}${text}`;
/** "+0.5 points", "−14 %", "+0.04". */
export function differenceWords(fact: Fact): string | null {
  const { difference, unit, baseline } = fact;
  if (difference === null) return null;
  const size = Math.abs(difference);
  switch (unit) {
    case "share":
      return signed(difference, `${(size * 100).toFixed(1)} points`);
    case "score":
      return signed(difference, size.toFixed(2));
    case "per 100 runs":
      return signed(difference, size.toFixed(1));
    case "usd":
    case "seconds":
    case "tokens":
      return baseline.value ? signed(difference, `${Math.round((size / baseline.value) * 100)} %`) : null;
  }
}

/** How often a step stands in the product: "0.961", "0.961²·¹" is not readable, so "0.961 ^ 2.1". */
export const factorWords = (success: number, perRun: number): string => {
  const p = success.toFixed(3);
  const times = Math.round(perRun * 10) / 10;
  return times === 1 ? p : `${p}^${times < 0.1 ? perRun.toFixed(2) : times}`;
};
