import type { Sql } from "../../platform/db/pool";
import type { IncidentRow } from "./incidents";

/** Whoever opens one waits here: numbers follow one another, and no two open what is one. */
export const lock = (tx: Sql, environmentId: string) =>
  tx.query(
    `insert into incident_heads as h (environment_id) values ($1) on conflict (environment_id) do update set last = h.last`,
    [environmentId],
  );
async function nextNumber(tx: Sql, environmentId: string): Promise<number> {
  const { rows } = await tx.query<{ last: number }>(
    "update incident_heads set last = last + 1 where environment_id = $1 returning last",
    [environmentId],
  );
  return rows[0]?.last ?? 1;
}

export type NewIncident = Pick<
  IncidentRow,
  "title" | "severity" | "category" | "failure" | "agent_id" | "commander_id" | "from_alert" | "opened_by"
> & { startedAt: Date; detectedAt: Date; recurrenceOf: string | null; unnamed: boolean };
/** @returns its id. The head is locked already. */
export async function insertIncident(tx: Sql, environmentId: string, n: NewIncident): Promise<string> {
  const number = await nextNumber(tx, environmentId);
  const id = `INC-${number}`;
  await tx.query(
    `insert into incidents (environment_id, incident_id, number, title, severity, category, failure, agent_id, commander_id, commander_since,
       from_alert, opened_by, opened_at, started_at, detected_at, recurrence_of, unnamed, updated_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when $9::text is null then null else clock_timestamp() end, $10, $11, clock_timestamp(),
       $12, $13, $14, $15, $11)`,
    [
      environmentId,
      id,
      number,
      n.title,
      n.severity,
      n.category,
      n.failure,
      n.agent_id,
      n.commander_id,
      n.from_alert,
      n.opened_by,
      n.startedAt,
      n.detectedAt,
      n.recurrenceOf,
      n.unnamed,
    ],
  );
  return id;
}

const JSON_COLUMNS = new Set(["actual", "policy_change", "rule_change", "regression_case"]);
export type Changes = Partial<
  Pick<
    IncidentRow,
    | "title"
    | "severity"
    | "status"
    | "category"
    | "failure"
    | "agent_id"
    | "commander_id"
    | "commander_since"
    | "started_at"
    | "detected_at"
    | "stopped_at"
    | "resolved_at"
    | "closed_at"
    | "closed_by"
    | "recurrence_of"
    | "unnamed"
    | "what_happened"
    | "root_cause"
    | "what_helped"
    | "what_hindered"
    | "actual"
    | "policy_change"
    | "rule_change"
    | "regression_case"
  >
>;
/** @returns false where somebody else has written since, or it is closed */
export async function updateIncident(
  tx: Sql,
  environmentId: string,
  seen: Pick<IncidentRow, "incident_id" | "revision">,
  by: string,
  changes: Changes,
): Promise<boolean> {
  const set = Object.entries(changes).map(
    ([column, value], n) =>
      [`"${column}" = $${n + 5}`, JSON_COLUMNS.has(column) && value !== null ? JSON.stringify(value) : value] as const,
  );
  const { rowCount } = await tx.query(
    `update incidents set revision = revision + 1, updated_by = $4, updated_at = clock_timestamp()${set.map(([s]) => `, ${s}`).join("")}
     where environment_id = $1 and incident_id = $2 and revision = $3 and status <> 'closed'`,
    [environmentId, seen.incident_id, seen.revision, by, ...set.map(([, v]) => v)],
  );
  return rowCount === 1;
}

/** What fails inside is undone alone; the rest of the transaction stands. */
export async function attempt<T>(tx: Sql, work: () => Promise<T>): Promise<T> {
  await tx.query("savepoint attempt");
  try {
    const value = await work();
    await tx.query("release savepoint attempt");
    return value;
  } catch (err) {
    await tx.query("rollback to savepoint attempt");
    throw err;
  }
}

export async function now(tx: Sql): Promise<Date> {
  const { rows } = await tx.query<{ now: Date }>("select clock_timestamp() as now");
  return rows[0]?.now ?? new Date();
}
