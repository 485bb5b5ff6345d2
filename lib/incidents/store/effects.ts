import type { Sql } from "../../platform/db/pool";
import type { Verdict } from "../schema";
import { FAMILY } from "./evidence";

export type EffectRow = {
  effect_id: string;
  run_id: string;
  tenant_id: string | null;
  tool: string;
  effect: "write" | "irreversible" | "read";
  status: string;
  attempts: number;
  external_id: string | null;
  url: string | null;
  args_hash: string;
  args_preview: string | null;
  compensation: { tool: string; args: unknown } | null;
  approval_id: string | null;
  claimed_at: Date;
  settled_at: Date | null;
  verdict: Verdict | null;
  note: string | null;
  ledger_status: string | null;
  by_name: string | null;
  at: Date | null;
};
const COLUMNS = `e.effect_id, e.run_id, e.tenant_id, e.tool, e.effect, e.status, e.attempts, e.external_id, e.url, e.args_hash, e.args_preview,
  e.compensation, e.approval_id, e.claimed_at, e.settled_at, t.verdict, t.note, t.ledger_status, t.by_name, t.at`;
/** What has happened, may have happened, or is about to. */
const REAL = "e.status in ('done', 'unknown', 'committed', 'prepared', 'claimed')";
const OF = `from family f join effects e on e.environment_id = $1 and e.run_id = f.run_id
  left join incident_effects t on t.environment_id = $1 and t.incident_id = $2 and t.effect_id = e.effect_id where ${REAL}`;
const VALID = "(t.verdict is not null and t.ledger_status = e.status)";

export type EffectCounts = { total: number; validated: number; fenced: number };
export async function effectCounts(tx: Sql, environmentId: string, incidentId: string): Promise<EffectCounts> {
  const { rows } = await tx.query<EffectCounts>(
    `with ${FAMILY} select count(*)::int as total, count(*) filter (where ${VALID})::int as validated,
       count(*) filter (where e.status = 'prepared')::int as fenced ${OF}`,
    [environmentId, incidentId],
  );
  return rows[0] ?? { total: 0, validated: 0, fenced: 0 };
}
/** Those that nobody has looked at first. */
export async function effectsOf(
  tx: Sql,
  environmentId: string,
  incidentId: string,
  limit: number,
): Promise<EffectRow[]> {
  const { rows } = await tx.query<EffectRow>(
    `with ${FAMILY} select ${COLUMNS} ${OF} order by ${VALID}, e.claimed_at, e.effect_id limit $3`,
    [environmentId, incidentId, limit],
  );
  return rows;
}
export async function effectOf(
  tx: Sql,
  environmentId: string,
  incidentId: string,
  effectId: string,
): Promise<EffectRow | null> {
  const { rows } = await tx.query<EffectRow>(`with ${FAMILY} select ${COLUMNS} ${OF} and e.effect_id = $3`, [
    environmentId,
    incidentId,
    effectId,
  ]);
  return rows[0] ?? null;
}

export const putTick = (
  tx: Sql,
  environmentId: string,
  incidentId: string,
  t: { effectId: string; verdict: Verdict; note: string; status: string; byId: string; byName: string },
) =>
  tx.query(
    `insert into incident_effects (environment_id, incident_id, effect_id, verdict, note, ledger_status, by_id, by_name)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (environment_id, incident_id, effect_id) do update set verdict = excluded.verdict, note = excluded.note,
       ledger_status = excluded.ledger_status, by_id = excluded.by_id, by_name = excluded.by_name, at = clock_timestamp()`,
    [environmentId, incidentId, t.effectId, t.verdict, t.note, t.status, t.byId, t.byName],
  );
export async function dropTick(tx: Sql, environmentId: string, incidentId: string, effectId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    "delete from incident_effects where environment_id = $1 and incident_id = $2 and effect_id = $3",
    [environmentId, incidentId, effectId],
  );
  return rowCount === 1;
}
