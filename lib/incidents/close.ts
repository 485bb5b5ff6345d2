import { failuresOf, recordActual } from "../failures";
import { Failure } from "../platform/errors";
import { writeSql } from "../platform/verb";
import { checksOf } from "./missing";
import { heldOpen } from "./note";
import { incidentInput } from "./schema";
import * as store from "./store";

/**
 * It has taught, and stands from now on; its entry gets what was beside what was predicted.
 * @throws Failure `invalid_input` naming each missing thing by its path | `not_found` | `conflict` (closed already)
 */
export const closeIncident = writeSql("incident.close", {
  needs: "incidents.write",
  input: incidentInput,
  run: async ({ tx, ctx, input }) => {
    const { environmentId } = ctx;
    await store.lock(tx, environmentId);
    const row = await heldOpen(tx, ctx, input.incident_id);
    const id = row.incident_id;
    const entry =
      row.failure === null ? null : (await failuresOf(tx, environmentId)).find((f) => f.slug === row.failure);
    const effects = await store.effectCounts(tx, environmentId, id);
    const open = effects.validated < effects.total ? await store.effectsOf(tx, environmentId, id, 500) : [];
    const checks = checksOf({
      row,
      entry: entry?.name ?? null,
      effects,
      open: open.filter((e) => e.verdict === null || e.ledger_status !== e.status),
    });
    const unmet = checks.filter((c) => !c.met);
    if (unmet.length > 0 || row.failure === null || row.actual === null)
      throw new Failure(
        "invalid_input",
        `${unmet.length} of ${checks.length} things are missing before it can be closed.`,
        {
          errors: unmet.flatMap((c) => c.errors),
        },
      );
    await recordActual(tx, ctx, { slug: row.failure, incident_id: id, ...row.actual });
    const by = store.author(ctx).name;
    const closed = { status: "closed" as const, closed_at: await store.now(tx), closed_by: by };
    if (!(await store.updateIncident(tx, environmentId, row, by, closed)))
      throw new Failure("conflict", "Somebody else has just changed it.");
    await store.addEvent(
      tx,
      ctx,
      id,
      "closed",
      `${id} closed${row.recurrence_of ? `, a recurrence of ${row.recurrence_of}` : ""}`,
    );
    return {
      value: { incident_id: id },
      audit: {
        target: { type: "incident", id },
        summary: `closed ${id}: ${row.title}`,
        before: { status: row.status },
        after: {
          status: "closed",
          failure: row.failure,
          actual: row.actual,
          rule_change: row.rule_change,
          policy_change: row.policy_change,
        },
      },
    };
  },
});
