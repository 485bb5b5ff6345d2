import type { Sql } from "../../platform/db/pool";
import type { Mean, Quantile } from "../stats";
import { BY_PEOPLE, type Window } from "./calls";

// $1 environment, $2 agent, $3 from, $4 to, $5 versions. What decisions booked goes before what spans measured.
const RUNS = `
with all_runs as (
  select r.run_id, r.agent_version as version, r.stop_reason,
    coalesce(nullif(s.own_micros, 0), r.cost_micros) / 1e6 as usd,
    greatest(0, extract(epoch from r.ended_at - r.started_at) - r.waited_ms / 1000.0)::float8 as seconds,
    coalesce(nullif(s.own_input + s.own_output, 0), nullif(r.tokens_input + r.tokens_output, 0),
      (r.totals->'tokens'->>'input')::int8 + (r.totals->'tokens'->>'output')::int8, 0)::float8 as tokens
  from runs r left join run_spend s on s.environment_id = r.environment_id and s.run_id = r.run_id
  where r.environment_id = $1 and r.agent_id = $2 and r.started_at >= $3 and r.started_at < $4 and r.agent_version = any($5)),
ended as (select * from all_runs where stop_reason is not null and stop_reason not in ${BY_PEOPLE})`;

export type Counts = { version: string; runs: number; ended: number; success: number; alerted: number };
export async function counts(tx: Sql, environmentId: string, w: Window, versions: string[]): Promise<Counts[]> {
  const { rows } = await tx.query<Counts>(
    `${RUNS}, fired as (select distinct f.run_id from alert_runs f join alerts a using (environment_id, alert_id)
       where f.environment_id = $1 and f.agent_id = $2 and not a.historic and f.at >= $3)
     select version, count(*)::int as runs, (select count(*) from ended e where e.version = a.version)::int as ended,
       (select count(*) from ended e where e.version = a.version and e.stop_reason = 'success')::int as success,
       (select count(*) from ended e join fired f using (run_id) where e.version = a.version)::int as alerted
     from all_runs a group by version`,
    [environmentId, w.agentId, w.from, w.to, versions],
  );
  return rows;
}

const MEASURES = ["usd", "seconds", "tokens"] as const;
type Measure = (typeof MEASURES)[number];
export type Spread = { version: string; n: number } & Record<Measure, (number | null)[]>;
/** Median and 95th percentile, each with the values at the ranks that bound it with 95 % certainty. */
export async function spreads(tx: Sql, environmentId: string, w: Window, versions: string[]): Promise<Spread[]> {
  const at = (q: number, by: number) =>
    `least(1, greatest(0, ${q} + ${by} * ${1.96 * Math.sqrt(q * (1 - q))} / sqrt(c.n)))`;
  const ranks = [0.5, 0.95].flatMap((q) => [`${q}::float8`, at(q, -1), at(q, 1)]).join(", ");
  const { rows } = await tx.query<Spread>(
    `${RUNS}, c as (select version, count(*)::float8 as n from ended group by 1)
     select version, c.n::int as n, ${MEASURES.map((m) => `percentile_cont(array[${ranks}]) within group (order by ${m}) as ${m}`).join(", ")}
     from ended join c using (version) group by version, c.n`,
    [environmentId, w.agentId, w.from, w.to, versions],
  );
  return rows;
}
export const quantile = (s: Spread | undefined, measure: Measure, q: 0.5 | 0.95): Quantile => {
  const [value, low, high] = (s?.[measure] ?? []).slice(q === 0.5 ? 0 : 3);
  const n = s?.n ?? 0;
  // With fewer runs no two ranks hold it with 95 % certainty.
  const held = n >= (q === 0.5 ? 6 : 73);
  return { n, value: value ?? null, low: held ? (low ?? null) : null, high: held ? (high ?? null) : null };
};

export type ScoreRow = Mean & { version: string; name: string };
/** Scores by name, one value a run. */
export async function scores(tx: Sql, environmentId: string, w: Window, versions: string[]): Promise<ScoreRow[]> {
  const { rows } = await tx.query<ScoreRow>(
    `with per as (select agent_version as version, name, run_id, avg(score) as score from evaluations
       where environment_id = $1 and agent_id = $2 and at >= $3 and at < $4 and agent_version = any($5) group by 1, 2, 3)
     select version, name, count(*)::int as n, avg(score) as value, stddev_samp(score) as sd from per group by 1, 2 order by 2, 1`,
    [environmentId, w.agentId, w.from, w.to, versions],
  );
  return rows;
}
