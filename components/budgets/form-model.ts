import type { BudgetScope, BudgetShape, Metric, SOFT_THEN, Window } from "@/lib/budgets/schema";
import type { BudgetBody } from "./use-save";

export type Values = {
  slug: string;
  kind: BudgetScope;
  key: string;
  metric: Metric;
  window: Window;
  amount: number | "";
  softPercent: number | "";
  softThen: (typeof SOFT_THEN)[number];
  hard: boolean;
  note: string;
};

export const NEW: Values = {
  slug: "",
  kind: "environment",
  key: "",
  metric: "usd",
  window: "day",
  amount: "",
  softPercent: 80,
  softThen: "alert",
  hard: true,
  note: "",
};

export const fromShape = (b: BudgetShape): Values => ({
  slug: b.slug,
  kind: b.scope.kind,
  key: b.scope.key ?? "",
  metric: b.metric,
  window: b.window,
  amount: b.amount,
  // 0.29 * 100 is not 29
  softPercent: b.soft ? Math.round(b.soft.at * 10_000) / 100 : "",
  softThen: b.soft?.then ?? "alert",
  hard: b.hard,
  note: b.note ?? "",
});

/** An amount that was left empty goes as it is: the schema says that it is missing. */
export const toBody = (v: Values): BudgetBody => ({
  scope: v.kind === "environment" || v.key.trim() === "" ? { kind: v.kind } : { kind: v.kind, key: v.key.trim() },
  metric: v.metric,
  window: v.window,
  amount: v.amount === "" ? Number.NaN : v.amount,
  hard: v.hard,
  ...(v.softPercent === "" ? {} : { soft: { at: v.softPercent / 100, then: v.softThen } }),
  ...(v.note.trim() ? { note: v.note.trim() } : {}),
});

/** "agent-triage-bot-usd-day": what it is, in the letters that a name may have. */
export function slugFor(v: Values): string {
  const parts = [v.kind, v.key, v.metric, v.metric === "concurrent_runs" ? "" : v.window];
  return parts
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-")
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
    .slice(0, 100);
}
