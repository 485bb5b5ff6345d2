import {
  type BudgetScope,
  type BudgetShape,
  METRICS,
  type Metric,
  PROMISES,
  SUMS,
  WINDOWS,
  type Window,
} from "@/lib/budgets/schema";
import { duration, integer, money, percent } from "../kit/numbers";

export const METRIC_WORDS: Record<Metric, string> = {
  usd: "US dollars",
  tokens: "tokens",
  tool_calls: "tool calls",
  steps: "steps",
  seconds: "seconds",
  unique_calls: "unique calls",
  depth: "depth",
  children: "children",
  concurrent_runs: "concurrent runs",
  error_rate: "error rate",
  latency_p95_ms: "latency, 95th percentile",
};
export const SCOPE_WORDS: Record<BudgetScope, { label: string; each: string; which: string }> = {
  environment: { label: "Environment", each: "the environment", which: "" },
  tenant: { label: "Tenant", each: "each tenant", which: "Which tenant" },
  agent: { label: "Agent", each: "each agent", which: "Which agent" },
  task_type: { label: "Task type", each: "each task type", which: "Which task type" },
  tool: { label: "Tool", each: "each tool", which: "Which tool" },
  stage: { label: "Stage", each: "each stage", which: "Which stage" },
  run: { label: "Run", each: "every run", which: "Which run" },
};
export const WINDOW_WORDS: Record<Window, string> = {
  run: "per run",
  hour: "per hour",
  day: "per day",
  month: "per month",
};
export const SOFT_WORDS = {
  alert: "an alert is raised",
  downgrade: "the smaller model of the policy is used",
  safe_mode: "its agents go into safe mode",
} as const;

const has = (list: readonly string[], metric: Metric): boolean => list.includes(metric);
/** A sum is held before it is spent; other measures have nothing outstanding. */
export const isSum = (metric: Metric): boolean => has(SUMS, metric);
export const isPromise = (metric: Metric): boolean => has(PROMISES, metric);

export function amountWords(metric: Metric, n: number): string {
  switch (metric) {
    case "usd":
      return n === 0 ? "$0" : money(n);
    case "seconds":
      return duration(n);
    case "error_rate":
      return percent(n);
    case "latency_p95_ms":
      return n >= 1000 ? duration(n / 1000, "prose") : `${integer(n)} ms`;
    default:
      return integer(n);
  }
}

/** "support-eu", "triage-bot", "every run". */
export const nameOf = (b: Pick<BudgetShape, "scope">, environment: string): string =>
  b.scope.kind === "environment" ? environment : (b.scope.key ?? SCOPE_WORDS[b.scope.kind].each);

/** "US dollars, per day"; concurrent runs have no window. */
export const measureOf = (b: Pick<BudgetShape, "metric" | "window">): string =>
  b.metric === "concurrent_runs" ? METRIC_WORDS[b.metric] : `${METRIC_WORDS[b.metric]}, ${WINDOW_WORDS[b.window]}`;

export const usedOf = (b: BudgetShape): number => b.usage.spent + b.usage.unsettled + b.usage.held;

const NEAR = 0.8;
export const isReached = (b: BudgetShape): boolean => b.reached === "hard";
/** Its soft limit is passed, or four fifths are gone. */
export const isNear = (b: BudgetShape): boolean =>
  b.reached === "soft" || (b.reached === "none" && b.amount > 0 && usedOf(b) >= NEAR * b.amount);

/** How a run ends, or what is refused, when the cap is reached. */
export function hardWords(metric: Metric): { text: string; code?: string } {
  switch (metric) {
    case "usd":
      return { text: "runs end with", code: "cost_budget" };
    case "tokens":
      return { text: "runs end with", code: "token_budget" };
    case "steps":
      return { text: "runs end with", code: "step_budget" };
    case "tool_calls":
    case "unique_calls":
      return { text: "runs end with", code: "tool_budget" };
    case "seconds":
      return { text: "runs end with", code: "time_budget" };
    case "concurrent_runs":
    case "depth":
    case "children":
      return { text: "no further run is opened" };
    case "error_rate":
    case "latency_p95_ms":
      return { text: "the promise is not kept; nothing is refused" };
  }
}

/** Which measures a scope can have, and over which windows; the server says the same with a 422. */
export function metricsOf(kind: BudgetScope): Metric[] {
  return METRICS.filter((metric) => {
    if (isPromise(metric)) return kind === "task_type";
    if (kind === "stage") return metric === "usd" || metric === "tokens";
    if (metric === "concurrent_runs") return kind !== "run" && kind !== "tool";
    return !(kind === "tool" && metric === "steps");
  });
}
const RUN_ONLY: readonly Metric[] = ["seconds", "unique_calls", "depth", "children", "concurrent_runs"];
export function windowsOf(kind: BudgetScope, metric: Metric): Window[] {
  if (isPromise(metric)) return WINDOWS.filter((window) => window !== "run");
  return RUN_ONLY.includes(metric) || kind === "stage" || kind === "run" ? ["run"] : [...WINDOWS];
}

/** "17:13" today, "24 Nov 17:13" later. */
export function whenWords(at: string, now: number): string {
  const day = new Date(at);
  const time = day.toISOString().slice(11, 16);
  if (day.toISOString().slice(0, 10) === new Date(now).toISOString().slice(0, 10)) return time;
  return `${day.getUTCDate()} ${day.toLocaleString("en-US", { month: "short", timeZone: "UTC" })} ${time}`;
}

const SOON_MS = 2 * 3_600_000;
const THIS: Record<Window, string> = { run: "–", hour: "not this hour", day: "not today", month: "not this month" };
/** When it will be spent at the pace of the last hour. */
export function forecastWords(b: BudgetShape, now: number): { text: string; soon: boolean; calm: boolean } {
  if (!b.forecast) return { text: "–", soon: false, calm: true };
  const { soft_at, hard_at } = b.forecast;
  const parts = [
    soft_at && b.reached === "none" ? `soft ${whenWords(soft_at, now)}` : null,
    hard_at ? `hard ${whenWords(hard_at, now)}` : null,
  ];
  const text = parts.filter(Boolean).join(", ");
  if (!text) return { text: THIS[b.window], soon: false, calm: true };
  const first = b.reached === "none" && soft_at ? soft_at : hard_at;
  return { text, soon: first !== null && Date.parse(first) - now < SOON_MS, calm: false };
}
