import type { Sql } from "../../platform/db/pool";
import type { MarkerKind } from "../schema";

export type Target = {
  slug: string;
  name: string;
  url: string;
  markerKind: MarkerKind;
  markerName: string | null;
  markerValue: string;
  agentIds: string[];
  deploymentEnv: string | null;
  intervalS: number;
  silentAfterS: number;
};
export type CheckRow = {
  at: Date;
  ok: boolean;
  matched: boolean | null;
  status: number | null;
  latency_ms: number | null;
  found: string | null;
  error: string | null;
};
export type TargetRow = Target & {
  revision: number;
  updatedBy: string;
  updatedAt: Date;
  nextAt: Date | null;
  alertId: string | null;
  last: (Omit<CheckRow, "at"> & { at: string }) | null;
  matchAt: Date | null;
  /** Seconds since the marker was last found; null: never. */
  matchAgeS: number | null;
};

const OWN = `t.slug, t.name, t.url, t.marker_kind as "markerKind", t.marker_name as "markerName", t.marker_value as "markerValue",
  t.agent_ids as "agentIds", t.deployment_env as "deploymentEnv", t.interval_s as "intervalS", t.silent_after_s as "silentAfterS"`;
const CHECK = "at, ok, matched, status, latency_ms, found, error";
const SELECT = `select ${OWN}, t.revision, t.updated_by as "updatedBy", t.updated_at as "updatedAt", w.next_at as "nextAt", w.alert_id as "alertId",
    to_jsonb(c) as last, m.at as "matchAt", extract(epoch from now() - m.at)::float8 as "matchAgeS"
  from watched_targets t left join target_watch w using (environment_id, slug)
  left join lateral (select ${CHECK} from target_checks c where c.environment_id = t.environment_id and c.slug = t.slug and c.revision = t.revision
    order by c.at desc limit 1) c on true
  left join lateral (select c.at from target_checks c where c.environment_id = t.environment_id and c.slug = t.slug and c.revision = t.revision
    and c.matched order by c.at desc limit 1) m on true`;

export async function targets(tx: Sql, environmentId: string): Promise<TargetRow[]> {
  return (await tx.query<TargetRow>(`${SELECT} where t.environment_id = $1 order by t.slug`, [environmentId])).rows;
}
export async function target(tx: Sql, environmentId: string, slug: string): Promise<TargetRow | null> {
  const { rows } = await tx.query<TargetRow>(`${SELECT} where t.environment_id = $1 and t.slug = $2`, [
    environmentId,
    slug,
  ]);
  return rows[0] ?? null;
}

/** What was found at another address or marker says nothing of this one: a new revision is looked at at once. */
export async function putTarget(tx: Sql, environmentId: string, t: Target, by: string): Promise<{ created: boolean }> {
  const { rows } = await tx.query<{ created: boolean }>(
    `with w as (insert into target_watch as w (environment_id, slug) values ($1, $2)
       on conflict (environment_id, slug) do update set next_at = now())
     insert into watched_targets as t (environment_id, slug, name, url, marker_kind, marker_name, marker_value, agent_ids, deployment_env,
       interval_s, silent_after_s, updated_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (environment_id, slug) do update set name = excluded.name, url = excluded.url, marker_kind = excluded.marker_kind,
       marker_name = excluded.marker_name, marker_value = excluded.marker_value, agent_ids = excluded.agent_ids,
       deployment_env = excluded.deployment_env, interval_s = excluded.interval_s, silent_after_s = excluded.silent_after_s,
       updated_by = excluded.updated_by, updated_at = now(), revision = t.revision + 1
     returning (xmax = 0) as created`,
    [
      environmentId,
      t.slug,
      t.name,
      t.url,
      t.markerKind,
      t.markerName,
      t.markerValue,
      t.agentIds,
      t.deploymentEnv,
      t.intervalS,
      t.silentAfterS,
      by,
    ],
  );
  return { created: rows[0]?.created ?? false };
}
export async function deleteTarget(tx: Sql, environmentId: string, slug: string): Promise<void> {
  for (const table of ["target_screenshots", "target_checks", "target_watch", "watched_targets"])
    await tx.query(`delete from ${table} where environment_id = $1 and slug = $2`, [environmentId, slug]);
}
/** @returns false where there is no such target */
export async function dueNow(tx: Sql, environmentId: string, slug: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    "update target_watch set next_at = now() where environment_id = $1 and slug = $2",
    [environmentId, slug],
  );
  return rowCount === 1;
}
export const setAlert = (tx: Sql, environmentId: string, slug: string, alertId: string | null) =>
  tx.query("update target_watch set alert_id = $3 where environment_id = $1 and slug = $2", [
    environmentId,
    slug,
    alertId,
  ]);

export async function checksOf(tx: Sql, environmentId: string, slug: string, limit: number): Promise<CheckRow[]> {
  const { rows } = await tx.query<CheckRow>(
    `select ${CHECK} from target_checks where environment_id = $1 and slug = $2 order by at desc limit $3`,
    [environmentId, slug, limit],
  );
  return rows;
}

export type DueTarget = Target & { environmentId: string; revision: number };
/** Targets whose time has come: whoever moves the time looks. */
export async function claimDue(tx: Sql, limit: number): Promise<DueTarget[]> {
  const { rows } = await tx.query<DueTarget>(
    `with due as (select environment_id, slug from target_watch where next_at <= now() order by next_at limit $1 for update skip locked)
     update target_watch w set next_at = now() + make_interval(secs => t.interval_s)
     from due join watched_targets t using (environment_id, slug) where w.environment_id = due.environment_id and w.slug = due.slug
     returning w.environment_id as "environmentId", t.revision, ${OWN}`,
    [limit],
  );
  return rows;
}
/** @returns false where the target has changed since: what was found is of no use */
export async function addCheck(
  tx: Sql,
  t: { environmentId: string; slug: string; revision: number },
  c: Omit<CheckRow, "at">,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into target_checks (environment_id, slug, revision, ok, matched, status, latency_ms, found, error)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9 from watched_targets where environment_id = $1 and slug = $2 and revision = $3`,
    [t.environmentId, t.slug, t.revision, c.ok, c.matched, c.status, c.latency_ms, c.found, c.error],
  );
  return rowCount === 1;
}
export const forgetChecks = (tx: Sql) => tx.query("delete from target_checks where at < now() - interval '30 days'");
