import type { Sql } from "../../platform/db/pool";
import type { FinishRun, OpenRun } from "../schema";
import type { RunStatus } from "../stop-reasons";
import { RUN_COLUMNS, type RunRow } from "./shape";

export const LEASE_S = 60;

export async function byRequest(
  tx: Sql,
  environmentId: string,
  agentId: string,
  requestId: string,
): Promise<RunRow | null> {
  const { rows } = await tx.query<RunRow>(
    `select ${RUN_COLUMNS} from runs where environment_id = $1 and agent_id = $2 and request_id = $3 for update`,
    [environmentId, agentId, requestId],
  );
  return rows[0] ?? null;
}

export async function byId(tx: Sql, environmentId: string, runId: string): Promise<RunRow | null> {
  const { rows } = await tx.query<RunRow>(`select ${RUN_COLUMNS} from runs where environment_id = $1 and run_id = $2`, [
    environmentId,
    runId,
  ]);
  return rows[0] ?? null;
}

/** Who a run is for, and whose child it is: fixed once it is opened, so it may be kept in memory. */
export type RunIdentity = {
  run_id: string;
  agent_id: string;
  tenant_id: string | null;
  task_type: string;
  ancestors: string[];
  source: "api" | "otlp";
  goal: string | null;
  /** Capabilities it was opened with; empty: any. */
  scope: string[];
};
export async function identity(tx: Sql, environmentId: string, runId: string): Promise<RunIdentity | null> {
  const { rows } = await tx.query<RunIdentity>(
    "select run_id, agent_id, tenant_id, task_type, ancestors, source, goal, scope from runs where environment_id = $1 and run_id = $2",
    [environmentId, runId],
  );
  return rows[0] ?? null;
}

type NewRun = OpenRun & {
  runId: string;
  requestHash: string;
  leaseToken: string;
  keyId: string | null;
  ancestors: string[];
};

/** What both ways of opening write, $1 to $20: a run that spans made first loses nothing that the request said. */
const opened = (environmentId: string, run: NewRun) => [
  environmentId,
  run.runId,
  run.request_id,
  run.requestHash,
  run.agent_id,
  run.versions?.agent ?? run.versions?.version ?? null,
  run.task_type,
  run.tenant_id ?? null,
  run.goal ?? null,
  run.scope ?? [],
  run.parent_run_id ?? null,
  run.ancestors,
  run.leaseToken,
  run.instance_id ?? null,
  run.keyId,
  run.lock_key ?? null,
  run.estimate ? JSON.stringify(run.estimate) : null,
  run.versions ? JSON.stringify(run.versions) : null,
  run.deployment_env ?? null,
  run.resumed_from ?? null,
];

/** @returns null where the run id, or the request, was taken in the meantime */
export async function insert(tx: Sql, environmentId: string, run: NewRun): Promise<RunRow | null> {
  const { rows } = await tx.query<RunRow>(
    `insert into runs (environment_id, run_id, request_id, request_hash, agent_id, agent_version, task_type, tenant_id, goal, scope,
       parent_run_id, ancestors, source, status, lease_token, lease_until, instance_id, key_id, lock_key, estimate, versions,
       deployment_env, resumed_from, started_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'api', 'running', $13, now() + make_interval(secs => ${LEASE_S}),
       $14, $15, $16, $17, $18, $19, $20, now())
     on conflict do nothing returning ${RUN_COLUMNS}`,
    opened(environmentId, run),
  );
  return rows[0] ?? null;
}

/** Spans came before the run was opened: the run they made becomes the gated one, with what they measured. */
export async function adopt(tx: Sql, environmentId: string, run: NewRun): Promise<RunRow | null> {
  const { rows } = await tx.query<RunRow>(
    `update runs set request_id = $3, request_hash = $4, agent_id = $5, agent_version = coalesce($6, agent_version), task_type = $7,
       tenant_id = $8, goal = $9, scope = $10, parent_run_id = $11, ancestors = $12, source = 'api', status = 'running',
       stop_reason = null, ended_at = null, lease_token = $13, lease_until = now() + make_interval(secs => ${LEASE_S}),
       instance_id = $14, key_id = $15, lock_key = $16, estimate = $17, versions = $18,
       deployment_env = coalesce($19, deployment_env), resumed_from = $20
     where environment_id = $1 and run_id = $2 and source = 'otlp' and request_id is null
     returning ${RUN_COLUMNS}`,
    opened(environmentId, run),
  );
  return rows[0] ?? null;
}

/** @returns the holder where somebody else holds the lock, null where this run holds it now */
export async function takeLock(
  tx: Sql,
  environmentId: string,
  lockKey: string,
  runId: string,
  graceS: number,
): Promise<{ run_id: string; age_s: number } | null> {
  const { rowCount } = await tx.query(
    `insert into run_locks (environment_id, lock_key, run_id, grace_s) values ($1, $2, $3, $4)
     on conflict (environment_id, lock_key) do update set run_id = excluded.run_id, held_since = now(), free_at = null,
       grace_s = excluded.grace_s
     where run_locks.free_at <= now() or run_locks.run_id = excluded.run_id`,
    [environmentId, lockKey, runId, graceS],
  );
  if (rowCount) return null;
  const { rows } = await tx.query<{ run_id: string; age_s: number }>(
    `select run_id, extract(epoch from now() - held_since)::float8 as age_s from run_locks where environment_id = $1 and lock_key = $2`,
    [environmentId, lockKey],
  );
  return rows[0] ?? { run_id: "unknown", age_s: 0 };
}

export const dropLock = (tx: Sql, environmentId: string, runId: string) =>
  tx.query("delete from run_locks where environment_id = $1 and run_id = $2", [environmentId, runId]);

/** A lost run, or one that waits for a person, goes on: with a token of its own, unless the same instance came back to it. */
export async function takeOver(
  tx: Sql,
  environmentId: string,
  runId: string,
  by: { leaseToken: string; instanceId: string | null; keyId: string | null; same: boolean },
): Promise<RunRow | null> {
  const { rows } = await tx.query<RunRow>(
    `update runs set status = 'running', stop_reason = null, ended_at = null, lease_until = now() + make_interval(secs => ${LEASE_S}),
       attempt = case when $6 then attempt else attempt + 1 end, lease_token = case when $6 then lease_token else $3 end,
       instance_id = $4, key_id = $5, last_activity_at = now(),
       waited_ms = waited_ms + coalesce((extract(epoch from now() - waiting_since) * 1000)::bigint, 0), waiting_since = null
     where environment_id = $1 and run_id = $2 and (status in ('lost', 'waiting') or (status = 'running' and lease_until < now()))
     returning ${RUN_COLUMNS}`,
    [environmentId, runId, by.leaseToken, by.instanceId, by.keyId, by.same],
  );
  return rows[0] ?? null;
}

export async function beat(
  tx: Sql,
  environmentId: string,
  input: {
    runId: string;
    token: string | null;
    step: number | null;
    instanceId: string | null;
    progress: unknown;
    waitingOn: unknown;
  },
): Promise<RunRow | null> {
  const { rows } = await tx.query<RunRow>(
    `update runs set lease_until = case when status = 'waiting' then null else now() + make_interval(secs => ${LEASE_S}) end,
       last_activity_at = now(), step = greatest(step, coalesce($4, 0)), instance_id = coalesce($5, instance_id), progress = coalesce($6, progress), waiting_on = $7
     where environment_id = $1 and run_id = $2 and status in ('running', 'waiting')
       and (source = 'otlp' or ((status = 'waiting' or lease_until >= now()) and (lease_token = $3 or ($3::text is null and attempt = 1))))
     returning ${RUN_COLUMNS}`,
    [
      environmentId,
      input.runId,
      input.token,
      input.step,
      input.instanceId,
      input.progress === undefined ? null : JSON.stringify(input.progress),
      input.waitingOn ? JSON.stringify(input.waitingOn) : null,
    ],
  );
  return rows[0] ?? null;
}

/** Any call that names a run keeps its lease; polls are gathered and written here once a second. */
export const renew = (tx: Sql, environmentId: string, runIds: string[]) =>
  tx.query(
    `update runs set lease_until = now() + make_interval(secs => ${LEASE_S}), last_activity_at = now()
     where environment_id = $1 and run_id = any($2) and status = 'running' and source = 'api' and lease_until >= now()`,
    [environmentId, runIds],
  );

export async function end(
  tx: Sql,
  environmentId: string,
  input: FinishRun & { status: RunStatus; sealed: Buffer | null },
): Promise<RunRow | null> {
  const { totals } = input;
  const claimed = totals
    ? {
        steps: totals.steps,
        tool_calls: totals.tool_calls,
        tokens: totals.tokens,
        cost_usd: totals.cost_usd ?? totals.usd,
      }
    : null;
  const { rows } = await tx.query<RunRow>(
    `update runs set late = (status = 'lost'), status = $4, stop_reason = $5, ended_at = now(), last_activity_at = now(),
       lease_until = null, result = $6, error_type = $7, error_message = $8, totals = $9, waiting_on = null,
       cost_micros = coalesce((select nullif(b.own_micros, 0) from run_spend b where b.environment_id = $1 and b.run_id = $2),
         case when cost_micros = 0 then coalesce($10, 0) else cost_micros end),
       settled = exists (select 1 from run_spend b where b.environment_id = $1 and b.run_id = $2 and b.own_micros > 0),
       waited_ms = waited_ms + coalesce((extract(epoch from now() - waiting_since) * 1000)::bigint, 0), waiting_since = null
     where environment_id = $1 and run_id = $2 and status in ('running', 'waiting', 'lost')
       and (source = 'otlp' or lease_token = $3 or ($3::text is null and attempt = 1))
     returning ${RUN_COLUMNS}`,
    [
      environmentId,
      input.run_id,
      input.lease_token ?? null,
      input.status,
      input.stop_reason,
      input.sealed,
      input.error?.type ?? null,
      input.error?.message.slice(0, 2_000) ?? null,
      claimed ? JSON.stringify(claimed) : null,
      claimed?.cost_usd === undefined ? null : Math.round(claimed.cost_usd * 1e6),
    ],
  );
  return rows[0] ?? null;
}

/** Runs whose lease is over become lost; their locks are free after the grace that was agreed when they were taken. */
export async function loseExpired(tx: Sql): Promise<{ environment_id: string; run_id: string }[]> {
  const { rows } = await tx.query<{ environment_id: string; run_id: string }>(
    `with lost as (
       update runs set status = 'lost', stop_reason = 'lease_expired', ended_at = lease_until, lease_until = null
       where status = 'running' and source = 'api' and lease_until < now() returning environment_id, run_id),
     freed as (
       update run_locks l set free_at = now() + make_interval(secs => l.grace_s) from lost
       where l.environment_id = lost.environment_id and l.run_id = lost.run_id)
     select environment_id, run_id from lost`,
  );
  return rows;
}

/** Runs known from spans alone end a minute after their root did, or after a quarter of an hour of silence. */
export async function endQuiet(tx: Sql): Promise<{ environment_id: string; run_id: string }[]> {
  const { rows } = await tx.query<{ environment_id: string; run_id: string }>(
    `update runs set status = case when root_failed then 'failed' else 'completed' end,
       stop_reason = case when root_failed then 'internal_error' else 'success' end,
       ended_at = greatest(started_at, coalesce(root_ended_at, last_activity_at))
     where source = 'otlp' and status = 'running'
       and (root_ended_at < now() - interval '60 seconds' or last_activity_at < now() - interval '15 minutes')
     returning environment_id, run_id`,
  );
  return rows;
}

/** Time in which the server did not run counts against nobody. */
export async function shiftLeases(tx: Sql, seconds: number): Promise<void> {
  const gap = "make_interval(secs => $1)";
  await tx.query(
    `update runs set lease_until = lease_until + ${gap} where status in ('running', 'waiting') and lease_until is not null`,
    [seconds],
  );
  await tx.query(`update run_locks set free_at = free_at + ${gap} where free_at is not null`, [seconds]);
}

/** Something of a run changed that is no span: detectors look at it again. */
export const touch = (tx: Sql, runs: readonly { environment_id: string; run_id: string }[]) =>
  runs.length === 0
    ? undefined
    : tx.query(
        "insert into run_touches (environment_id, run_id) select distinct * from unnest($1::text[], $2::text[]) as k(e, r)",
        [runs.map((r) => r.environment_id), runs.map((r) => r.run_id)],
      );

/** A checkpoint whose state was found not to be what was saved: nothing is to go on from it. */
export async function mismatched(tx: Sql, environmentId: string, checkpointId: string): Promise<Date | null> {
  const { rows } = await tx.query<{ mismatch_at: Date | null }>(
    "select mismatch_at from checkpoints where environment_id = $1 and checkpoint_id = $2",
    [environmentId, checkpointId],
  );
  return rows[0]?.mismatch_at ?? null;
}
