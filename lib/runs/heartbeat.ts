import { assertBound } from "../platform/authz";
import { Failure, notFound } from "../platform/errors";
import { record } from "../platform/verb";
import { heartbeatInput } from "./schema";
import * as lifecycle from "./store/lifecycle";

/**
 * Keeps the lease for another 60 s and says how far the run is.
 * @throws Failure `lease_lost` (lost, or taken over by another instance) | `run_finished` | `not_found`
 */
export const heartbeat = record("run.heartbeat", {
  needs: "runs.write",
  input: heartbeatInput,
  run: async ({ tx, ctx, input }) => {
    const who = await lifecycle.identity(tx, ctx.environmentId, input.run_id);
    if (!who) throw notFound("run");
    assertBound(ctx, who.agent_id, who.tenant_id);
    const row = await lifecycle.beat(tx, ctx.environmentId, {
      runId: input.run_id,
      token: input.lease_token ?? null,
      step: input.step ?? null,
      instanceId: input.instance_id ?? null,
      progress: input.progress,
      waitingOn: input.waiting_on,
    });
    if (row) {
      // Who waits for whom changes with every heartbeat that says so.
      if (input.waiting_on) await lifecycle.touch(tx, [{ environment_id: ctx.environmentId, run_id: input.run_id }]);
      const lease = row.lease_token ? { token: row.lease_token, ttl_s: lifecycle.LEASE_S } : null;
      return { run_id: row.run_id, agent_id: row.agent_id, lease };
    }
    const known = await lifecycle.byId(tx, ctx.environmentId, input.run_id);
    if (!known) throw notFound("run");
    if (known.status === "running" || known.status === "waiting" || known.status === "lost")
      throw new Failure("lease_lost", "Another instance has this run now, or nobody has: its lease is over.");
    throw new Failure("run_finished", `The run has ended: ${known.stop_reason}.`, {
      extra: { stop_reason: known.stop_reason },
    });
  },
});
