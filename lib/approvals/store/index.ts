import type { Sql } from "../../platform/db/pool";
import type { ApprovalStatus } from "../schema";

export const APPROVALS_CHANNEL = "interlock_approvals";

export type Stage = {
  name?: string | null;
  roles?: string[];
  people?: string[];
  machine?: string | null;
  quorum: number;
  timeout_s: number;
  remind_after_s?: number;
  on_timeout: "escalate" | "expire";
};
export type Vote = {
  stage: number;
  voter: string;
  voterName: string;
  verdict: "approve" | "deny" | "abstain";
  reason: string;
  at: string;
};
export type ApprovalRow = {
  approvalId: string;
  environmentId: string;
  runId: string;
  agentId: string;
  tenantId: string | null;
  taskType: string;
  kind: "policy" | "effect_unknown";
  tool: string | null;
  model: string | null;
  connector: string | null;
  effect: string | null;
  args: string | null;
  question: {
    args_hash?: string | null;
    facts?: Record<string, unknown>;
    intent?: { reason?: string; resources?: string[] } | null;
    estimate?: Record<string, unknown> | null;
    compensation?: string | null;
  };
  rule: string;
  says: string;
  policyId: string | null;
  policyVersion: number | null;
  ladder: Stage[];
  stage: number;
  stageDueAt: Date;
  breakGlassRoles: string[];
  status: ApprovalStatus;
  requestedKey: string | null;
  requestedPerson: string;
  requestedName: string;
  requestedAt: Date;
  expiresAt: Date;
  frozenAt: Date | null;
  settledAt: Date | null;
  settledBy: string | null;
  settledPerson: string | null;
  settleReason: string | null;
  effectId: string | null;
  brokenGlass: boolean;
  reviewState: "open" | "closed" | null;
  reviewNote: string | null;
  reviewedBy: string | null;
  /** By the database's clock. */
  over: boolean;
  us: string;
  votes: Vote[];
};
const COLUMNS = `a.approval_id as "approvalId", a.environment_id as "environmentId", a.run_id as "runId", a.agent_id as "agentId", a.tenant_id as "tenantId",
  a.task_type as "taskType", a.kind, a.tool, a.model, a.connector, a.effect, a.args, a.question, a.rule, a.says, a.policy_id as "policyId",
  a.policy_version as "policyVersion", a.ladder, a.stage, a.stage_due_at as "stageDueAt", a.break_glass_roles as "breakGlassRoles", a.status,
  a.requested_key as "requestedKey", a.requested_person as "requestedPerson", a.requested_name as "requestedName", a.requested_at as "requestedAt",
  a.expires_at as "expiresAt", a.frozen_at as "frozenAt", a.settled_at as "settledAt", a.settled_by as "settledBy", a.settled_person as "settledPerson", a.settle_reason as "settleReason",
  a.effect_id as "effectId", a.broken_glass as "brokenGlass", a.review_state as "reviewState", a.review_note as "reviewNote", a.reviewed_by as "reviewedBy",
  a.frozen_at is null and a.expires_at <= clock_timestamp() as over, (extract(epoch from a.requested_at) * 1000)::bigint::text as us,
  coalesce((select jsonb_agg(jsonb_build_object('stage', v.stage, 'voter', v.voter, 'voterName', v.voter_name, 'verdict', v.verdict, 'reason', v.reason,
    'at', to_char(v.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by v.at) from approval_votes v
    where v.environment_id = a.environment_id and v.approval_id = a.approval_id), '[]') as votes`;

export async function approval(tx: Sql, environmentId: string, id: string, lock = false): Promise<ApprovalRow | null> {
  const { rows } = await tx.query<ApprovalRow>(
    `select ${COLUMNS} from approvals a where a.environment_id = $1 and a.approval_id = $2${lock ? " for update" : ""}`,
    [environmentId, id],
  );
  return rows[0] ?? null;
}

export type Filter = {
  status: string | null;
  settled: boolean;
  runId: string | null;
  agentId: string | null;
  tool: string | null;
  review: boolean;
  /** What the caller's key is bound to, as patterns of LIKE. */
  agents: string[] | null;
  tenants: string[] | null;
};
/** What waits comes oldest first, as a queue is worked; the rest newest first. */
export async function approvals(
  tx: Sql,
  environmentId: string,
  f: Filter,
  page: { limit: number; after: (string | number)[] | null },
) {
  const { rows } = await tx.query<ApprovalRow>(
    `select ${COLUMNS} from approvals a where a.environment_id = $1 and ($2::text is null or a.status = $2) and (not $3 or a.status <> 'pending')
       and ($4::text is null or a.run_id = $4) and ($5::text is null or a.agent_id = $5) and ($6::text is null or a.tool = $6)
       and (not $7 or a.review_state = 'open')
       and ($11::text[] is null or a.agent_id like any($11)) and ($12::text[] is null or a.tenant_id like any($12))
       and ($8::float8 is null or (a.requested_at, a.approval_id) ${f.status === "pending" ? ">" : "<"} (to_timestamp($8 / 1000.0), $9))
     order by a.requested_at ${f.status === "pending" ? "asc" : "desc"}, a.approval_id ${f.status === "pending" ? "asc" : "desc"} limit $10`,
    [
      environmentId,
      f.status,
      f.settled,
      f.runId,
      f.agentId,
      f.tool,
      f.review,
      page.after ? Number(page.after[0]) : null,
      page.after?.[1] ?? "",
      page.limit + 1,
      f.agents,
      f.tenants,
    ],
  );
  return rows;
}

/** Everything that waits, oldest first: a queue is read to its end. */
export async function pending(tx: Sql, environmentId: string): Promise<ApprovalRow[]> {
  const { rows } = await tx.query<ApprovalRow>(
    `select ${COLUMNS} from approvals a where a.environment_id = $1 and a.status = 'pending' order by a.requested_at limit 1000`,
    [environmentId],
  );
  return rows;
}

export async function addVote(tx: Sql, environmentId: string, id: string, v: Omit<Vote, "at">): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into approval_votes (environment_id, approval_id, stage, voter, voter_name, verdict, reason) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict do nothing`,
    [environmentId, id, v.stage, v.voter, v.voterName, v.verdict, v.reason],
  );
  return rowCount === 1;
}

type Settled = {
  status: "approved" | "denied" | "expired" | "cancelled";
  by: string;
  /** Whose id; null: the system's. */
  person?: string;
  reason: string;
  expiresInS?: number;
  brokenGlass?: boolean;
};
/** Moves it out of pending, one time, and tells whoever waits for it. @returns whether it was pending until now */
export async function settle(tx: Sql, environmentId: string, id: string, s: Settled): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with moved as (update approvals set status = $3, settled_at = clock_timestamp(), settled_by = $4, settled_person = $8, settle_reason = $5, frozen_at = null,
       expires_at = case when $6::float8 is not null then clock_timestamp() + make_interval(secs => $6)
         when frozen_at is not null then expires_at + (clock_timestamp() - frozen_at) else expires_at end,
       broken_glass = broken_glass or $7, review_state = case when $7 then 'open' else review_state end
     where environment_id = $1 and approval_id = $2 and status = 'pending' returning 1)
     select pg_notify('${APPROVALS_CHANNEL}', $1 || ' ' || $2) from moved`,
    [environmentId, id, s.status, s.by, s.reason, s.expiresInS ?? null, s.brokenGlass ?? false, s.person ?? null],
  );
  return rowCount === 1;
}

/** The next stage is asked; its clock begins now. */
export const toStage = (
  tx: Sql,
  environmentId: string,
  id: string,
  stage: number,
  timeoutS: number,
  remindS: number | null,
) =>
  tx.query(
    `update approvals set stage = $3, stage_due_at = least(expires_at, clock_timestamp() + make_interval(secs => $4)),
       remind_at = clock_timestamp() + make_interval(secs => $5::float8), reminded = 0
     where environment_id = $1 and approval_id = $2 and status = 'pending'`,
    [environmentId, id, stage, timeoutS, remindS],
  );

/** What a sweep has to look at: clocks that are over, runs that have ended, machine stages that have not been asked. */
export async function due(
  tx: Sql,
): Promise<(ApprovalRow & { runEnded: boolean; stageOver: boolean; remindDue: boolean; runStop: string | null })[]> {
  const { rows } = await tx.query<
    ApprovalRow & { runEnded: boolean; stageOver: boolean; remindDue: boolean; runStop: string | null }
  >(
    `select ${COLUMNS}, r.status not in ('running', 'waiting', 'lost') as "runEnded", r.stop_reason as "runStop",
       a.frozen_at is null and a.stage_due_at <= clock_timestamp() as "stageOver",
       a.frozen_at is null and a.remind_at <= clock_timestamp() as "remindDue"
     from approvals a join runs r on r.environment_id = a.environment_id and r.run_id = a.run_id
     where a.status = 'pending' and (r.status not in ('running', 'waiting', 'lost') or (a.frozen_at is null
       and (a.expires_at <= clock_timestamp() or a.stage_due_at <= clock_timestamp() or a.remind_at <= clock_timestamp())))`,
  );
  return rows;
}

export const reminded = (tx: Sql, environmentId: string, id: string, everyS: number) =>
  tx.query(
    `update approvals set reminded = reminded + 1, remind_at = clock_timestamp() + make_interval(secs => $3)
     where environment_id = $1 and approval_id = $2 and status = 'pending' and remind_at <= clock_timestamp()`,
    [environmentId, id, everyS],
  );

/** A stop or a pause holds the clocks of what waits under it; they go on where they stood. */
export async function freeze(tx: Sql, held: { environmentId: string; approvalIds: string[] }[]): Promise<void> {
  const environments = held.flatMap((h) => h.approvalIds.map(() => h.environmentId));
  const ids = held.flatMap((h) => h.approvalIds);
  await tx.query(
    `update approvals a set frozen_at = clock_timestamp() from unnest($1::text[], $2::text[]) as h(e, id)
     where a.environment_id = h.e and a.approval_id = h.id and a.status = 'pending' and a.frozen_at is null`,
    [environments, ids],
  );
  await tx.query(
    `update approvals a set expires_at = expires_at + (clock_timestamp() - frozen_at), stage_due_at = stage_due_at + (clock_timestamp() - frozen_at),
       remind_at = remind_at + (clock_timestamp() - frozen_at), frozen_at = null
     where a.status = 'pending' and a.frozen_at is not null
       and not exists (select 1 from unnest($1::text[], $2::text[]) as h(e, id) where a.environment_id = h.e and a.approval_id = h.id)`,
    [environments, ids],
  );
}

export async function waitingOnes(tx: Sql) {
  const { rows } = await tx.query<{ environmentId: string; approvalId: string; runId: string }>(
    `select environment_id as "environmentId", approval_id as "approvalId", run_id as "runId" from approvals where status = 'pending'`,
  );
  return rows;
}

/** Runs that wait for nobody any more get their lease back: the next decision, or nobody, moves them on. */
export const wakeRuns = (tx: Sql) =>
  tx.query(
    `update runs r set status = 'running', waited_ms = waited_ms + (extract(epoch from clock_timestamp() - waiting_since) * 1000)::bigint,
       waiting_since = null, lease_until = clock_timestamp() + interval '60 seconds', last_activity_at = clock_timestamp()
     where r.status = 'waiting' and not exists (select 1 from approvals a where a.environment_id = r.environment_id and a.run_id = r.run_id
       and (a.status = 'pending' or (a.status = 'approved' and a.expires_at > clock_timestamp())))`,
  );

export async function machineStages(tx: Sql): Promise<ApprovalRow[]> {
  const { rows } = await tx.query<ApprovalRow>(
    `select ${COLUMNS} from approvals a where a.status = 'pending' and a.frozen_at is null and a.ladder->a.stage->>'machine' is not null
       and not exists (select 1 from approval_votes v where v.environment_id = a.environment_id and v.approval_id = a.approval_id
         and v.stage = a.stage and v.voter = 'machine') limit 50`,
  );
  return rows;
}

/** Nobody can use a word on it any more: the run has ended, and a sweep will withdraw the question. */
export async function runEnded(tx: Sql, a: ApprovalRow): Promise<boolean> {
  const { rows } = await tx.query<{ ended: boolean }>(
    "select status not in ('running', 'waiting', 'lost') as ended from runs where environment_id = $1 and run_id = $2",
    [a.environmentId, a.runId],
  );
  return rows[0]?.ended ?? true;
}

export async function closeReview(
  tx: Sql,
  environmentId: string,
  id: string,
  note: string,
  by: string,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update approvals set review_state = 'closed', review_note = $3, reviewed_by = $4, reviewed_at = clock_timestamp()
     where environment_id = $1 and approval_id = $2 and review_state = 'open'`,
    [environmentId, id, note, by],
  );
  return rowCount === 1;
}

export async function selfApproval(tx: Sql, environmentId: string): Promise<boolean> {
  const { rows } = await tx.query<{ self: boolean }>(
    "select self_approval as self from control_heads where environment_id = $1",
    [environmentId],
  );
  return rows[0]?.self ?? false;
}
export const setSelfApproval = (tx: Sql, environmentId: string, on: boolean) =>
  tx.query("update control_heads set self_approval = $2 where environment_id = $1", [environmentId, on]);

export async function counts(tx: Sql, environmentId: string) {
  const { rows } = await tx.query<{ reviews: number; grants: number }>(
    `select (select count(*)::int from approvals where environment_id = $1 and review_state = 'open') as reviews,
       (select count(*)::int from approval_grants where environment_id = $1 and revoked_at is null and expires_at > now()
         and (max_uses is null or uses < max_uses)) as grants`,
    [environmentId],
  );
  return rows[0] ?? { reviews: 0, grants: 0 };
}

/** What people were asked about a write whose outcome is known now: the question is moot. */
export const withdrawFor = (tx: Sql, environmentId: string, effectId: string, by: string) =>
  tx.query(
    `with moved as (update approvals set status = 'cancelled', settled_at = clock_timestamp(), settled_by = $3, settle_reason = 'The write was settled by hand.'
       where environment_id = $1 and status = 'pending' and kind = 'effect_unknown' and question->>'unknown_effect' = $2 returning approval_id)
     select pg_notify('${APPROVALS_CHANNEL}', $1 || ' ' || approval_id) from moved`,
    [environmentId, effectId, by],
  );
