import type { Sql } from "../../platform/db/pool";

const REF = "question ->> 'credential_ref'";
/** Decisions are entered a moment after they were decided: what was gathered last is looked at again. */
const SINCE = `coalesce((select h.until - interval '2 minutes' from credential_harvest h where h.environment_id = $1), now() - interval '30 days')`;
const USED = `from decisions where environment_id = $1 and decided_at > ${SINCE} and ${REF} is not null and outcome = 'allow'`;

/** credential → the agents that used it within 30 days: what was gathered, and what came since. */
export async function credentials(tx: Sql, environmentId: string): Promise<Map<string, Set<string>>> {
  const { rows } = await tx.query<{ ref: string; agents: string[] }>(
    `select ref, array_agg(distinct agent_id) as agents from (
       select credential_ref as ref, agent_id from credential_uses where environment_id = $1 and last_at > now() - interval '30 days'
       union select ${REF}, agent_id ${USED}) u group by 1`,
    [environmentId],
  );
  return new Map(rows.map((r) => [r.ref, new Set(r.agents)]));
}

export async function gatherCredentials(tx: Sql, environmentId: string): Promise<void> {
  await tx.query(
    `insert into credential_uses as u (environment_id, agent_id, credential_ref, last_at)
     select $1, agent_id, ${REF}, max(decided_at) ${USED} group by 2, 3 order by 2, 3
     on conflict (environment_id, agent_id, credential_ref) do update set last_at = greatest(u.last_at, excluded.last_at)`,
    [environmentId],
  );
  await tx.query(
    `insert into credential_harvest (environment_id, until) values ($1, now())
     on conflict (environment_id) do update set until = excluded.until`,
    [environmentId],
  );
  await tx.query("delete from credential_uses where environment_id = $1 and last_at < now() - interval '60 days'", [
    environmentId,
  ]);
}
