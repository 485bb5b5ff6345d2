import type { Fact, Side, Verdict } from "./schema";

const Z = 1.96;
/** Below this many runs of either version nothing is said. */
export const FEW = 30;
const FEW_P95 = 100;
/** Of a share: so often both versions together must have seen the rarer of the two outcomes. */
const RARE = 5;
/** An interval of a share that is wider than this could hide five points either way. */
const WIDE_SHARE = 0.1;
const WIDE_SCORE = 0.1;
/** The same for medians, against the baseline's value. */
const WIDE_RATIO = 0.5;

export type Interval = { low: number; high: number };

/** Wilson's 95 % interval of a share; it stays between 0 and 1 and holds for few. */
export function wilson(hits: number, n: number): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const p = hits / n;
  const mid = (p + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n))) / (1 + (Z * Z) / n);
  return { low: Math.max(0, mid - half), high: Math.min(1, mid + half) };
}

type Share = { hits: number; n: number };
/** Newcombe's 95 % interval of canary less baseline, made of both Wilson intervals. */
export function newcombe(baseline: Share, canary: Share): Interval {
  const [pb, pc] = [baseline.hits / baseline.n, canary.hits / canary.n];
  const [b, c] = [wilson(baseline.hits, baseline.n), wilson(canary.hits, canary.n)];
  const d = pc - pb;
  return { low: d - Math.hypot(pc - c.low, b.high - pb), high: d + Math.hypot(c.high - pc, pb - b.low) };
}

type About = Pick<Fact, "key" | "label" | "unit" | "better">;
const none: Side = { n: 0, value: null, low: null, high: null };

/** Two-sided: an interval of the difference beside zero says which; one around zero says nothing, if it is narrow enough. */
function verdictOf(between: Interval, wide: number, better: Fact["better"]): Verdict {
  if (between.low > 0 || between.high < 0) return between.low > 0 === (better === "higher") ? "better" : "worse";
  return between.high - between.low > wide ? "too few to say" : "no difference seen";
}
const differenceOf = (baseline: Side, canary: Side) =>
  baseline.value === null || canary.value === null ? null : canary.value - baseline.value;

/** A share of runs. `per` 100 where it is told as so many in a hundred. */
export function shareFact(about: About, baseline: Share, canary: Share, per = 1): Fact {
  const side = ({ hits, n }: Share): Side => {
    if (n === 0) return none;
    const { low, high } = wilson(hits, n);
    return { n, value: (hits / n) * per, low: low * per, high: high * per };
  };
  const [hits, n] = [baseline.hits + canary.hits, baseline.n + canary.n];
  const few = Math.min(baseline.n, canary.n) < FEW || Math.min(hits, n - hits) < RARE;
  const [b, c] = [side(baseline), side(canary)];
  return {
    ...about,
    baseline: b,
    canary: c,
    difference: differenceOf(b, c),
    verdict: few ? "too few to say" : verdictOf(newcombe(baseline, canary), WIDE_SHARE, about.better),
    rule: `Better or worse where the 95 % interval of the difference (Newcombe) leaves out zero; no difference seen where it holds zero and is at most 10 points wide; else, under ${FEW} runs of either version, and where the rarer outcome was seen fewer than ${RARE} times in both together, too few to say.`,
  };
}

export type Quantile = { n: number; value: number | null; low: number | null; high: number | null };
/** A median or 95th percentile with its interval by rank. */
export function quantileFact(about: About, q: 0.5 | 0.95, baseline: Quantile, canary: Quantile): Fact {
  const least = q === 0.5 ? FEW : FEW_P95;
  return {
    ...about,
    baseline,
    canary,
    difference: differenceOf(baseline, canary),
    verdict: quantileVerdict(least, baseline, canary, about.better),
    rule: `Better or worse where the 95 % intervals by rank do not meet; no difference seen where they do and the canary's is at most half the baseline's value wide; else, and under ${least} runs of either version, too few to say.`,
  };
}
function quantileVerdict(least: number, b: Quantile, c: Quantile, better: Fact["better"]): Verdict {
  if (Math.min(b.n, c.n) < least || b.low === null || b.high === null || c.low === null || c.high === null)
    return "too few to say";
  if (c.low > b.high) return better === "higher" ? "better" : "worse";
  if (c.high < b.low) return better === "higher" ? "worse" : "better";
  const wide = c.high - c.low > WIDE_RATIO * Math.abs(b.value ?? 0) && c.high > c.low;
  return wide ? "too few to say" : "no difference seen";
}

/** A mean over runs and its spread. */
export type Mean = { n: number; value: number | null; sd: number | null };
/** Where all are alike the spread says nothing: then by the rule of three. */
const errorOf = ({ n, sd }: Mean): number | null =>
  sd === null || n < 2 ? null : Math.max(sd / Math.sqrt(n), 1.5 / n);

export function scoreFact(about: About, baseline: Mean, canary: Mean): Fact {
  const side = (mean: Mean): Side => {
    const { n, value } = mean;
    const error = errorOf(mean);
    if (value === null) return none;
    if (error === null) return { n, value, low: null, high: null };
    return { n, value, low: Math.max(0, value - Z * error), high: Math.min(1, value + Z * error) };
  };
  const [b, c] = [side(baseline), side(canary)];
  const difference = differenceOf(b, c);
  const few = Math.min(b.n, c.n) < FEW || difference === null;
  const half = Z * Math.hypot(errorOf(baseline) ?? 1, errorOf(canary) ?? 1);
  const between = { low: (difference ?? 0) - half, high: (difference ?? 0) + half };
  return {
    ...about,
    baseline: b,
    canary: c,
    difference,
    verdict: few ? "too few to say" : verdictOf(between, WIDE_SCORE, about.better),
    rule: `Means over runs, not over single scores. Better or worse where the 95 % interval of the difference leaves out zero; no difference seen where it holds zero and is at most 0.1 wide; else, and under ${FEW} runs of either version, too few to say.`,
  };
}

type Calls = { runs: number; with_failure: number; calls: number; failed: number };
/** Calls of one run fail together: the rate is of calls, the verdict of runs. */
export function callFact(about: About, baseline: Calls, canary: Calls): Fact {
  const of = (c: Calls): Share => ({ hits: c.with_failure, n: c.runs });
  const judged = shareFact(about, of(baseline), of(canary));
  const side = (c: Calls): Side => ({
    n: c.runs,
    value: c.calls > 0 ? c.failed / c.calls : null,
    low: null,
    high: null,
  });
  const [b, c] = [side(baseline), side(canary)];
  const rule = `Judged by the share of runs with a failed call. ${judged.rule}`;
  return { ...about, baseline: b, canary: c, difference: differenceOf(b, c), verdict: judged.verdict, rule };
}
