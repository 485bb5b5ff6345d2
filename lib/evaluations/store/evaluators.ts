import type { Sql } from "../../platform/db/pool";
import type { EvaluatorShape, PutEvaluator } from "../shapes/evaluator";

type Row = Omit<EvaluatorShape, "updated_at" | "last_asked_at"> & { updated_at: Date; last_asked_at: Date | null };
const COLUMNS = `e.slug, e.url, e.agent_ids, e.task_types, e.sample, e.timeout_s, e.enabled, e.note, e.revision, e.updated_by, e.updated_at,
  (select max(r.at) from evaluator_runs r where r.environment_id = e.environment_id and r.evaluator = e.slug and r.attempts > 0) as last_asked_at,
  (select count(*)::int from evaluator_runs r where r.environment_id = e.environment_id and r.evaluator = e.slug and r.state = 'scored' and r.at > now() - interval '1 day') as scored_24h,
  (select count(*)::int from evaluator_runs r where r.environment_id = e.environment_id and r.evaluator = e.slug and r.state = 'failed' and r.at > now() - interval '1 day') as failed_24h,
  (select r.detail from evaluator_runs r where r.environment_id = e.environment_id and r.evaluator = e.slug and r.detail is not null order by r.at desc limit 1) as last_error`;
const shape = (row: Row): EvaluatorShape => ({
  ...row,
  updated_at: row.updated_at.toISOString(),
  last_asked_at: row.last_asked_at?.toISOString() ?? null,
});

export async function evaluators(tx: Sql, environmentId: string): Promise<EvaluatorShape[]> {
  const { rows } = await tx.query<Row>(`select ${COLUMNS} from evaluators e where environment_id = $1 order by slug`, [
    environmentId,
  ]);
  return rows.map(shape);
}
export async function evaluator(tx: Sql, environmentId: string, slug: string): Promise<EvaluatorShape | null> {
  const { rows } = await tx.query<Row>(`select ${COLUMNS} from evaluators e where environment_id = $1 and slug = $2`, [
    environmentId,
    slug,
  ]);
  return rows[0] ? shape(rows[0]) : null;
}
export const putEvaluator = (tx: Sql, environmentId: string, e: PutEvaluator, by: string) =>
  tx.query(
    `insert into evaluators (environment_id, slug, url, agent_ids, task_types, sample, timeout_s, enabled, note, updated_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (environment_id, slug) do update set url = excluded.url, agent_ids = excluded.agent_ids, task_types = excluded.task_types,
       sample = excluded.sample, timeout_s = excluded.timeout_s, enabled = excluded.enabled, note = excluded.note,
       updated_by = excluded.updated_by, updated_at = now(), revision = evaluators.revision + 1`,
    [environmentId, e.slug, e.url, e.agent_ids, e.task_types, e.sample, e.timeout_s, e.enabled, e.note ?? null, by],
  );
export async function deleteEvaluator(tx: Sql, environmentId: string, slug: string): Promise<boolean> {
  const { rowCount } = await tx.query("delete from evaluators where environment_id = $1 and slug = $2", [
    environmentId,
    slug,
  ]);
  return rowCount === 1;
}

export type Due = {
  environment_id: string;
  evaluator: string;
  url: string;
  timeout_s: number;
  run_id: string;
  attempts: number;
};
/**
 * Runs that ended within the hour and fit an evaluator are claimed for it, once; a share of them by a hash of their id, so
 * that the same run is always in or out. A claim that came to nothing is due again after its time.
 */
export async function claim(tx: Sql, limit: number): Promise<Due[]> {
  await tx.query(
    `insert into evaluator_runs (environment_id, evaluator, run_id, state, attempts, next_at)
     select e.environment_id, e.slug, r.run_id, 'asked', 0, now() - interval '1 second' from evaluators e join runs r on r.environment_id = e.environment_id
       and r.ended_at > now() - interval '1 hour' and r.created_at >= e.updated_at - interval '1 hour'
     where e.enabled and (cardinality(e.agent_ids) = 0 or r.agent_id like any(select replace(replace(replace(p, '\\', '\\\\'), '_', '\\_'), '*', '%') from unnest(e.agent_ids) p))
       and (cardinality(e.task_types) = 0 or r.task_type like any(select replace(replace(replace(p, '\\', '\\\\'), '_', '\\_'), '*', '%') from unnest(e.task_types) p))
       and (e.sample >= 1 or abs(hashtext(r.run_id)) % 10000 < e.sample * 10000)
       and not exists (select 1 from evaluator_runs x where x.environment_id = e.environment_id and x.evaluator = e.slug and x.run_id = r.run_id)
     limit 500 on conflict do nothing`,
  );
  const { rows } = await tx.query<Due>(
    `with due as (select environment_id, evaluator, run_id from evaluator_runs where state = 'asked' and next_at <= now()
       order by next_at limit $1 for update skip locked)
     update evaluator_runs x set attempts = x.attempts + 1, next_at = now() + make_interval(secs => 60 * (x.attempts + 1) + e.timeout_s)
     from due d join evaluators e on e.environment_id = d.environment_id and e.slug = d.evaluator
     where x.environment_id = d.environment_id and x.evaluator = d.evaluator and x.run_id = d.run_id
     returning x.environment_id, x.evaluator, e.url, e.timeout_s, x.run_id, x.attempts`,
    [limit],
  );
  return rows;
}
export const settle = (tx: Sql, d: Due, state: "asked" | "scored" | "failed", detail: string | null) =>
  tx.query(
    "update evaluator_runs set state = $4, detail = $5, at = now() where environment_id = $1 and evaluator = $2 and run_id = $3",
    [d.environment_id, d.evaluator, d.run_id, state, detail],
  );
export const forget = (tx: Sql) => tx.query("delete from evaluator_runs where at < now() - interval '30 days'");

/** A run as an evaluator gets it: what is stored of it, redacted as it is. */
export async function told(tx: Sql, environmentId: string, runId: string): Promise<Record<string, unknown> | null> {
  const run = await tx.query(
    `select run_id, agent_id, agent_version, task_type, tenant_id, goal, status, stop_reason, started_at, ended_at from runs
     where environment_id = $1 and run_id = $2`,
    [environmentId, runId],
  );
  if (!run.rows[0]) return null;
  const steps = await tx.query(
    `select span_id, kind, name, agent_id, tool, status, error_message as error, args_preview, result_preview, started_at from spans
     where environment_id = $1 and run_id = $2 and kind in ('model', 'tool', 'message', 'retriever') order by started_at, ordinal limit 300`,
    [environmentId, runId],
  );
  return { ...run.rows[0], steps: steps.rows };
}
