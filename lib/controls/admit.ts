import type { z } from "zod";
import { hear, touchFleet } from "../fleet";
import { assertMay } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import { inTransaction, parse, reader } from "../platform/verb";
import { ancestorsOf, type Opened, openRun, runIdentity } from "../runs";
import { openRunInput } from "../runs/schema";
import { type Caller, controlFor, strictest } from "./evaluate";
import type { ControlShape } from "./schema";
import { assertFresh, refresh, stateOf } from "./snapshot";
import * as store from "./store";

export type Admitted = Opened & { control: ControlShape };
/** Asked in the same transaction, under the environment's lock, of a run that is new, or taken over: may it begin? Throws where not. */
export type MayBegin = (tx: Sql, opened: Opened, who: Caller, policyRevision: number) => Promise<void>;
/** After the grace a lost run's lock is free: its agent has stopped by then, as its handle says. */
const LOCK_MARGIN_S = 15;

/**
 * Opens a run where no switch forbids it. The revision that was judged is compared, and held, in the transaction that writes
 * the run: no run is opened once a stop has committed, by any replica.
 * @throws Failure `stopped` | `paused` | what `openRun` throws
 */
export async function admit(ctx: Ctx, raw: z.input<typeof openRunInput>, mayBegin?: MayBegin): Promise<Admitted> {
  assertMay(ctx, "runs.write");
  const input = parse(openRunInput, raw);
  const ancestors = await ancestorsOf(reader().sql, ctx, input.parent_run_id);
  const parents = await Promise.all(ancestors.map((id) => runIdentity(reader().sql, ctx.environmentId, id)));
  const caller: Caller = {
    agentId: input.agent_id,
    tenantId: input.tenant_id ?? null,
    taskType: input.task_type,
    runId: input.run_id ?? null,
    ancestorIds: ancestors,
    ancestors: parents.flatMap((p) =>
      p ? [{ agentId: p.agent_id, tenantId: p.tenant_id, taskType: p.task_type }] : [],
    ),
  };
  for (let attempt = 0; attempt < 10; attempt++) {
    const state = await stateOf(ctx.environmentId);
    assertFresh(state);
    const { snapshot } = state;
    const holding = strictest(snapshot.active, caller);
    const opened = await inTransaction(async (tx) => {
      if ((await store.lockHead(tx, ctx.environmentId)) !== snapshot.revision) return null;
      const done = await openRun(tx, ctx, input, { lockGraceS: snapshot.settings.ttlS + LOCK_MARGIN_S, ancestors });
      // A request that opened its run before the switch is still told what became of it; nothing new begins.
      if (holding && done.owner && (holding.mode === "stop" || holding.mode === "pause"))
        refuse(holding.mode, holding.reason);
      if (done.created || done.tookOver) await mayBegin?.(tx, done, caller, snapshot.policyRevision);
      await touchFleet(tx, sighting(ctx, input));
      // Known from its first run on: a switch that is set a moment later is meant for it too.
      if (input.instance_id && done.owner)
        await hear(tx, [
          {
            environmentId: ctx.environmentId,
            instanceId: input.instance_id,
            agentId: input.agent_id,
            revision: 0,
            agoMs: 0,
          },
        ]);
      return done;
    });
    if (opened) {
      return { ...opened, control: controlFor(snapshot, { ...caller, runId: opened.run.run_id }) };
    }
    await refresh(ctx.environmentId);
  }
  throw new Failure("unavailable", "The control state keeps changing. Try again.", { retryAfterS: 1 });
}

function refuse(mode: "stop" | "pause", reason: string): never {
  const [code, word] = mode === "stop" ? (["stopped", "Stopped"] as const) : (["paused", "Paused"] as const);
  throw new Failure(code, `${word}: ${reason}`, { extra: { stop_reason: "kill_switch", reason } });
}

function sighting(ctx: Ctx, input: z.output<typeof openRunInput>) {
  const { environmentId } = ctx;
  return {
    agents: [{ environmentId, agentId: input.agent_id, version: input.versions?.agent ?? null, gated: true }],
    names: [
      { environmentId, kind: "task_type" as const, name: input.task_type },
      ...(input.tenant_id ? [{ environmentId, kind: "tenant" as const, name: input.tenant_id }] : []),
    ],
  };
}
