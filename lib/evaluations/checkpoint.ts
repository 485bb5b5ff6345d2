import { assertBound } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure, notFound } from "../platform/errors";
import { newId } from "../platform/ids";
import { decodeCursor, pageOf } from "../platform/page";
import { read, record } from "../platform/verb";
import { touchRuns } from "../runs";
import { checkpointInput, listCheckpointsInput, verifyInput } from "./schema";
import * as store from "./store/checkpoints";
import { runsOf } from "./store/scores";

const missing = (path: string, message: string) => new Failure("not_found", message, { errors: [{ path, message }] });

/** @throws Failure `not_found` with the path | `forbidden` */
async function ownRun(tx: Sql, ctx: Ctx, runId: string): Promise<void> {
  const run = (await runsOf(tx, ctx.environmentId, [runId])).get(runId);
  if (!run) throw missing("run_id", "There is no such run here.");
  assertBound(ctx, run.agent_id, run.tenant_id);
}

/** The state of a run at a step, by its hash; the state stays with the agent. @throws Failure `not_found` (run, parent) */
export const saveCheckpoint = record("checkpoint.save", {
  needs: "checkpoints.write",
  input: checkpointInput,
  atomic: true,
  run: async ({ tx, ctx, input }) => {
    await ownRun(tx, ctx, input.run_id);
    const parentId = input.parent_checkpoint_id ?? null;
    const parent = parentId === null ? null : await store.checkpoint(tx, ctx.environmentId, parentId);
    if (parentId !== null && parent?.run_id !== input.run_id)
      throw missing("parent_checkpoint_id", "There is no such checkpoint of this run.");
    const fresh = { ...input, parent_checkpoint_id: parentId, checkpoint_id: newId("cp") };
    return store.shapeOf(await store.insert(tx, ctx.environmentId, fresh));
  },
});

/** Is this the state that was saved? A mismatch stands on its row, and detectors look at the run again. @throws Failure `not_found` */
export const verifyCheckpoint = record("checkpoint.verify", {
  needs: "checkpoints.write",
  input: verifyInput,
  atomic: true,
  run: async ({ tx, ctx, input }) => {
    const saved = await store.checkpoint(tx, ctx.environmentId, input.checkpoint_id);
    if (!saved) throw notFound("checkpoint");
    await ownRun(tx, ctx, saved.run_id);
    const match = await store.verified(tx, ctx.environmentId, input.checkpoint_id, input.state_hash);
    if (match === null) throw notFound("checkpoint");
    if (!match) await touchRuns(tx, [{ environment_id: ctx.environmentId, run_id: saved.run_id }]);
    return { match, run_id: saved.run_id, step: saved.step };
  },
});

/** Of one run, newest first. @throws Failure `not_found` | `forbidden` */
export const listCheckpoints = read("checkpoint.list", {
  needs: "runs.read",
  input: listCheckpointsInput,
  run: async ({ tx, ctx, input }) => {
    await ownRun(tx.sql, ctx, input.run_id);
    const after = decodeCursor(input.cursor, 3);
    const rows = await store.list(tx.sql, ctx.environmentId, input.run_id, input.limit, after);
    return pageOf(rows, input.limit, (c) => [c.step, c.at.toISOString(), c.checkpoint_id], store.shapeOf);
  },
});
