import { bound } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure, notFound } from "../platform/errors";
import { writeSql } from "../platform/verb";
import { noteInput } from "./schema";
import * as store from "./store";

/** The incident, held until the commit. @throws Failure `not_found` */
export async function held(tx: Sql, ctx: Ctx, incidentId: string): Promise<store.IncidentRow> {
  const row = await store.incident(tx, ctx.environmentId, incidentId, true);
  if (!row || !bound(ctx, row.agent_id, null)) throw notFound("incident");
  return row;
}
/** @throws Failure `not_found` | `conflict` (closed) */
export async function heldOpen(tx: Sql, ctx: Ctx, incidentId: string): Promise<store.IncidentRow> {
  const row = await held(tx, ctx, incidentId);
  if (row.status === "closed")
    throw new Failure("conflict", `${incidentId} is closed, by ${row.closed_by ?? "somebody"}: what it says stands.`);
  return row;
}

/** What a person saw, at the time they say it; also after it was closed. @throws Failure `not_found` */
export const noteIncident = writeSql("incident.note", {
  needs: "incidents.write",
  input: noteInput,
  run: async ({ tx, ctx, input }) => {
    const row = await held(tx, ctx, input.incident_id);
    const at = await store.addEvent(tx, ctx, row.incident_id, "note", input.text);
    return {
      value: { incident_id: row.incident_id, at: at.toISOString() },
      audit: {
        target: { type: "incident", id: row.incident_id },
        summary: `noted on ${row.incident_id}`,
        after: { text: input.text },
      },
    };
  },
});
