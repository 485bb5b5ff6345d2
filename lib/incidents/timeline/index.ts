import { read } from "../../platform/verb";
import { loaded } from "../reads";
import { incidentInput, type TimelineItem, type TimelineShape } from "../schema";
import { events, evidence, switchesOver } from "../store";
import * as past from "../store/timeline";
import { bounded } from "./bounded";
import * as say from "./say";

const MOST = 500;
/** A switch may be set before what counts as the beginning is seen. */
const BEFORE_MS = 60_000;

/** What happened, from the records: nobody types it but the notes. Newest last. @throws Failure `not_found` */
export const incidentTimeline = read("incident.timeline", {
  needs: "incidents.read",
  input: incidentInput,
  run: async ({ tx, ctx, input }): Promise<TimelineShape> => {
    const { environmentId } = ctx;
    const row = await loaded(tx, ctx, input.incident_id);
    const id = row.incident_id;
    const found = await evidence(tx.sql, environmentId, id);
    const ids = found.run_ids;
    const from = new Date(row.started_at.getTime() - BEFORE_MS);
    const all: TimelineItem[][] = await Promise.all([
      past.alerts(tx.sql, environmentId, id, MOST).then((r) => r.flatMap(say.ofAlert)),
      past.actions(tx.sql, environmentId, id, MOST).then((r) => r.map(say.ofAction)),
      switchesOver(tx.sql, environmentId, found, from, row.closed_at).then((r) => r.flatMap(say.ofSwitch)),
      past.runs(tx.sql, environmentId, ids, MOST).then((r) => r.flatMap(say.ofRun)),
      past.refused(tx.sql, environmentId, ids, MOST).then((r) => r.map(say.ofRefused)),
      past.approvals(tx.sql, environmentId, ids, MOST).then((r) => r.flatMap(say.ofApproval)),
      past.budgets(tx.sql, environmentId, ids, MOST).then((r) => r.map(say.ofBudget)),
      past.effects(tx.sql, environmentId, ids, MOST).then((r) => r.map(say.ofEffect)),
      events(tx.sql, environmentId, id, MOST).then((r) => r.map(say.ofEvent)),
    ]);
    const sorted = all.flat().sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    const { items, leftOff } = bounded(sorted, MOST);
    return { items, left_off: leftOff, next_cursor: null };
  },
});
