import type { Sql } from "../../platform/db/pool";
import { dollars, micros } from "../../platform/fields";
import type { Change, FieldChange } from "../schema";
import type { Prediction } from "./entries";

export type RevisionRow = {
  revision: number;
  at: Date;
  byId: string;
  byName: string;
  change: Change;
  note: string | null;
  changed: FieldChange[];
};
export async function lastRevision(tx: Sql, environmentId: string, slug: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    "select coalesce(max(revision), 0)::int as n from failure_revisions where environment_id = $1 and slug = $2",
    [environmentId, slug],
  );
  return rows[0]?.n ?? 0;
}
export const addRevision = (
  tx: Sql,
  environmentId: string,
  slug: string,
  r: Omit<RevisionRow, "at"> & { entry: Record<string, unknown> },
) =>
  tx.query(
    `insert into failure_revisions (environment_id, slug, revision, by_id, by_name, change, note, changed, entry)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      environmentId,
      slug,
      r.revision,
      r.byId,
      r.byName,
      r.change,
      r.note,
      JSON.stringify(r.changed),
      JSON.stringify(r.entry),
    ],
  );
export async function revisions(
  tx: Sql,
  environmentId: string,
  slug: string,
  before: number | null,
  limit: number,
): Promise<RevisionRow[]> {
  const { rows } = await tx.query<RevisionRow>(
    `select revision, at, by_id as "byId", by_name as "byName", change, note, changed from failure_revisions
     where environment_id = $1 and slug = $2 and ($3::int is null or revision < $3) order by revision desc limit $4`,
    [environmentId, slug, before, limit],
  );
  return rows;
}

export type Actual = {
  slug: string;
  incidentId: string;
  at: Date;
  by: string;
  predicted: Prediction;
  ruleFired: boolean;
  minutes: number | null;
  costUsd: number | null;
  impact: string;
  changes: string;
};
/** Newest first; of one entry, or of all. */
export async function actuals(tx: Sql, environmentId: string, slug: string | null): Promise<Actual[]> {
  const { rows } = await tx.query<Omit<Actual, "costUsd"> & { costMicros: number | null }>(
    `select slug, incident_id as "incidentId", at, by_name as by, predicted, rule_fired as "ruleFired", minutes_early_or_late as minutes,
       cost_micros as "costMicros", impact, changes
     from failure_actuals where environment_id = $1 and ($2::text is null or slug = $2) order by at desc limit 5000`,
    [environmentId, slug],
  );
  return rows.map(({ costMicros, ...row }) => ({ ...row, costUsd: costMicros === null ? null : dollars(costMicros) }));
}
/** An incident is compared once; comparing it again corrects the row. */
export const putActual = (tx: Sql, environmentId: string, a: Omit<Actual, "at">) =>
  tx.query(
    `insert into failure_actuals (environment_id, slug, incident_id, by_name, predicted, rule_fired, minutes_early_or_late, cost_micros, impact, changes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (environment_id, slug, incident_id) do update set by_name = excluded.by_name, rule_fired = excluded.rule_fired,
       minutes_early_or_late = excluded.minutes_early_or_late, cost_micros = excluded.cost_micros, impact = excluded.impact, changes = excluded.changes`,
    [
      environmentId,
      a.slug,
      a.incidentId,
      a.by,
      JSON.stringify(a.predicted),
      a.ruleFired,
      a.minutes,
      a.costUsd === null ? null : micros(a.costUsd),
      a.impact,
      a.changes,
    ],
  );
