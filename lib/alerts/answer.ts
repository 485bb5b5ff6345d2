import { notify } from "../notifications";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure, notFound } from "../platform/errors";
import { writeSql } from "../platform/verb";
import { alertMessage } from "./messages";
import { acknowledgeInput, resolveInput } from "./schema";
import { alertOut } from "./shape";
import * as store from "./store/reads";

const who = (ctx: Ctx): string => (ctx.actor.type === "key" ? ctx.actor.personName : ctx.actor.name);

async function load(tx: Sql, ctx: Ctx, alertId: string) {
  const row = await store.alertById(tx, ctx.environmentId, alertId);
  if (!row) throw notFound("alert");
  return row;
}
/** Who was told that it began is told that somebody has it, and that it is over. */
const tell = async (tx: Sql, ctx: Ctx, row: store.AlertRow, event: "updated" | "resolved") => {
  if (row.mode === "act" && row.actions.some((a) => a.action === "notify" && a.state === "taken"))
    await notify(tx, alertMessage(ctx.environmentId, row, event, who(ctx)));
};

/** Somebody looks at it. @throws Failure `conflict` (it stands in another state) | `not_found` */
export const acknowledgeAlert = writeSql("alert.acknowledge", {
  needs: "alerts.write",
  input: acknowledgeInput,
  run: async ({ tx, ctx, input }) => {
    const before = await load(tx, ctx, input.alert_id);
    if (!(await store.acknowledge(tx, ctx.environmentId, input.alert_id, who(ctx), input.note ?? null)))
      throw new Failure(
        "conflict",
        `It is ${before.state}${before.acknowledged_by ? `, by ${before.acknowledged_by}` : ""}.`,
      );
    const row = await load(tx, ctx, input.alert_id);
    await tell(tx, ctx, row, "updated");
    return {
      value: alertOut(row),
      audit: audit(row, `acknowledged alert ${row.rule_name}${input.note ? `: ${input.note}` : ""}`),
    };
  },
});

/** It is over; the next time is an alert of its own. @throws Failure `conflict` | `not_found` */
export const resolveAlert = writeSql("alert.resolve", {
  needs: "alerts.write",
  input: resolveInput,
  run: async ({ tx, ctx, input }) => {
    const before = await load(tx, ctx, input.alert_id);
    if (!(await store.resolve(tx, ctx.environmentId, input.alert_id, who(ctx), input.reason ?? null)))
      throw new Failure("conflict", `It was resolved by ${before.resolved_by ?? "Interlock"} already.`);
    const row = await load(tx, ctx, input.alert_id);
    await tell(tx, ctx, row, "resolved");
    return {
      value: alertOut(row),
      audit: audit(row, `resolved alert ${row.rule_name}${input.reason ? `: ${input.reason}` : ""}`),
    };
  },
});

const audit = (row: store.AlertRow, summary: string) => ({
  target: { type: "alert", id: row.alert_id },
  summary,
  after: { state: row.state, rule: row.rule, severity: row.severity, runs: row.runs },
});
