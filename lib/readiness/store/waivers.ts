import type { Sql } from "../../platform/db/pool";

export type WaiverRow = {
  waiver_id: string;
  agent_id: string;
  version: string;
  check_slug: string;
  reason: string;
  until: string;
  by_name: string;
  created_at: Date;
  revoked_at: Date | null;
  revoked_by_name: string | null;
  revoke_reason: string | null;
  holds: boolean;
};
const TODAY = "(now() at time zone 'utc')::date";
const COLUMNS = `waiver_id, agent_id, version, check_slug, reason, until::text, by_name, created_at, revoked_at, revoked_by_name, revoke_reason,
  revoked_at is null and until >= ${TODAY} as holds`;

export async function waivers(tx: Sql, environmentId: string, agentIds: readonly string[]): Promise<WaiverRow[]> {
  const { rows } = await tx.query<WaiverRow>(
    `select w.* from unnest($2::text[]) as k(a) cross join lateral (
       select ${COLUMNS} from readiness_waivers where environment_id = $1 and agent_id = k.a order by created_at desc, waiver_id desc limit 200) w`,
    [environmentId, agentIds],
  );
  return rows;
}
export async function waiver(tx: Sql, environmentId: string, id: string): Promise<WaiverRow | null> {
  const { rows } = await tx.query<WaiverRow>(
    `select ${COLUMNS} from readiness_waivers where environment_id = $1 and waiver_id = $2`,
    [environmentId, id],
  );
  return rows[0] ?? null;
}

/** Days from today, by the database's clock and in UTC. */
export async function daysUntil(tx: Sql, day: string): Promise<number> {
  const { rows } = await tx.query<{ days: number }>(`select $1::date - ${TODAY} as days`, [day]);
  return rows[0]?.days ?? 0;
}

export type NewWaiver = {
  id: string;
  agentId: string;
  version: string;
  check: string;
  reason: string;
  until: string;
  byId: string;
  byName: string;
};
export async function insertWaiver(tx: Sql, environmentId: string, w: NewWaiver): Promise<WaiverRow> {
  const { rows } = await tx.query<WaiverRow>(
    `insert into readiness_waivers (environment_id, waiver_id, agent_id, version, check_slug, reason, until, by_id, by_name)
     values ($1, $2, $3, $4, $5, $6, $7::date, $8, $9) returning ${COLUMNS}`,
    [environmentId, w.id, w.agentId, w.version, w.check, w.reason, w.until, w.byId, w.byName],
  );
  const [row] = rows;
  if (!row) throw new Error("the waiver was not written");
  return row;
}
/** @returns null where it had been taken back already */
export async function revokeWaiver(
  tx: Sql,
  environmentId: string,
  id: string,
  by: string,
  reason: string,
): Promise<WaiverRow | null> {
  const { rows } = await tx.query<WaiverRow>(
    `update readiness_waivers set revoked_at = now(), revoked_by_name = $3, revoke_reason = $4
     where environment_id = $1 and waiver_id = $2 and revoked_at is null returning ${COLUMNS}`,
    [environmentId, id, by, reason],
  );
  return rows[0] ?? null;
}
