import { assertBound, boundTo } from "../../platform/authz";
import { notFound } from "../../platform/errors";
import { decodeCursor, pageOf } from "../../platform/page";
import { read } from "../../platform/verb";
import { drillInput, listDrillsInput } from "./shapes";
import * as store from "./store";

/** Newest first. @throws Failure `invalid_input` */
export const listDrills = read("drill.list", {
  needs: "control.read",
  input: listDrillsInput,
  run: async ({ tx, ctx, input }) => {
    const rows = await store.listDrills(tx.sql, ctx.environmentId, {
      agentId: input.agent_id ?? null,
      outcome: input.outcome ?? null,
      like: boundTo(ctx).agents,
      limit: input.limit + 1,
      after: decodeCursor(input.cursor, 2),
    });
    return pageOf(rows, input.limit, (r) => [r.started_at.toISOString(), r.drill_id], store.drillOut);
  },
});

/** @throws Failure `not_found` | `forbidden` (bound to another agent) */
export const getDrill = read("drill.get", {
  needs: "control.read",
  input: drillInput,
  run: async ({ tx, ctx, input }) => {
    const row = await store.drill(tx.sql, ctx.environmentId, input.drill_id);
    if (!row) throw notFound("drill");
    assertBound(ctx, row.agent_id, null);
    return store.drillOut(row);
  },
});
