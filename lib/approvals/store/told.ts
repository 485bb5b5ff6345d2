import type { Sql } from "../../platform/db/pool";
import { type ApprovalRow, approval } from "./index";

export type Untold = ApprovalRow & { first: boolean };

/** Questions at a stage of people that nobody was told of; from here on they count as told. */
export async function takeUntold(tx: Sql): Promise<Untold[]> {
  const { rows } = await tx.query<{ environmentId: string; approvalId: string; first: boolean }>(
    `with taken as (select environment_id, approval_id, told_stage from approvals
       where status = 'pending' and told_stage is distinct from stage and frozen_at is null and expires_at > clock_timestamp()
         and ladder->stage->>'machine' is null order by requested_at limit 200 for update skip locked)
     update approvals a set told_stage = a.stage from taken t where a.environment_id = t.environment_id and a.approval_id = t.approval_id
     returning a.environment_id as "environmentId", a.approval_id as "approvalId", t.told_stage is null as first`,
  );
  const out: Untold[] = [];
  for (const { environmentId, approvalId, first } of rows) {
    const row = await approval(tx, environmentId, approvalId);
    if (row) out.push({ ...row, first });
  }
  return out;
}
