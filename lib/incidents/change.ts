import { notify } from "../notifications";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import { writeSql } from "../platform/verb";
import { attach, judged, worse } from "./begin";
import { commandMessage, raisedMessage, resolvedMessage } from "./messages";
import { endAlerts, moved, timed } from "./moves";
import { categoryIn, checkPolicyChange, checkRuleChange, commanderOf, entryOf, evidenceBy, wrong } from "./named";
import { heldOpen } from "./note";
import { type ChangeIncident, changeInput, POST_MORTEM } from "./schema";
import * as store from "./store";

/** Which entry it is decides its category; whether that is news is judged again. */
async function classed(
  tx: Sql,
  environmentId: string,
  row: store.IncidentRow,
  input: ChangeIncident,
): Promise<store.Changes> {
  const entry = input.failure ? await entryOf(tx, environmentId, input.failure) : null;
  const said = input.category === undefined ? null : categoryIn(input.category);
  if (entry && said !== null && said !== entry.category)
    throw wrong("category", `The entry ${entry.slug} is of the category ${entry.category}.`);
  const changes: store.Changes = input.failure === undefined ? {} : { failure: entry?.slug ?? null };
  const category = entry?.category ?? said ?? row.category;
  if (category === row.category) return changes;
  const { recurrenceOf, unnamed } = await judged(tx, environmentId, category, row.number, row.opened_at);
  // An entry of another category is not what this is.
  const left = entry === null && input.failure === undefined && row.failure !== null ? { failure: null } : {};
  return { ...changes, ...left, category, recurrence_of: recurrenceOf, unnamed };
}

async function learnt(tx: Sql, environmentId: string, since: Date, input: ChangeIncident): Promise<store.Changes> {
  const changes: store.Changes = { ...input.post_mortem };
  if (input.actual !== undefined) changes.actual = input.actual;
  if (input.regression_case !== undefined) changes.regression_case = input.regression_case;
  if (input.policy_change) await checkPolicyChange(tx, environmentId, input.policy_change, since);
  if (input.policy_change !== undefined) changes.policy_change = input.policy_change;
  if (input.rule_change !== undefined)
    changes.rule_change = input.rule_change && (await checkRuleChange(tx, environmentId, input.rule_change, since));
  return changes;
}

async function changesOf(tx: Sql, ctx: Ctx, row: store.IncidentRow, input: ChangeIncident): Promise<store.Changes> {
  const { environmentId } = ctx;
  const now = await store.now(tx);
  const changes: store.Changes = {};
  if (input.title !== undefined) changes.title = input.title;
  if (input.severity !== undefined) changes.severity = input.severity;
  if (input.commander !== undefined) {
    const { id } = await commanderOf(tx, environmentId, input.commander);
    if (id !== row.commander_id) Object.assign(changes, { commander_id: id, commander_since: now });
  }
  Object.assign(changes, await classed(tx, environmentId, row, input));
  const move = await moved(tx, environmentId, row, input.status, now);
  Object.assign(changes, move, timed(row, input, move, now));
  return { ...changes, ...(await learnt(tx, environmentId, changes.started_at ?? row.started_at, input)) };
}

/** Evidence that comes later may be earlier than what was known. */
async function attached(tx: Sql, ctx: Ctx, row: store.IncidentRow, input: ChangeIncident): Promise<store.Changes> {
  if (!input.alert_ids?.length && !input.run_ids?.length) return {};
  const { alerts, runs } = await evidenceBy(tx, ctx, [...new Set(input.alert_ids)], [...new Set(input.run_ids)]);
  await attach(tx, ctx, row.incident_id, alerts, runs);
  const min = (times: Date[]) => new Date(Math.min(...times.map((t) => t.getTime())));
  return {
    detected_at: min([row.detected_at, ...alerts.map((a) => a.raised_at)]),
    started_at: min([row.started_at, ...alerts.map((a) => a.first_at)]),
  };
}

async function told(tx: Sql, ctx: Ctx, before: store.IncidentRow, after: store.IncidentRow): Promise<void> {
  const id = after.incident_id;
  const by = store.author(ctx).name;
  const event = (kind: store.EventKind, says: string, path: string | null = null) =>
    store.addEvent(tx, ctx, id, kind, says, path);
  if (after.status !== before.status) await event("status", `${id} is ${after.status}`);
  if (after.severity !== before.severity) await event("severity", `Severity ${before.severity} to ${after.severity}`);
  if (after.commander_id !== before.commander_id)
    await event("commander", `${after.commander_name ?? "Nobody"} commands`);
  if (after.failure !== before.failure)
    await event(
      "wrote",
      after.failure ? `Entry chosen: ${after.failure}` : "No entry chosen",
      after.failure && `/failures/${after.failure}`,
    );
  const parts = POST_MORTEM.filter((p) => after[p] !== before[p]).map((p) => p.replaceAll("_", " "));
  if (parts.length > 0) await event("wrote", `Post-mortem: ${parts.join(", ")}`);
  for (const field of ["actual", "policy_change", "rule_change", "regression_case"] as const)
    if (JSON.stringify(after[field]) !== JSON.stringify(before[field]))
      await event(
        "wrote",
        `${after[field] ? "Wrote" : "Took back"} the ${field === "actual" ? "actual beside the predicted" : field.replace("_", " ")}`,
      );
  if (worse(after.severity, before.severity))
    await notify(tx, raisedMessage(ctx.environmentId, after, before.severity, `Raised by ${by}.`));
  if (after.commander_id !== before.commander_id) await notify(tx, commandMessage(ctx.environmentId, after, by));
  if (after.status === "resolved" && before.status !== "resolved") {
    const ended = await endAlerts(tx, ctx, after);
    if (ended > 0) await event("alert", `${ended} alert${ended === 1 ? "" : "s"} resolved with it`);
    await notify(tx, resolvedMessage(ctx.environmentId, after, by));
  }
}

/**
 * What is given changes, the rest stays.
 * @throws Failure `not_found` | `invalid_input` | `precondition_failed` (If-Match) | `conflict` (closed; a move that is none)
 */
export const changeIncident = writeSql("incident.change", {
  needs: "incidents.write",
  input: changeInput,
  run: async ({ tx, ctx, input }) => {
    const { environmentId } = ctx;
    await store.lock(tx, environmentId);
    const before = await heldOpen(tx, ctx, input.incident_id);
    if (input.if_match !== undefined && input.if_match !== before.revision)
      throw new Failure("precondition_failed", `The latest revision is ${before.revision}, not ${input.if_match}.`, {
        extra: { revision: before.revision },
      });
    const changes = { ...(await attached(tx, ctx, before, input)), ...(await changesOf(tx, ctx, before, input)) };
    if (!(await store.updateIncident(tx, environmentId, before, store.author(ctx).name, changes)))
      throw new Failure("conflict", "Somebody else has just changed it.");
    const after = await store.incident(tx, environmentId, before.incident_id);
    if (!after) throw new Error("an incident that was there is gone");
    await told(tx, ctx, before, after);
    const fields = Object.keys(changes) as (keyof store.Changes)[];
    const of = (row: store.IncidentRow) => Object.fromEntries(fields.map((f) => [f, row[f]]));
    return {
      value: { incident_id: after.incident_id, revision: after.revision },
      audit: {
        target: { type: "incident", id: after.incident_id },
        summary: `changed ${fields.join(", ") || "nothing"} of ${after.incident_id}`,
        before: of(before),
        after: of(after),
      },
    };
  },
});
