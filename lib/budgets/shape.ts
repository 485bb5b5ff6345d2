import type { BudgetShape } from "./schema";
import type { BudgetRow } from "./store";

/** As people write it: US dollars and shares as decimals. */
export const shown = (metric: string, value: number): number =>
  metric === "usd" || metric === "error_rate" ? value / 1e6 : value;

type Plain = Omit<BudgetShape, "usage" | "worst" | "window_start" | "window_end" | "forecast" | "reached">;
export const plainShape = (b: BudgetRow): Plain => ({
  slug: b.slug,
  scope: { kind: b.scopeKind, key: b.scopeKey || null },
  metric: b.metric,
  window: b.window,
  amount: shown(b.metric, b.amount),
  soft: b.softAt === null ? null : { at: b.softAt, then: b.softThen },
  hard: b.hard,
  note: b.note,
  revision: b.revision,
  updated_by: b.updatedBy,
  updated_at: b.updatedAt.toISOString(),
});
