import type { Sql } from "../../platform/db/pool";
import type { GrantShape } from "../schema";

type Row = Omit<GrantShape, "created_at" | "expires_at" | "silences"> & {
  created_at: Date;
  expires_at: Date;
  silences: { rule: string; policy_id: string | null; calls: number; last_at: string }[];
};
const COLUMNS = `g.id as grant_id, g.agent_id, g.tool, g.tenant_id, g.condition, g.reason, g.max_uses, g.uses, g.granted_by_name as granted_by, g.created_at, g.expires_at,
  case when g.revoked_at is not null then 'revoked' when g.expires_at <= now() then 'expired' when g.uses >= g.max_uses then 'spent' else 'active' end as state,
  g.revoked_by_name as revoked_by,
  coalesce((select jsonb_agg(x) from (select d.question->'silenced'->0->>'rule' as rule, d.question->'silenced'->0->>'policy_id' as policy_id, count(*)::int as calls,
    to_char(max(d.decided_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_at
    from decisions d where d.environment_id = g.environment_id and d.grant_id = g.id and d.outcome = 'allow' group by 1, 2) x where x.rule is not null), '[]') as silences`;

const out = (row: Row): GrantShape => ({
  ...row,
  created_at: row.created_at.toISOString(),
  expires_at: row.expires_at.toISOString(),
});

export async function grants(tx: Sql, environmentId: string, activeOnly: boolean): Promise<GrantShape[]> {
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} from approval_grants g where g.environment_id = $1
       and (not $2 or (g.revoked_at is null and g.expires_at > now() and (g.max_uses is null or g.uses < g.max_uses))) order by g.created_at desc limit 500`,
    [environmentId, activeOnly],
  );
  return rows.map(out);
}

export async function grant(tx: Sql, environmentId: string, id: string): Promise<GrantShape | null> {
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} from approval_grants g where g.environment_id = $1 and g.id = $2`,
    [environmentId, id],
  );
  return rows[0] ? out(rows[0]) : null;
}

type New = {
  id: string;
  agentId: string;
  tool: string;
  tenantId: string | null;
  condition: string | null;
  reason: string;
  maxUses: number | null;
  expiresInS: number;
  by: string;
  byName: string;
};
export const insertGrant = (tx: Sql, environmentId: string, g: New) =>
  tx.query(
    `insert into approval_grants (id, environment_id, agent_id, tool, tenant_id, condition, reason, max_uses, granted_by, granted_by_name, expires_at)
     values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, clock_timestamp() + make_interval(secs => $11))`,
    [
      environmentId,
      g.id,
      g.agentId,
      g.tool,
      g.tenantId,
      g.condition,
      g.reason,
      g.maxUses,
      g.by,
      g.byName,
      g.expiresInS,
    ],
  );

export async function revokeGrant(tx: Sql, environmentId: string, id: string, by: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    "update approval_grants set revoked_at = clock_timestamp(), revoked_by_name = $3 where environment_id = $1 and id = $2 and revoked_at is null",
    [environmentId, id, by],
  );
  return rowCount === 1;
}
