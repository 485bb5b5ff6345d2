import { resolveByItself } from "../alerts";
import { notify } from "../notifications";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import { alertOverMessage } from "./messages";
import { wrong } from "./named";
import type { ChangeIncident, IncidentStatus } from "./schema";
import { stoppedOf } from "./stopped";
import * as store from "./store";

const NEXT: Record<IncidentStatus, readonly IncidentStatus[]> = {
  open: ["mitigated", "resolved"],
  mitigated: ["open", "resolved"],
  resolved: ["open"],
  closed: [],
};

/** When it was stopped, by the records; now, where they do not say. */
async function stoppedBy(tx: Sql, environmentId: string, row: store.IncidentRow, now: Date): Promise<Date> {
  const found = await store.evidence(tx, environmentId, row.incident_id);
  const at = stoppedOf(found, await store.switchesOver(tx, environmentId, found, row.started_at, now))?.at;
  return at && at > row.started_at && at < now ? at : now;
}

/** @throws Failure `conflict` where it cannot go there from where it stands */
export async function moved(
  tx: Sql,
  environmentId: string,
  row: store.IncidentRow,
  to: IncidentStatus | undefined,
  now: Date,
): Promise<store.Changes> {
  if (to === undefined || to === row.status) return {};
  if (!NEXT[row.status].includes(to))
    throw new Failure(
      "conflict",
      `It is ${row.status}: from there it becomes ${NEXT[row.status].join(" or ")}, not ${to}.`,
    );
  if (to === "open") return { status: to, stopped_at: null, resolved_at: null };
  const stopped_at = row.stopped_at ?? (await stoppedBy(tx, environmentId, row, now));
  return to === "mitigated" ? { status: to, stopped_at } : { status: to, stopped_at, resolved_at: now };
}

/** @throws Failure `invalid_input` where it would end before it began */
export function timed(row: store.IncidentRow, input: ChangeIncident, moved: store.Changes, now: Date): store.Changes {
  const changes: store.Changes = {};
  if (input.started_at !== undefined) {
    const at = new Date(input.started_at);
    if (at > row.detected_at)
      throw wrong("started_at", `It was found at ${row.detected_at.toISOString()}: it began before.`);
    changes.started_at = at;
  }
  if (input.stopped_at !== undefined)
    changes.stopped_at = input.stopped_at === null ? null : new Date(input.stopped_at);
  const started = changes.started_at ?? row.started_at;
  const stopped = changes.stopped_at === undefined ? (moved.stopped_at ?? row.stopped_at) : changes.stopped_at;
  if (stopped && stopped < started) throw wrong("stopped_at", "It was not stopped before it began.");
  if (stopped && stopped > now) throw wrong("stopped_at", "That has not come yet.");
  return changes;
}

/** What is over is over: the next firing is an alert of its own. */
export async function endAlerts(tx: Sql, ctx: Ctx, row: store.IncidentRow): Promise<number> {
  const by = store.author(ctx).name;
  let ended = 0;
  for (const alert of await store.alertsOf(tx, ctx.environmentId, row.incident_id)) {
    if (!(await resolveByItself(tx, ctx.environmentId, alert.alert_id, by, `${row.incident_id} is resolved`))) continue;
    ended++;
    if (alert.told) await notify(tx, alertOverMessage(ctx.environmentId, alert, row, by));
  }
  return ended;
}
