import type { Sql } from "../../platform/db/pool";

export type GateRow = { agentId: string; version: string; ready: boolean; blocking: string[] };
export type Turn = { agentId: string; version: string; wasReady: boolean; ready: boolean };

/** Writes what the gate says now. @returns those that were said otherwise before; a version's first word is no turn. */
export async function saveGates(tx: Sql, environmentId: string, gates: readonly GateRow[]): Promise<Turn[]> {
  if (gates.length === 0) return [];
  const { rows } = await tx.query<Turn>(
    `with k as (select * from json_to_recordset($2) as k("agentId" text, version text, ready bool, blocking text[])),
     old as (
       select g.agent_id, g.version, g.ready from readiness_gates g join k on k."agentId" = g.agent_id and k.version = g.version
       where g.environment_id = $1 order by 1, 2 for update of g),
     put as (
       insert into readiness_gates as g (environment_id, agent_id, version, ready, blocking)
       select $1, "agentId", version, ready, blocking from k order by 2, 3
       on conflict (environment_id, agent_id, version) do update set ready = excluded.ready, blocking = excluded.blocking, judged_at = now(),
         since = case when g.ready = excluded.ready then g.since else now() end
       returning agent_id, version, ready)
     select p.agent_id as "agentId", p.version, o.ready as "wasReady", p.ready from put p join old o using (agent_id, version)
     where o.ready <> p.ready`,
    [environmentId, JSON.stringify(gates)],
  );
  return rows;
}
export const forgetGates = (tx: Sql) =>
  tx.query("delete from readiness_gates where judged_at < now() - interval '180 days'");
