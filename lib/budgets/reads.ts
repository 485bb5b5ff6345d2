import type { Sql } from "../platform/db/pool";
import { notFound } from "../platform/errors";
import { read } from "../platform/verb";
import { SUM_OF, windowEnd, windowStart } from "./limits";
import { type BudgetDetailShape, type BudgetShape, nothing, PROMISES, slugInput } from "./schema";
import { plainShape, shown } from "./shape";
import * as store from "./store";

const HOUR = 3_600_000;
type SumMetric = "usd" | "tokens" | "tool_calls" | "steps";
const isSum = (metric: string): metric is SumMetric => metric in SUM_OF;
const isPromise = (metric: string): boolean => (PROMISES as readonly string[]).includes(metric);

/** What each key of the budget has used in its window now, most first. */
function usedBy(tx: Sql, environmentId: string, b: store.BudgetRow, start: number): Promise<store.Used[]> {
  const scope = { kind: b.scopeKind, key: b.scopeKey };
  if (isPromise(b.metric)) return store.promiseUse(tx, environmentId, b.scopeKey, b.metric, new Date(start));
  if (!isSum(b.metric)) return store.liveUse(tx, environmentId, scope, b.metric);
  if (b.window === "run") return store.runUse(tx, environmentId, scope, b.metric);
  return store.windowUse(tx, environmentId, b.scopeKind, b.scopeKey, b.metric, new Date(start));
}

/** When the soft and hard limits come at the pace of the last full hour and this one; null where nothing is used. */
function forecastOf(
  b: store.BudgetRow,
  used: number,
  perHour: number,
  now: number,
  end: number,
): BudgetShape["forecast"] {
  if (perHour <= 0) return { soft_at: null, hard_at: null, per_hour: 0 };
  const at = (amount: number): string | null => {
    if (used >= amount) return null;
    const when = now + ((amount - used) / perHour) * HOUR;
    return when < end ? new Date(when).toISOString() : null;
  };
  return {
    soft_at: b.softAt === null ? null : at(b.amount * b.softAt),
    hard_at: at(b.amount),
    per_hour: shown(b.metric, perHour),
  };
}

async function shapeOf(
  tx: Sql,
  environmentId: string,
  b: store.BudgetRow,
  now: number,
): Promise<BudgetShape & { key: string }> {
  const windowed = b.window !== "run";
  const start = windowStart(b.window, now);
  const end = windowEnd(b.window, start);
  const scale = isPromise(b.metric) && b.metric === "error_rate" ? 1e6 : 1;
  const [worst = { key: b.scopeKey, spent: 0, held: 0, unsettled: 0 }] = await usedBy(tx, environmentId, b, start);
  const used = (worst.spent + worst.held + worst.unsettled) * scale;
  let forecast: BudgetShape["forecast"] = null;
  if (windowed && isSum(b.metric)) {
    const since = Math.max(start, now - HOUR - (now % HOUR));
    const recent = await store.series(
      tx,
      environmentId,
      b.scopeKind,
      worst.key,
      b.metric,
      new Date(since),
      new Date(now),
    );
    const hours = Math.max(0.25, (now - since) / HOUR);
    forecast = forecastOf(b, used, recent.reduce((sum, p) => sum + p.value, 0) / hours, now, end);
  }
  const soft = b.softAt !== null && used >= b.amount * b.softAt;
  return {
    ...plainShape(b),
    usage: {
      spent: shown(b.metric, worst.spent * scale),
      held: shown(b.metric, worst.held),
      unsettled: shown(b.metric, worst.unsettled),
    },
    worst: worst.key === "" || worst.key === b.scopeKey ? null : worst.key,
    window_start: windowed ? new Date(start).toISOString() : null,
    window_end: windowed ? new Date(end).toISOString() : null,
    forecast,
    reached: used >= b.amount ? "hard" : soft ? "soft" : "none",
    key: worst.key,
  };
}

export const listBudgets = read("budget.list", {
  needs: "budgets.read",
  input: nothing,
  run: async ({ tx, ctx }) => {
    const now = ctx.now().getTime();
    const rows = await store.budgetsOf(tx.sql, ctx.environmentId);
    const items = await Promise.all(rows.map((b) => shapeOf(tx.sql, ctx.environmentId, b, now)));
    const run = await store.worstRun(tx.sql, ctx.environmentId);
    return {
      items: items.map(({ key: _, ...b }) => b),
      next_cursor: null,
      run_caps: {
        live: run.live,
        worst:
          run.run_id === null
            ? null
            : {
                run_id: run.run_id,
                agent_id: run.agent_id ?? "",
                spent_usd: run.spent / 1e6,
                held_usd: run.held / 1e6,
                unsettled_usd: run.unsettled / 1e6,
              },
      },
    };
  },
});

const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const mid = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? (sorted[mid] ?? 0) : ((sorted[mid - 1] ?? 0) + (sorted[mid] ?? 0)) / 2;
};

/** Cumulative, one point an hour. */
const climbing = (hours: number[], start: number, metric: string) => {
  let sum = 0;
  return hours.map((value, n) => {
    sum += value;
    return { at: new Date(start + (n + 1) * HOUR).toISOString(), value: shown(metric, sum) };
  });
};

/** @throws Failure `not_found` */
export const getBudget = read("budget.get", {
  needs: "budgets.read",
  input: slugInput,
  run: async ({ tx, ctx, input }): Promise<BudgetDetailShape> => {
    const row = await store.budget(tx.sql, ctx.environmentId, input.slug);
    if (!row) throw notFound("budget");
    const now = ctx.now().getTime();
    const { key, ...shape } = await shapeOf(tx.sql, ctx.environmentId, row, now);
    const [holds, events] = await Promise.all([
      store.holdsOf(tx.sql, ctx.environmentId, row.scopeKind, row.scopeKey),
      store.eventsOf(tx.sql, ctx.environmentId, `budget ${row.slug}`),
    ]);
    const lines =
      row.window === "run" || !isSum(row.metric)
        ? { series: [], usual: [] }
        : await chart(tx.sql, ctx.environmentId, row, key, now);
    return {
      ...shape,
      ...lines,
      holds: holds.map((h) => ({
        decision_id: h.decision_id,
        run_id: h.run_id,
        what: h.what,
        state: h.state,
        amount: row.metric === "tokens" ? h.tokens : row.metric === "usd" ? h.micros / 1e6 : 1,
        expires_at: h.expires_at.toISOString(),
      })),
      events: events.map((e) => ({ ...e, at: e.at.toISOString(), value: shown(row.metric, e.value) })),
    };
  },
});

async function chart(tx: Sql, environmentId: string, row: store.BudgetRow, key: string, now: number) {
  const start = windowStart(row.window, now);
  const length = windowEnd(row.window, start) - start;
  const hours = Math.ceil(length / HOUR);
  const metric = row.metric as SumMetric;
  const from = start - 4 * 7 * 24 * HOUR;
  const points = await store.series(tx, environmentId, row.scopeKind, key, metric, new Date(from), new Date(now));
  const at = new Map(points.map((p) => [p.at.getTime(), p.value]));
  const past = Math.ceil((now - start) / HOUR);
  const series = Array.from({ length: past }, (_, n) => at.get(start + n * HOUR) ?? 0);
  // The same hours of the same weekday, four weeks back: what is usual.
  const usual = Array.from({ length: hours }, (_, n) =>
    median([1, 2, 3, 4].map((week) => at.get(start + n * HOUR - week * 7 * 24 * HOUR) ?? 0)),
  );
  const begun = points[0]?.at.getTime() ?? now;
  return {
    series: climbing(series, start, metric),
    usual: start - begun < 7 * 24 * HOUR ? [] : climbing(usual, start, metric),
  };
}
