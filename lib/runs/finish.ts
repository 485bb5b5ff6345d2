import { assertBound } from "../platform/authz";
import { Failure, notFound } from "../platform/errors";
import { seal } from "../platform/seal";
import { record } from "../platform/verb";
import { redact } from "./otlp";
import { finishInput } from "./schema";
import { statusOf } from "./stop-reasons";
import * as lifecycle from "./store/lifecycle";
import { runOut } from "./store/shape";

const MAX_RESULT = 64 * 1024;

/**
 * Ends a run, one time: the same again is the same answer. A lost run that nobody took over may still be finished, `late`.
 * @throws Failure `run_finished` (for another reason) | `lease_lost` | `not_found`
 */
export const finish = record("run.finish", {
  needs: "runs.write",
  input: finishInput,
  atomic: true,
  run: async ({ tx, ctx, input }) => {
    const before = await lifecycle.byId(tx, ctx.environmentId, input.run_id);
    if (!before) throw notFound("run");
    assertBound(ctx, before.agent_id, before.tenant_id);
    const hasResult = input.result !== undefined && input.result !== null;
    const small = hasResult && Buffer.byteLength(JSON.stringify(input.result)) <= MAX_RESULT;
    const error = input.error && { ...input.error, message: String(redact(input.error.message)) };
    const row = await lifecycle.end(tx, ctx.environmentId, {
      ...input,
      error,
      status: statusOf(input.stop_reason),
      sealed: small ? seal(input.result) : null,
    });
    if (row) {
      await lifecycle.dropLock(tx, ctx.environmentId, input.run_id);
      await lifecycle.touch(tx, [{ environment_id: ctx.environmentId, run_id: input.run_id }]);
      return runOut(row);
    }
    const now = await lifecycle.byId(tx, ctx.environmentId, input.run_id);
    if (!now) throw notFound("run");
    if (now.ended_at === null || now.status === "lost")
      throw new Failure("lease_lost", "Another instance has taken this run over; finish it with its lease token.");
    if (now.stop_reason === input.stop_reason) return runOut(now);
    throw new Failure("run_finished", `The run has ended already: ${now.stop_reason}.`, {
      errors: [{ path: "stop_reason", message: `It ended with ${now.stop_reason}.` }],
      extra: { stop_reason: now.stop_reason },
    });
  },
});
