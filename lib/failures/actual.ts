import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { notFound } from "../platform/errors";
import { parse } from "../platform/verb";
import { bodyOfRow } from "./entry";
import { type ActualShape, type RecordActual, recordActualInput } from "./schema";
import { actualOut } from "./shape";
import * as store from "./store";
import { author, writeFailure } from "./write";

/**
 * What an incident showed beside what had been predicted; the entry is seen from then on. In the caller's transaction, which
 * audits it. @throws Failure `not_found` | `invalid_input`
 */
export async function recordActual(tx: Sql, ctx: Ctx, raw: RecordActual): Promise<ActualShape> {
  const given = parse(recordActualInput, raw);
  const row = await store.failure(tx, ctx.environmentId, given.slug);
  if (!row) throw notFound("failure");
  await store.putActual(tx, ctx.environmentId, {
    slug: given.slug,
    incidentId: given.incident_id,
    by: author(ctx).name,
    predicted: row.prediction,
    ruleFired: given.rule_fired,
    minutes: given.rule_fired ? given.minutes_early_or_late : null,
    costUsd: given.cost_usd,
    impact: given.impact,
    changes: given.changes,
  });
  const all = await store.actuals(tx, ctx.environmentId, given.slug);
  const actual = all.find((a) => a.incidentId === given.incident_id);
  if (!actual) throw new Error("what the incident showed was not written");
  const body = bodyOfRow(row);
  await writeFailure(tx, ctx, {
    slug: given.slug,
    body: {
      ...body,
      agents: row.agents,
      seen: body.seen ?? { at: actual.at.toISOString(), where: given.incident_id, resolution: given.changes },
    },
    change: "incident",
    note: `${given.incident_id}: ${given.changes}`.slice(0, 300),
    also: [{ field: "actual", before: null, after: { ...given } }],
  });
  return actualOut(actual);
}
