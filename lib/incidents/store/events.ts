import type { Ctx } from "../../platform/ctx";
import type { Sql } from "../../platform/db/pool";

export type EventKind =
  | "opened"
  | "note"
  | "alert"
  | "runs"
  | "status"
  | "severity"
  | "commander"
  | "times"
  | "effect"
  | "wrote"
  | "closed";
export type IncidentEvent = { at: Date; kind: EventKind; says: string; path: string | null; by_name: string };

export const author = ({ actor }: Ctx): { id: string; name: string } =>
  actor.type === "key" ? { id: actor.personId, name: actor.personName } : { id: actor.id, name: actor.name };

export async function addEvent(
  tx: Sql,
  ctx: Ctx,
  incidentId: string,
  kind: EventKind,
  says: string,
  path: string | null = null,
): Promise<Date> {
  const by = author(ctx);
  const { rows } = await tx.query<{ at: Date }>(
    `insert into incident_events (environment_id, incident_id, kind, says, path, by_id, by_name) values ($1, $2, $3, $4, $5, $6, $7) returning at`,
    [ctx.environmentId, incidentId, kind, says, path, by.id, by.name],
  );
  return rows[0]?.at ?? new Date();
}
export async function events(
  tx: Sql,
  environmentId: string,
  incidentId: string,
  limit: number,
): Promise<IncidentEvent[]> {
  const { rows } = await tx.query<IncidentEvent>(
    `select at, kind, says, path, by_name from incident_events where environment_id = $1 and incident_id = $2 order by at, event_id limit $3`,
    [environmentId, incidentId, limit],
  );
  return rows;
}
