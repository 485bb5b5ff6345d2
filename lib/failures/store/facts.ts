import type { Sql } from "../../platform/db/pool";

export type Facts = {
  agents: string[];
  agentsLeftOff: number;
  /** agent → what data arrived from it in the last week, as rules that are blind count it. */
  data: Map<string, Set<string>>;
  /** `category agent` of alerts of the last 30 days. */
  fired: Set<string>;
};
const AGENTS = 30;
/** Who is there, what arrives from them and what was noticed about them. */
export async function facts(tx: Sql, environmentId: string): Promise<Facts> {
  const [agents, data, fired] = await Promise.all([
    tx.query<{ agent_id: string; all: number }>(
      `select agent_id, (count(*) over ())::int as all from agents
       where environment_id = $1 and last_seen_at > now() - interval '30 days' order by last_seen_at desc, agent_id limit $2`,
      [environmentId, AGENTS],
    ),
    tx.query<{ agent_id: string; needs: string[] }>(
      `select agent_id, array_agg(needs) as needs from data_seen
       where environment_id = $1 and last_at > now() - interval '7 days' group by 1`,
      [environmentId],
    ),
    tx.query<{ category: string; agent_id: string }>(
      `select distinct a.category, coalesce(r.agent_id, a.agent_id) as agent_id from alerts a
       left join alert_runs r on r.environment_id = a.environment_id and r.alert_id = a.alert_id
       where a.environment_id = $1 and not a.historic and a.last_at > now() - interval '30 days' and coalesce(r.agent_id, a.agent_id) is not null`,
      [environmentId],
    ),
  ]);
  return {
    agents: agents.rows.map((r) => r.agent_id),
    agentsLeftOff: Math.max(0, (agents.rows[0]?.all ?? 0) - AGENTS),
    data: new Map(data.rows.map((r) => [r.agent_id, new Set(r.needs)])),
    fired: new Set(fired.rows.map((r) => `${r.category} ${r.agent_id}`)),
  };
}
