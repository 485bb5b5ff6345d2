import type { Sql } from "../../platform/db/pool";

const spread = (name: string, from: string, to: string) => {
  const seconds = `greatest(0, extract(epoch from ${to} - ${from}))`;
  return `count(${to})::int as ${name}_n, percentile_cont(0.5) within group (order by ${seconds}) filter (where ${to} is not null) as ${name}_median,
    percentile_cont(0.9) within group (order by ${seconds}) filter (where ${to} is not null) as ${name}_p90`;
};
type Times<N extends string> = { [K in `${N}_n`]: number } & { [K in `${N}_median` | `${N}_p90`]: number | null };
export type MetricsRow = Times<"detect"> &
  Times<"stop"> &
  Times<"resolve"> & {
    whole: boolean;
    category: string | null;
    incidents: number;
    open: number;
    recurrences: number;
    unnamed: number;
  };
/** All together, and each category by itself. Times count from the first evidence. */
export async function metrics(tx: Sql, environmentId: string, days: number): Promise<MetricsRow[]> {
  const { rows } = await tx.query<MetricsRow>(
    `select grouping(category) = 1 as whole, category, count(*)::int as incidents, count(*) filter (where status in ('open', 'mitigated'))::int as open,
       count(*) filter (where recurrence_of is not null)::int as recurrences, count(*) filter (where unnamed)::int as unnamed,
       ${spread("detect", "started_at", "detected_at")}, ${spread("stop", "started_at", "stopped_at")}, ${spread("resolve", "started_at", "resolved_at")}
     from incidents where environment_id = $1 and opened_at > now() - make_interval(days => $2)
     group by grouping sets ((), (category)) order by whole desc, incidents desc, category`,
    [environmentId, days],
  );
  return rows;
}

export type GapRow = {
  incident_id: string;
  at: Date;
  failure: string;
  category: string | null;
  rule_fired: boolean;
  minutes: number | null;
  predicted: { detect_minutes?: number | null; cost_usd?: number | null };
  cost_micros: number | null;
};
export async function gaps(tx: Sql, environmentId: string, days: number): Promise<GapRow[]> {
  const { rows } = await tx.query<GapRow>(
    `select a.incident_id, a.at, a.slug as failure, i.category, a.rule_fired, a.minutes_early_or_late as minutes, a.predicted, a.cost_micros
     from failure_actuals a left join incidents i on i.environment_id = a.environment_id and i.incident_id = a.incident_id
     where a.environment_id = $1 and a.at > now() - make_interval(days => $2) order by a.at limit 1000`,
    [environmentId, days],
  );
  return rows;
}

/** What was predicted as it stood when the incident was compared. */
export async function predictedThen(
  tx: Sql,
  environmentId: string,
  slug: string,
  incidentId: string,
): Promise<Record<string, unknown> | null> {
  const { rows } = await tx.query<{ predicted: Record<string, unknown> }>(
    "select predicted from failure_actuals where environment_id = $1 and slug = $2 and incident_id = $3",
    [environmentId, slug, incidentId],
  );
  return rows[0]?.predicted ?? null;
}
