import { LRUCache } from "lru-cache";
import { assertBound, assertMay } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import { notFound } from "../platform/errors";
import { reader } from "../platform/verb";
import { type RunIdentity, runIdentity } from "../runs";
import { acknowledge } from "./acknowledge";
import type { Caller } from "./evaluate";
import { changedSince } from "./evaluate";
import type { PollInput } from "./schema";
import { ageS, assertFresh, type Body, bodyFor, knownState, refresh, stateOf, type Watcher } from "./snapshot";

/** Who a run is for never changes once it is opened by the API; a run known from spans may still learn its agent. */
const identities = new LRUCache<string, RunIdentity>({ max: 100_000, ttl: 60_000 });

export async function identityOf(ctx: Ctx, runId: string): Promise<RunIdentity> {
  const key = `${ctx.environmentId} ${runId}`;
  const known = identities.get(key);
  if (known) return known;
  const run = await runIdentity(reader().sql, ctx.environmentId, runId);
  if (!run) throw notFound("run");
  if (run.source === "api") identities.set(key, run);
  return run;
}

const NOBODY: Pick<Caller, "runId" | "ancestorIds" | "ancestors"> = { runId: null, ancestorIds: [], ancestors: [] };

/** @throws Failure `not_found` for a run of another environment, `forbidden` for one of another binding */
export async function callerOf(ctx: Ctx, input: PollInput): Promise<Caller> {
  if (input.run_id === undefined) {
    const bound = ctx.actor.type === "key" && (ctx.actor.agentIds.length > 0 || ctx.actor.tenantIds.length > 0);
    if (bound) assertBound(ctx, input.agent_id ?? null, input.tenant_id ?? null);
    return {
      agentId: input.agent_id ?? null,
      tenantId: input.tenant_id ?? null,
      taskType: input.task_type ?? null,
      ...NOBODY,
    };
  }
  const run = await identityOf(ctx, input.run_id);
  assertBound(ctx, run.agent_id, run.tenant_id);
  const parents = await Promise.all(run.ancestors.map((id) => identityOf(ctx, id)));
  return {
    agentId: run.agent_id,
    tenantId: run.tenant_id,
    taskType: run.task_type,
    runId: run.run_id,
    ancestorIds: run.ancestors,
    ancestors: parents.map((p) => ({ agentId: p.agent_id, tenantId: p.tenant_id, taskType: p.task_type })),
  };
}

export type Answer = { changed: boolean; body: Body; age_s: number };

/** One look at the control state: what holds the caller now, and whether that is news since the revision it knows. */
export async function look(
  ctx: Ctx,
  input: PollInput,
  known: number | null,
): Promise<{ caller: Caller; answer: Answer }> {
  assertMay(ctx, "control.poll");
  const caller = await callerOf(ctx, input);
  let state = await stateOf(ctx.environmentId);
  // Somebody knows more than this process does: the database decides before anybody is answered.
  if (known !== null && known > state.snapshot.revision) {
    await refresh(ctx.environmentId);
    state = await stateOf(ctx.environmentId);
  }
  assertFresh(state);
  acknowledge(ctx, {
    instanceId: input.instance_id ?? null,
    revision: input.applied_revision ?? null,
    agentId: caller.agentId,
    runIds: input.run_id ? [input.run_id] : [],
  });
  const changed = known === null || known > state.snapshot.revision || changedSince(state.snapshot, caller, known);
  return { caller, answer: { changed, body: bodyFor(state, caller), age_s: ageS(state) } };
}

export type Prepared = { environmentId: string; caller: Caller; note: () => void };

/** A poll whose caller and key have been judged: what is left of it can be answered without waiting for anything. */
export function prepared(ctx: Ctx, input: PollInput, caller: Caller): Prepared {
  const sign = {
    instanceId: input.instance_id ?? null,
    revision: input.applied_revision ?? null,
    agentId: caller.agentId,
    runIds: input.run_id ? [input.run_id] : [],
  };
  return { environmentId: ctx.environmentId, caller, note: () => acknowledge(ctx, sign) };
}

/** The same answer as `look`, at once; null where the database has to be asked first. */
export function lookNow({ environmentId, caller }: Prepared, known: number | null): Answer | null {
  const state = knownState(environmentId);
  if (!state) return null;
  const age = ageS(state);
  const { snapshot } = state;
  if (age > snapshot.settings.ttlS || (known !== null && known > snapshot.revision)) return null;
  return { changed: known === null || changedSince(snapshot, caller, known), body: bodyFor(state, caller), age_s: age };
}

/** Tells `watcher` of every later change that concerns it, until `stop` is called. */
export async function watch(ctx: Ctx, watcher: Watcher): Promise<{ stop: () => void; ageS: () => number }> {
  const state = await stateOf(ctx.environmentId);
  state.watchers.add(watcher);
  return { stop: () => state.watchers.delete(watcher), ageS: () => ageS(state) };
}
