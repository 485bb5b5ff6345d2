import { Failure } from "../platform/errors";
import { writeSql } from "../platform/verb";
import { begin } from "./begin";
import { categoryIn, commanderOf, entryOf, evidenceBy, wrong } from "./named";
import { openInput } from "./schema";
import * as store from "./store";

/** A person opens one. @throws Failure `invalid_input` | `not_found` (alert, run) | `conflict` (an alert is another incident's) */
export const openIncident = writeSql("incident.open", {
  needs: "incidents.write",
  input: openInput,
  run: async ({ tx, ctx, input }) => {
    const { environmentId } = ctx;
    await store.lock(tx, environmentId);
    const given = input.category ? categoryIn(input.category) : null;
    const entry = input.failure ? await entryOf(tx, environmentId, input.failure) : null;
    if (entry && given !== null && entry.category !== given)
      throw wrong("category", `The entry ${entry.slug} is of the category ${entry.category}.`);
    const commander = input.commander ? await commanderOf(tx, environmentId, input.commander) : null;
    const startedAt = input.started_at ? new Date(input.started_at) : null;
    if (startedAt && startedAt > (await store.now(tx))) throw wrong("started_at", "It has not begun yet.");
    const alertIds = [...new Set(input.alert_ids)];
    const { alerts, runs } = await evidenceBy(tx, ctx, alertIds, [...new Set(input.run_ids)]);
    if (
      ctx.actor.type === "key" &&
      ctx.actor.agentIds.length + ctx.actor.tenantIds.length > 0 &&
      alerts.length + runs.length === 0
    )
      throw new Failure(
        "forbidden",
        "This key is bound to agents or tenants: name the alerts or runs that it is about.",
      );
    const row = await begin(tx, ctx, {
      title: input.title,
      severity: input.severity,
      category: entry?.category ?? given,
      failure: entry?.slug ?? null,
      commanderId: commander?.id ?? null,
      alerts,
      runs,
      startedAt,
      fromAlert: false,
    });
    return {
      value: { incident_id: row.incident_id },
      audit: {
        target: { type: "incident", id: row.incident_id },
        summary: `opened ${row.incident_id}: ${row.title}`,
        after: {
          severity: row.severity,
          category: row.category,
          failure: row.failure,
          alerts: alertIds,
          runs: runs.map((r) => r.run_id),
          recurrence_of: row.recurrence_of,
        },
      },
    };
  },
});
