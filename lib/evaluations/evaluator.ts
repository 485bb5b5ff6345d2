import { z } from "zod";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { notFound } from "../platform/errors";
import { read, writeSql } from "../platform/verb";
import { nameOf } from "./canary";
import { deleteEvaluatorInput, evaluatorName, type PutEvaluator, putEvaluatorInput } from "./shapes/evaluator";
import * as store from "./store/evaluators";

/** In the caller's transaction, which audits it. */
export const writeEvaluator = (tx: Sql, ctx: Ctx, input: PutEvaluator) =>
  store.putEvaluator(tx, ctx.environmentId, input, nameOf(ctx));

/** Who is asked what ended runs are worth. @throws Failure `invalid_input` */
export const putEvaluator = writeSql("evaluator.put", {
  needs: "readiness.write",
  input: putEvaluatorInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.evaluator(tx, ctx.environmentId, input.slug);
    await writeEvaluator(tx, ctx, input);
    const value = await store.evaluator(tx, ctx.environmentId, input.slug);
    if (!value) throw new Error("the evaluator was not written");
    return {
      value,
      audit: {
        target: { type: "evaluator", id: input.slug },
        summary: `set evaluator ${input.slug}: ${new URL(input.url).host} gets ${Math.round(input.sample * 100)} % of the runs${input.enabled ? "" : ", switched off"}`,
        before: before ?? undefined,
        after: value,
      },
    };
  },
});

/** Its scores stay. @throws Failure `not_found` */
export const deleteEvaluator = writeSql("evaluator.delete", {
  needs: "readiness.write",
  input: deleteEvaluatorInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.evaluator(tx, ctx.environmentId, input.slug);
    if (!before || !(await store.deleteEvaluator(tx, ctx.environmentId, input.slug))) throw notFound("evaluator");
    return {
      value: { slug: input.slug, deleted: true },
      audit: {
        target: { type: "evaluator", id: input.slug },
        summary: `deleted evaluator ${input.slug}${input.reason ? `: ${input.reason}` : ""}`,
        before,
      },
    };
  },
});

/** @throws Failure `not_found` */
export const getEvaluator = read("evaluator.get", {
  needs: "evaluations.read",
  input: evaluatorName,
  run: async ({ tx, ctx, input }) => {
    const found = await store.evaluator(tx.sql, ctx.environmentId, input.slug);
    if (!found) throw notFound("evaluator");
    return found;
  },
});

export const listEvaluators = read("evaluator.list", {
  needs: "evaluations.read",
  input: z.strictObject({}),
  run: async ({ tx, ctx }) => ({ items: await store.evaluators(tx.sql, ctx.environmentId), next_cursor: null }),
});
