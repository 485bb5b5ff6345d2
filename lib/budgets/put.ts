import type { z } from "zod";
import { publish } from "../controls";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { notFound } from "../platform/errors";
import { writeSql } from "../platform/verb";
import { budgetInput, deleteInput } from "./schema";
import { plainShape } from "./shape";
import * as store from "./store";

/** Money in micro-dollars, promises in millionths or milliseconds: whole numbers. */
export const stored = (metric: string, amount: number): number =>
  metric === "usd" || metric === "error_rate" ? Math.round(amount * 1e6) : Math.ceil(amount);

type Body = z.output<typeof budgetInput>;
/** In the caller's transaction, which publishes and audits it. */
export const writeBudget = (tx: Sql, ctx: Ctx, input: Body) =>
  store.putBudget(tx, ctx.environmentId, {
    slug: input.slug,
    scopeKind: input.scope.kind,
    scopeKey: input.scope.key ?? "",
    metric: input.metric,
    window: input.window,
    amount: stored(input.metric, input.amount),
    softAt: input.soft?.at ?? null,
    softThen: input.soft?.then ?? "alert",
    hard: input.hard,
    note: input.note ?? null,
    by: ctx.actor.type === "key" ? ctx.actor.personName : ctx.actor.name,
  });

/** A whole budget, as the next revision; with `dry_run` nothing is kept. Raising a cap lets the same runs go on. @throws Failure `invalid_input` */
export const putBudget = writeSql("budget.put", {
  needs: "budgets.write",
  input: budgetInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.budget(tx, ctx.environmentId, input.slug);
    const row = await writeBudget(tx, ctx, input);
    await publish(tx, ctx.environmentId);
    const value = plainShape(row);
    return {
      value,
      audit: {
        target: { type: "budget", id: input.slug },
        summary: `set budget ${input.slug} to ${input.amount} ${input.metric} per ${input.window}${input.note ? `: ${input.note}` : ""}`,
        before: before ? plainShape(before) : undefined,
        after: value,
      },
    };
  },
});

/** @throws Failure `not_found` */
export const deleteBudget = writeSql("budget.delete", {
  needs: "budgets.write",
  input: deleteInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.budget(tx, ctx.environmentId, input.slug);
    if (!before || !(await store.deleteBudget(tx, ctx.environmentId, input.slug))) throw notFound("budget");
    await publish(tx, ctx.environmentId);
    return {
      value: { slug: input.slug, deleted: true },
      audit: {
        target: { type: "budget", id: input.slug },
        summary: `deleted budget ${input.slug}${input.reason ? `: ${input.reason}` : ""}`,
        before: plainShape(before),
      },
    };
  },
});
