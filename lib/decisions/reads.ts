import { assertBound, boundTo } from "../platform/authz";
import { notFound } from "../platform/errors";
import { decodeCursor, pageOf } from "../platform/page";
import { read } from "../platform/verb";
import { decisionInput, listDecisionsInput, listEffectsInput, nothing } from "./schema";
import * as store from "./store/reads";

export const listDecisions = read("decision.list", {
  needs: "decisions.read",
  input: listDecisionsInput,
  run: async ({ tx, ctx, input }) => {
    const rows = await store.decisions(
      tx.sql,
      ctx.environmentId,
      { ...input, ...boundTo(ctx) },
      {
        limit: input.limit,
        after: decodeCursor(input.cursor, 2),
      },
    );
    return pageOf(rows, input.limit, (r) => [r.us, r.decision_id], store.decisionOut);
  },
});

/** @throws Failure `not_found` */
export const getDecision = read("decision.get", {
  needs: "decisions.read",
  input: decisionInput,
  run: async ({ tx, ctx, input }) => {
    const row = await store.decision(tx.sql, ctx.environmentId, input.decision_id);
    if (!row) throw notFound("decision");
    assertBound(ctx, row.agent_id, row.tenant_id);
    return store.decisionOut(row);
  },
});

export const listEffects = read("effect.list", {
  needs: "decisions.read",
  input: listEffectsInput,
  run: async ({ tx, ctx, input }) => {
    const rows = await store.effects(
      tx.sql,
      ctx.environmentId,
      { ...input, ...boundTo(ctx) },
      {
        limit: input.limit,
        after: decodeCursor(input.cursor, 2),
      },
    );
    return pageOf(rows, input.limit, (r) => [r.us, r.effect_id], store.effectOut);
  },
});

export const listBreakers = read("breaker.list", {
  needs: "decisions.read",
  input: nothing,
  run: async ({ tx, ctx }) => ({ items: await store.breakers(tx.sql, ctx.environmentId), next_cursor: null }),
});
