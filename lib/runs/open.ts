import { assertBound } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import { newId } from "../platform/ids";
import { unseal } from "../platform/seal";
import { argsHash } from "./otlp";
import type { OpenRun } from "./schema";
import * as lifecycle from "./store/lifecycle";
import type { RunRow } from "./store/shape";
import { runOut } from "./store/shape";

export type Opened = {
  created: boolean;
  owner: boolean;
  /** From another instance, which has gone. */
  tookOver: boolean;
  attempt: number;
  run: ReturnType<typeof runOut>;
  lease: { token: string; ttl_s: number } | null;
  /** What the run answered, where it has ended and this is its key. */
  result: unknown;
};

/** Two instances that ask for the same thing send the same body, but for who they are. */
const requestHash = ({ instance_id: _, run_id: __, ...body }: OpenRun): string => argsHash(body) ?? "";

const keyOf = (ctx: Ctx): string | null => (ctx.actor.type === "key" ? ctx.actor.id : null);

/** The ancestors of a new run, nearest last. @throws Failure `not_found` with the path */
export async function ancestorsOf(tx: Sql, ctx: Ctx, parentRunId: string | null | undefined): Promise<string[]> {
  if (!parentRunId) return [];
  const parent = await lifecycle.identity(tx, ctx.environmentId, parentRunId);
  if (parent) return [...parent.ancestors, parent.run_id];
  const message = "There is no such run here.";
  throw new Failure("not_found", message, { errors: [{ path: "parent_run_id", message }] });
}

/**
 * Opens a run, finds the one this request has opened already, or takes over a lost one. In the caller's transaction, which
 * has checked the switches.
 * @throws Failure `request_id_reused` | `run_locked` | `checkpoint_mismatch` | `conflict`
 */
export async function openRun(
  tx: Sql,
  ctx: Ctx,
  input: OpenRun,
  options: { lockGraceS: number; ancestors: string[] },
): Promise<Opened> {
  assertBound(ctx, input.agent_id, input.tenant_id ?? null);
  const hash = requestHash(input);
  const known = await lifecycle.byRequest(tx, ctx.environmentId, input.agent_id, input.request_id);
  if (known) return again(tx, ctx, input, known, hash, options.lockGraceS);

  await sound(tx, ctx, input.resumed_from ?? null);
  const runId = input.run_id ?? newId("run");
  const leaseToken = newId("lease");
  const fresh = { ...input, runId, requestHash: hash, leaseToken, keyId: keyOf(ctx), ancestors: options.ancestors };
  const row =
    (await lifecycle.insert(tx, ctx.environmentId, fresh)) ?? (await lifecycle.adopt(tx, ctx.environmentId, fresh));
  if (!row) {
    const raced = await lifecycle.byRequest(tx, ctx.environmentId, input.agent_id, input.request_id);
    if (raced) return again(tx, ctx, input, raced, hash, options.lockGraceS);
    throw new Failure("conflict", `There is a run ${runId} already, opened by another request.`, {
      errors: [{ path: "run_id", message: "Taken by another request." }],
    });
  }
  await lock(tx, ctx, input, runId, options.lockGraceS);
  const touched = [runId, ...options.ancestors].map((run_id) => ({ environment_id: ctx.environmentId, run_id }));
  await lifecycle.touch(tx, touched);
  return opened(row, { created: true, owner: true });
}

/** A resume from a state that is not what was saved is refused, whoever found that out. */
async function sound(tx: Sql, ctx: Ctx, checkpointId: string | null): Promise<void> {
  const at = checkpointId === null ? null : await lifecycle.mismatched(tx, ctx.environmentId, checkpointId);
  if (at === null) return;
  const message = `The checkpoint ${checkpointId} is not what was saved: it was verified at ${at.toISOString()} and did not match.`;
  throw new Failure("checkpoint_mismatch", message, { errors: [{ path: "resumed_from", message }] });
}

async function again(tx: Sql, ctx: Ctx, input: OpenRun, known: RunRow, hash: string, graceS: number): Promise<Opened> {
  if (known.request_hash !== hash)
    throw new Failure("request_id_reused", "This request_id has opened a run with another body.", {
      errors: [{ path: "request_id", message: "Used before, with another body." }],
      extra: { run_id: known.run_id },
    });
  const waits = known.status === "waiting";
  if (waits || known.status === "lost" || (known.status === "running" && known.source === "api" && known.lease_over)) {
    const same = waits && input.instance_id != null && known.instance_id === input.instance_id;
    const by = { leaseToken: newId("lease"), instanceId: input.instance_id ?? null, keyId: keyOf(ctx), same };
    const taken = await lifecycle.takeOver(tx, ctx.environmentId, known.run_id, by);
    if (taken) {
      await lock(tx, ctx, input, known.run_id, graceS);
      return opened(taken, { created: false, owner: true, tookOver: !same });
    }
  }
  const owner = input.instance_id != null && known.instance_id === input.instance_id;
  const mine = known.key_id !== null && known.key_id === keyOf(ctx);
  return { ...opened(known, { created: false, owner }), result: mine && known.result ? unseal(known.result) : null };
}

const opened = (row: RunRow, how: { created: boolean; owner: boolean; tookOver?: boolean }): Opened => ({
  tookOver: false,
  ...how,
  attempt: row.attempt,
  run: runOut(row),
  lease: how.owner && row.lease_token ? { token: row.lease_token, ttl_s: lifecycle.LEASE_S } : null,
  result: null,
});

async function lock(tx: Sql, ctx: Ctx, input: OpenRun, runId: string, graceS: number): Promise<void> {
  if (!input.lock_key) return;
  const holder = await lifecycle.takeLock(tx, ctx.environmentId, input.lock_key, runId, graceS);
  if (!holder) return;
  const age = Math.round(holder.age_s);
  throw new Failure("run_locked", `${input.lock_key} is held by ${holder.run_id}, for ${age} s.`, {
    errors: [{ path: "lock_key", message: `Held by ${holder.run_id}.` }],
    extra: { holder: { run_id: holder.run_id, age_s: holder.age_s } },
  });
}
