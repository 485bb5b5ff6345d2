import { dollars } from "../platform/fields";
import { read } from "../platform/verb";
import { type IncidentMetrics, metricsInput } from "./schema";
import * as store from "./store";

const rounded = (seconds: number | null): number | null => (seconds === null ? null : Math.round(seconds * 10) / 10);
const timesOf = (r: store.MetricsRow | undefined) => ({
  to_detect: {
    incidents: r?.detect_n ?? 0,
    median_s: rounded(r?.detect_median ?? null),
    p90_s: rounded(r?.detect_p90 ?? null),
  },
  to_stop: {
    incidents: r?.stop_n ?? 0,
    median_s: rounded(r?.stop_median ?? null),
    p90_s: rounded(r?.stop_p90 ?? null),
  },
  to_resolve: {
    incidents: r?.resolve_n ?? 0,
    median_s: rounded(r?.resolve_median ?? null),
    p90_s: rounded(r?.resolve_p90 ?? null),
  },
});

/** How long it takes to find, to stop and to resolve, by category; and how far predictions were off. @throws Failure `invalid_input` */
export const incidentMetrics = read("incident.metrics", {
  needs: "incidents.read",
  input: metricsInput,
  run: async ({ tx, ctx, input }): Promise<IncidentMetrics> => {
    const rows = await store.metrics(tx.sql, ctx.environmentId, input.days);
    const gaps = await store.gaps(tx.sql, ctx.environmentId, input.days);
    const whole = rows.find((r) => r.whole);
    return {
      days: input.days,
      incidents: whole?.incidents ?? 0,
      open: whole?.open ?? 0,
      recurrences: whole?.recurrences ?? 0,
      unnamed: whole?.unnamed ?? 0,
      ...timesOf(whole),
      categories: rows
        .filter((r) => !r.whole)
        .map((r) => ({ category: r.category, incidents: r.incidents, recurrences: r.recurrences, ...timesOf(r) })),
      gaps: gaps.map((g) => ({
        incident_id: g.incident_id,
        at: g.at.toISOString(),
        failure: g.failure,
        category: g.category,
        rule_fired: g.rule_fired,
        minutes_early_or_late: g.minutes,
        predicted_minutes: g.predicted.detect_minutes ?? null,
        predicted_cost_usd: g.predicted.cost_usd ?? null,
        cost_usd: g.cost_micros === null ? null : dollars(g.cost_micros),
      })),
    };
  },
});
