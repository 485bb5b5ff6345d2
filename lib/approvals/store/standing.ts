import type { Sql } from "../../platform/db/pool";
import { type Glob, glob } from "../../platform/glob";

export type GrantRow = {
  id: string;
  agentId: string;
  tool: string;
  tenantId: string | null;
  condition: string | null;
  maxUses: number | null;
  uses: number;
  expiresAt: number;
  /** Who gave it: it does not answer what they, or their keys, ask. null: in this environment it does. */
  notFor: string | null;
};
/** A standing yes, ready to be asked. */
export type CompiledGrant = GrantRow & { agent: Glob; fits: Glob };

/** The grants that may still answer for a person. */
export async function grantsOf(tx: Sql, environmentId: string): Promise<CompiledGrant[]> {
  const { rows } = await tx.query<GrantRow>(
    `select id, agent_id as "agentId", tool, tenant_id as "tenantId", condition, max_uses as "maxUses", uses,
       (extract(epoch from expires_at) * 1000)::float8 as "expiresAt",
       case when coalesce((select self_approval from control_heads where environment_id = $1), false) then null else granted_by end as "notFor"
     from approval_grants where environment_id = $1 and revoked_at is null and expires_at > now()
       and (max_uses is null or uses < max_uses) order by created_at`,
    [environmentId],
  );
  return rows.map((r) => ({ ...r, agent: glob([r.agentId]), fits: glob([r.tool]) }));
}
