import type { Sql } from "../../platform/db/pool";
import type { DrillSchedule } from "../drills/shapes";

/** The next time that this hour of the day, UTC, begins. */
const NEXT = (hour: string) =>
  `(date_trunc('day', t) + make_interval(hours => ${hour}, days => case when extract(hour from t) < ${hour} then 0 else 1 end)) at time zone 'UTC'`;
const NOW = "(select clock_timestamp() at time zone 'UTC' as t) now";

export type Scheduled = { drill: DrillSchedule | null; next_at: Date | null };
export async function schedule(tx: Sql, environmentId: string): Promise<Scheduled> {
  const { rows } = await tx.query<Scheduled>(
    "select drill, drill_at as next_at from control_heads where environment_id = $1",
    [environmentId],
  );
  return rows[0] ?? { drill: null, next_at: null };
}

/** Where it is the same as before, the next drill stays when it is. */
export const putSchedule = (tx: Sql, environmentId: string, drill: DrillSchedule | null) =>
  tx.query(
    `update control_heads h set drill = $2::jsonb, drill_at = case when $2::jsonb is null then null
       when h.drill is not distinct from $2::jsonb then h.drill_at else ${NEXT("$3::int")} end
     from ${NOW} where h.environment_id = $1`,
    [environmentId, drill && JSON.stringify(drill), drill?.hour ?? 0],
  );

/** Environments whose drill is due. */
export async function drillsDue(tx: Sql): Promise<string[]> {
  const { rows } = await tx.query<{ environment_id: string }>(
    "select environment_id from control_heads where drill is not null and drill_at <= clock_timestamp()",
  );
  return rows.map((r) => r.environment_id);
}

/**
 * Takes what is due, once, however many ask. What is more than an hour late waits for its hour of the next day: it was
 * chosen because little is at work then. @returns null where nothing is due any more
 */
export async function takeDue(tx: Sql, environmentId: string): Promise<{ drill: DrillSchedule; late: boolean } | null> {
  const { rows } = await tx.query<{ drill: DrillSchedule; late: boolean }>(
    `with due as (
       select drill, drill_at, drill_at < clock_timestamp() - interval '1 hour' as late, (drill ->> 'hour')::int as hour
       from control_heads where environment_id = $1 and drill is not null and drill_at <= clock_timestamp() for no key update)
     update control_heads h set drill_at = case when due.late then ${NEXT("due.hour")}
       else due.drill_at + make_interval(hours => 24 * (due.drill ->> 'every_days')::int) end
     from due, ${NOW} where h.environment_id = $1 returning due.drill, due.late`,
    [environmentId],
  );
  return rows[0] ?? null;
}
