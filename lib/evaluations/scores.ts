import { boundTo } from "../platform/authz";
import { decodeCursor, pageOf } from "../platform/page";
import { read } from "../platform/verb";
import { listEvaluationsInput, type MeasuredShape, nothing, type SummaryShape, summaryInput } from "./schema";
import { list } from "./store/scores";
import * as store from "./store/summary";

/** Newest first. A bound key sees its own agents and tenants. */
export const listEvaluations = read("evaluation.list", {
  needs: "evaluations.read",
  input: listEvaluationsInput,
  run: async ({ tx, ctx, input }) => {
    const rows = await list(tx.sql, ctx.environmentId, input, boundTo(ctx), decodeCursor(input.cursor, 2));
    return pageOf(
      rows,
      input.limit,
      (e) => [e.at, e.evaluation_id],
      (e) => e,
    );
  },
});

/** Per agent, version and name, and day by day. */
export const summarise = read("evaluation.summary", {
  needs: "evaluations.read",
  input: summaryInput,
  run: async ({ tx, ctx, input }): Promise<SummaryShape> => {
    const to = ctx.now();
    const from = new Date(to.getTime() - input.days * 86_400_000);
    const asked = { agentId: input.agent_id ?? null, name: input.name ?? null, from, ...boundTo(ctx) };
    const [items, days, thresholds] = await Promise.all([
      store.perVersion(tx.sql, ctx.environmentId, asked),
      store.perDay(tx.sql, ctx.environmentId, asked),
      store.thresholds(tx.sql, ctx.environmentId),
    ]);
    return { from: from.toISOString(), to: to.toISOString(), items, days, thresholds };
  },
});

/** Agents of which there is anything to show. */
export const listMeasured = read("evaluation.agents", {
  needs: "evaluations.read",
  input: nothing,
  run: async ({ tx, ctx }): Promise<MeasuredShape> => ({
    items: await store.measured(tx.sql, ctx.environmentId, boundTo(ctx)),
    next_cursor: null,
  }),
});
