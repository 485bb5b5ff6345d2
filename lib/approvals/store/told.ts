import type { Sql } from "../../platform/db/pool";
import { type ApprovalRow, approval } from "./index";

type Id = { environmentId: string; approvalId: string };
export type Untold = ApprovalRow & { first: boolean };

/** As messages.ts says it: a stage that comes after one that did not answer is urgent. */
const AS = `case when a.effect = 'irreversible' or t.told_stage is not null then 'high' else 'warning' end`;

/** Questions at a stage of people that nobody was told of; from here on they count as told. */
export async function takeUntold(tx: Sql): Promise<Untold[]> {
  const { rows } = await tx.query<Id & { first: boolean }>(
    `with taken as (select environment_id, approval_id, told_stage from approvals
       where status = 'pending' and told_stage is distinct from stage and frozen_at is null and expires_at > clock_timestamp()
         and ladder->stage->>'machine' is null order by requested_at limit 200 for update skip locked)
     update approvals a set told_stage = a.stage, told_as = ${AS}
     from taken t where a.environment_id = t.environment_id and a.approval_id = t.approval_id
     returning a.environment_id as "environmentId", a.approval_id as "approvalId", t.told_stage is null as first`,
  );
  return (await loaded(tx, rows)).sort((a, b) => a.requestedAt.getTime() - b.requestedAt.getTime());
}

export type Ended = ApprovalRow & { toldAs: "warning" | "high" };

/** Questions that people were told of and that wait for nobody any more: their end is told once. */
export async function takeEnded(tx: Sql): Promise<Ended[]> {
  const { rows } = await tx.query<Id & { toldAs: Ended["toldAs"] }>(
    `with taken as (select environment_id, approval_id, told_as from approvals
       where told_as is not null and status <> 'pending' order by settled_at limit 200 for update skip locked)
     update approvals a set told_as = null from taken t where a.environment_id = t.environment_id and a.approval_id = t.approval_id
     returning a.environment_id as "environmentId", a.approval_id as "approvalId", t.told_as as "toldAs"`,
  );
  const settled = (a: ApprovalRow): number => a.settledAt?.getTime() ?? 0;
  return (await loaded(tx, rows)).sort((a, b) => settled(a) - settled(b));
}

async function loaded<T extends Id>(tx: Sql, rows: T[]): Promise<(ApprovalRow & T)[]> {
  const out: (ApprovalRow & T)[] = [];
  for (const taken of rows) {
    const row = await approval(tx, taken.environmentId, taken.approvalId);
    if (row) out.push({ ...row, ...taken });
  }
  return out;
}
