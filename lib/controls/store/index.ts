import type { Sql } from "../../platform/db/pool";
import type { PolicyRule } from "../bindings";
import type { DrillSchedule } from "../drills/shapes";
import type { Settings, Snapshot, Switch } from "../evaluate";
import type { OnStale, ScopeKind, SetSwitch } from "../schema";
import { putSchedule } from "./schedule";

export { schedule } from "./schedule";
export const CONTROL_CHANNEL = "interlock_control";

type HeadRow = {
  revision: number;
  settings_revision: number;
  policy_revision: number;
  ttl_s: number;
  on_stale: OnStale;
  poll_after_s: number;
  safe_mode_tools: string[];
  policy_rules: PolicyRule[];
  floor: number;
  switches: Switch[];
};

/** The whole state of one environment in one statement, so that it is of one moment. */
export async function load(tx: Sql, environmentId: string): Promise<Snapshot> {
  const known = await read(tx, environmentId);
  if (known) return known;
  await tx.query(
    `insert into control_heads (environment_id, revision, settings_revision)
     values ($1, (extract(epoch from clock_timestamp()) * 1000)::bigint, 0) on conflict do nothing`,
    [environmentId],
  );
  const made = await read(tx, environmentId);
  if (!made) throw new Error(`environment ${environmentId} has no control head`);
  return made;
}

async function read(tx: Sql, environmentId: string): Promise<Snapshot | null> {
  const { rows } = await tx.query<HeadRow>(
    `select h.*, coalesce((select max(release_revision) from switches s where s.environment_id = h.environment_id
         and s.released_at <= now() - interval '1 hour'), 0) as floor,
       coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'kind', s.scope_kind, 'key', s.scope_key, 'mode', s.mode,
         'reason', s.reason, 'setBy', s.set_by_email, 'setAt', to_char(s.set_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         'until', case when s.mode <> 'stop' then to_char(s.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end,
         'revision', s.revision, 'releaseRevision', s.release_revision,
         'runAgents', case when s.scope_kind = 'run' then coalesce((select jsonb_agg(distinct r.agent_id) from runs r
           where r.environment_id = s.environment_id and r.status in ('running', 'waiting')
             and (r.run_id = s.scope_key or s.scope_key = any(r.ancestors))), '[]') else '[]' end) order by s.revision)
         from switches s where s.environment_id = h.environment_id
           and (s.released_at is null or s.released_at > now() - interval '1 hour')), '[]') as switches
     from control_heads h where h.environment_id = $1`,
    [environmentId],
  );
  const head = rows[0];
  if (!head) return null;
  return {
    environmentId,
    revision: head.revision,
    settingsRevision: head.settings_revision,
    policyRevision: head.policy_revision,
    settings: {
      ttlS: head.ttl_s,
      onStale: head.on_stale,
      pollAfterS: head.poll_after_s,
      safeModeTools: head.safe_mode_tools,
    },
    policyRules: head.policy_rules,
    active: head.switches.filter((s) => s.releaseRevision === null),
    released: head.switches.filter((s) => s.releaseRevision !== null),
    floor: head.floor,
  };
}

export async function revisions(tx: Sql, environmentIds: string[]): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ environment_id: string; revision: number }>({
    name: "control-revisions",
    text: "select environment_id, revision from control_heads where environment_id = any($1)",
    values: [environmentIds],
  });
  return new Map(rows.map((r) => [r.environment_id, r.revision]));
}

/** `max(previous + 1, now in ms)`, and everybody is told when the transaction commits. */
export async function nextRevision(tx: Sql, environmentId: string): Promise<number> {
  const { rows } = await tx.query<{ revision: number }>(
    `with next as (
       insert into control_heads as h (environment_id, revision, settings_revision)
       values ($1, (extract(epoch from clock_timestamp()) * 1000)::bigint, 0)
       on conflict (environment_id) do update set revision = greatest(h.revision + 1, excluded.revision) returning h.revision)
     select revision from next, pg_notify('${CONTROL_CHANNEL}', $1 || ' ' || next.revision)`,
    [environmentId],
  );
  return rows[0]?.revision ?? 0;
}

/** What policies, budgets and grants say now concerns every caller: a new revision of both kinds. */
export async function publish(tx: Sql, environmentId: string, revision: number, rules: PolicyRule[]): Promise<number> {
  const { rows } = await tx.query<{ policy_revision: number }>(
    `update control_heads set policy_revision = policy_revision + 1, settings_revision = $2, policy_rules = $3
     where environment_id = $1 returning policy_revision`,
    [environmentId, revision, JSON.stringify(rules)],
  );
  return rows[0]?.policy_revision ?? 0;
}

/**
 * The environment's one lock: whoever decides, settles, flips a switch or changes a policy waits here, in the order they came.
 * @returns the revision that holds once it is ours
 */
export async function lockHead(tx: Sql, environmentId: string): Promise<number> {
  const { rows } = await tx.query<{ revision: number }>(lockText("$1"), [environmentId]);
  return rows[0]?.revision ?? 0;
}
const lockText = (id: string) => `select revision from control_heads where environment_id = ${id} for no key update`;

/** The same as the first words of a transaction, so that it begins and waits in one round trip. `id` is one of ours. */
export const beginAndLock = (environmentId: string): string =>
  `begin; ${lockText(`'${environmentId.replaceAll("'", "''")}'`)}`;

type NewSwitch = SetSwitch & {
  id: string;
  environmentId: string;
  revision: number;
  byPerson: string;
  byName: string;
  byEmail: string;
  byKey: string | null;
};
/** SQL that is true of the live runs `r` that a switch of this kind and key holds. */
const HELD = `r.environment_id = $1 and r.status in ('running', 'waiting') and case $2
  when 'environment' then true
  when 'run' then r.run_id = $3 or $3 = any(r.ancestors)
  when 'agent' then r.agent_id = $3 or ($4 and exists (select 1 from runs p where p.environment_id = $1 and p.run_id = any(r.ancestors) and p.agent_id = $3))
  when 'tenant' then r.tenant_id = $3 or ($4 and exists (select 1 from runs p where p.environment_id = $1 and p.run_id = any(r.ancestors) and p.tenant_id = $3))
  when 'task_type' then r.task_type = $3 or ($4 and exists (select 1 from runs p where p.environment_id = $1 and p.run_id = any(r.ancestors) and p.task_type = $3))
  else false end`;
/** And of the instances `i` that must be told. */
const TOLD = `i.environment_id = $1 and i.last_heard_at > now() - interval '1 day' and case
  when $2 in ('environment', 'tool', 'connector') then true
  when $2 = 'agent' and i.agent_id = $3 then true
  else i.instance_id in (select r.instance_id from runs r where ${HELD}) end`;
const args = (environmentId: string, kind: ScopeKind, key: string, stop: boolean) => [environmentId, kind, key, stop];

/** The switch, and whom it is meant for, in one statement. @returns how many */
export async function insertSwitch(tx: Sql, s: NewSwitch) {
  const key = s.scope.key ?? "";
  const { rows } = await tx.query<{ setAt: Date; expiresAt: Date | null; runs: number; instances: number }>(
    `with sw as (
       insert into switches (id, environment_id, scope_kind, scope_key, mode, reason, revision, set_at, set_by_person, set_by_name, set_by_email, set_by_key, expires_at)
       values ($5, $1, $2, $3, $6, $7, $8, clock_timestamp(), $9, $10, $11, $12, clock_timestamp() + make_interval(secs => $13::float8))
       returning set_at, expires_at),
     held as (insert into switch_runs (switch_id, run_id, gated)
       select $5, r.run_id, r.source = 'api' from runs r where ${HELD.replaceAll("$4", "$4::bool")} returning 1),
     ended as (update runs r set status = 'stopped', stop_reason = 'kill_switch', ended_at = clock_timestamp(), lease_until = null,
       waited_ms = waited_ms + coalesce((extract(epoch from clock_timestamp() - waiting_since) * 1000)::bigint, 0), waiting_since = null
       where $6 = 'stop' and r.status = 'waiting' and ${HELD.replaceAll("$4", "$4::bool")} returning run_id),
     freed as (delete from run_locks l using ended where l.environment_id = $1 and l.run_id = ended.run_id),
     told as (insert into switch_instances (switch_id, instance_id, agent_id)
       select $5, i.instance_id, i.agent_id from instances i where ${TOLD.replaceAll("$4", "$4::bool")} returning 1)
     select set_at as "setAt", expires_at as "expiresAt", (select count(*)::int from held) as runs,
       (select count(*)::int from told) as instances from sw`,
    [
      ...args(s.environmentId, s.scope.kind, key, s.mode === "stop"),
      s.id,
      s.mode,
      s.reason,
      s.revision,
      s.byPerson,
      s.byName,
      s.byEmail,
      s.byKey,
      s.expires_in_s ?? null,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error("the switch was not written");
  return row;
}

export async function runExists(tx: Sql, environmentId: string, runId: string): Promise<boolean> {
  const { rowCount } = await tx.query("select 1 from runs where environment_id = $1 and run_id = $2", [
    environmentId,
    runId,
  ]);
  return rowCount !== 0;
}

export async function agentExists(tx: Sql, environmentId: string, agentId: string): Promise<boolean> {
  const { rowCount } = await tx.query("select 1 from agents where environment_id = $1 and agent_id = $2", [
    environmentId,
    agentId,
  ]);
  return rowCount !== 0;
}

/** People are told of it: whoever releases it tells them too. */
export const markTold = (tx: Sql, environmentId: string, id: string) =>
  tx.query("update switches set told = true where environment_id = $1 and id = $2", [environmentId, id]);

export type PastDue = {
  id: string;
  environmentId: string;
  scopeKind: ScopeKind;
  scopeKey: string;
  reason: string;
  setByName: string;
  setAt: Date;
  dueAt: Date;
};
/** Stops that nobody has looked at by their date; from here on people count as told. */
export async function takePastDue(tx: Sql): Promise<PastDue[]> {
  const { rows } = await tx.query<PastDue>(
    `update switches set due_told = true, told = true
     where mode = 'stop' and released_at is null and expires_at <= clock_timestamp() and not due_told
     returning id, environment_id as "environmentId", scope_kind as "scopeKind", scope_key as "scopeKey", reason, set_by_name as "setByName",
       set_at as "setAt", expires_at as "dueAt"`,
  );
  return rows;
}

export type Released = { scopeKind: ScopeKind; scopeKey: string; mode: "safe_mode" | "pause" | "stop"; told: boolean };
/** @returns null where no active switch of this environment has the id */
export async function releaseSwitch(
  tx: Sql,
  environmentId: string,
  id: string,
  by: { name: string; reason: string; revision: number },
): Promise<Released | null> {
  const { rows } = await tx.query<Released>(
    `update switches set released_at = clock_timestamp(), released_by_name = $3, release_reason = $4, release_revision = $5
     where id = $2 and environment_id = $1 and released_at is null
     returning scope_kind as "scopeKind", scope_key as "scopeKey", mode, told`,
    [environmentId, id, by.name, by.reason, by.revision],
  );
  return rows[0] ?? null;
}

export async function switchRow(
  tx: Sql,
  environmentId: string,
  id: string,
): Promise<{ releasedByName: string | null } | null> {
  const { rows } = await tx.query<{ releasedByName: string | null }>(
    'select released_by_name as "releasedByName" from switches where id = $2 and environment_id = $1',
    [environmentId, id],
  );
  return rows[0] ?? null;
}

export type Configured = Settings & { drill: DrillSchedule | null };
const CONFIGURED = `ttl_s as "ttlS", on_stale as "onStale", poll_after_s as "pollAfterS", safe_mode_tools as "safeModeTools", drill`;
/** Sets what is given and leaves the rest. @returns what held before, and what holds now */
export async function configure(tx: Sql, environmentId: string, revision: number, next: Partial<Configured>) {
  const { rows: before } = await tx.query<Configured>(
    `select ${CONFIGURED} from control_heads where environment_id = $1`,
    [environmentId],
  );
  if (next.drill !== undefined) await putSchedule(tx, environmentId, next.drill);
  const { rows: after } = await tx.query<Configured>(
    `update control_heads set settings_revision = $2, ttl_s = coalesce($3, ttl_s), on_stale = coalesce($4, on_stale),
       poll_after_s = coalesce($5, poll_after_s), safe_mode_tools = coalesce($6, safe_mode_tools)
     where environment_id = $1 returning ${CONFIGURED}`,
    [
      environmentId,
      revision,
      next.ttlS ?? null,
      next.onStale ?? null,
      next.pollAfterS ?? null,
      next.safeModeTools ?? null,
    ],
  );
  return { before: before[0], after: after[0] };
}

type Due = { id: string; environment_id: string };
/** Pauses and safe modes whose time is over. */
export async function lapsed(tx: Sql): Promise<Due[]> {
  const { rows } = await tx.query<Due>(
    "select id, environment_id from switches where released_at is null and mode <> 'stop' and expires_at <= now()",
  );
  return rows;
}

/** Switches on one run that has ended, with everything under it: they have nothing left to hold. */
export async function fulfilled(tx: Sql): Promise<Due[]> {
  const { rows } = await tx.query<Due>(
    `select s.id, s.environment_id from switches s join runs r on r.environment_id = s.environment_id and r.run_id = s.scope_key
     where s.released_at is null and s.scope_kind = 'run' and r.status in ('completed', 'failed', 'stopped')
       and not exists (select 1 from runs c where c.environment_id = s.environment_id and s.scope_key = any(c.ancestors)
         and c.status in ('running', 'waiting'))
       and not exists (select 1 from switch_runs w join runs c on c.environment_id = s.environment_id and c.run_id = w.run_id
         where w.switch_id = s.id and c.status in ('running', 'waiting', 'lost'))`,
  );
  return rows;
}

/** Says that the server runs. @returns the seconds since somebody last did */
export async function beatAlive(tx: Sql): Promise<number> {
  const { rows } = await tx.query<{ gap: number }>(
    `with before as (select alive_at from installation where id = 1 for update)
     update installation set alive_at = clock_timestamp() from before where id = 1
     returning extract(epoch from clock_timestamp() - before.alive_at)::float8 as gap`,
  );
  return rows[0]?.gap ?? 0;
}

export { args as scopeArgs, HELD, TOLD };

/** Straight from the database, for pages: their process does not follow the revision. */
export async function currentHead(tx: Sql, environmentId: string) {
  const snapshot = await load(tx, environmentId);
  const wide = snapshot.active.filter((s) => s.kind === "environment").map((s) => s.mode);
  const environment = wide.includes("stop")
    ? "stop"
    : wide.includes("pause")
      ? "pause"
      : wide.includes("safe_mode")
        ? "safe_mode"
        : "run";
  return { settings: snapshot.settings, revision: snapshot.revision, environment } as const;
}
