import { assertBound } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import { newId } from "../platform/ids";
import { record } from "../platform/verb";
import { touchRuns } from "../runs";
import { type EvaluationInput, type EvaluationShape, evaluationInput, evaluationsInput } from "./schema";
import * as store from "./store/scores";

const MISSING = "There is no such run here.";

/** Writes them all or none, and has detectors look at their runs again. `path` says where the nth stood in the body. */
async function enter(
  tx: Sql,
  ctx: Ctx,
  all: readonly EvaluationInput[],
  path: (n: number) => string,
): Promise<EvaluationShape[]> {
  const runs = await store.runsOf(
    tx,
    ctx.environmentId,
    all.map((e) => e.run_id),
  );
  const errors = all.flatMap((e, n) => (runs.has(e.run_id) ? [] : [{ path: `${path(n)}run_id`, message: MISSING }]));
  if (errors.length > 0) throw new Failure("not_found", MISSING, { errors });
  for (const run of runs.values()) assertBound(ctx, run.agent_id, run.tenant_id);
  const fresh = all.flatMap((e) => {
    const of = runs.get(e.run_id);
    return of ? [{ ...e, id: newId("evl"), of }] : [];
  });
  const rows = await store.insert(tx, ctx.environmentId, fresh);
  await touchRuns(
    tx,
    [...runs.keys()].map((run_id) => ({ environment_id: ctx.environmentId, run_id })),
  );
  return rows;
}

/** What an evaluator found of a run. @throws Failure `not_found` with the path | `forbidden` (bound elsewhere) */
export const postEvaluation = record("evaluation.post", {
  needs: "evaluations.write",
  input: evaluationInput,
  atomic: true,
  run: async ({ tx, ctx, input }) => {
    const [row] = await enter(tx, ctx, [input], () => "");
    if (!row) throw new Error("the evaluation was not written");
    return row;
  },
});

/** Up to 500, all or nothing: each bad entry is named by its path. @throws Failure `not_found` | `forbidden` */
export const postEvaluations = record("evaluation.post_batch", {
  needs: "evaluations.write",
  input: evaluationsInput,
  atomic: true,
  run: async ({ tx, ctx, input }) => ({
    items: await enter(tx, ctx, input.evaluations, (n) => `evaluations[${n}].`),
  }),
});
