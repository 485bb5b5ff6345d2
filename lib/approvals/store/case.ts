import type { Sql } from "../../platform/db/pool";
import type { ApprovalStatus, CaseShape } from "../schema";
import type { ApprovalRow } from ".";

type Around = Pick<CaseShape, "similar" | "similar_counts" | "done_before">;

/** What happened to calls like this one: verdicts of the last 90 days, and how often the tool was used. */
export async function around(tx: Sql, a: ApprovalRow): Promise<Around> {
  const { rows } = await tx.query<{
    id: string;
    status: ApprovalStatus;
    agent_id: string;
    settled_by: string | null;
    settle_reason: string | null;
    settled_at: Date | null;
    same_args: boolean;
  }>(
    `select approval_id as id, case when status = 'used' then 'approved' else status end as status, agent_id, settled_by, settle_reason, settled_at,
       question->>'args_hash' is not distinct from $4 as same_args
     from approvals where environment_id = $1 and tool is not distinct from $2 and approval_id <> $3 and status <> 'pending'
       and requested_at > now() - interval '90 days' order by requested_at desc limit 200`,
    [a.environmentId, a.tool, a.approvalId, a.question.args_hash ?? null],
  );
  const { rows: done } = await tx.query<{ n: number }>(
    `select count(*)::int as n from effects where environment_id = $1 and agent_id = $2 and tool = $3 and status in ('done', 'committed')
       and claimed_at > now() - interval '90 days'`,
    [a.environmentId, a.agentId, a.tool ?? ""],
  );
  const count = (status: ApprovalStatus) => rows.filter((r) => r.status === status).length;
  return {
    similar: rows.slice(0, 6).map((r) => ({ ...r, settled_at: r.settled_at?.toISOString() ?? null })),
    similar_counts: { approved: count("approved"), denied: count("denied"), expired: count("expired") },
    done_before: done[0]?.n ?? 0,
  };
}

export async function runOf(tx: Sql, a: ApprovalRow): Promise<CaseShape["run"]> {
  const { rows } = await tx.query<{
    run_id: string;
    goal: string | null;
    status: string;
    steps: number;
    tool_calls: number;
    micros: number;
    started_at: Date;
  }>(
    `select r.run_id, r.goal, r.status, greatest(r.step, r.model_calls, coalesce(s.own_model_calls, 0))::int as steps,
       coalesce(nullif(s.own_tool_calls, 0), r.tool_calls)::int as tool_calls, coalesce(nullif(s.own_micros, 0), r.cost_micros) as micros, r.started_at
     from runs r left join run_spend s on s.environment_id = r.environment_id and s.run_id = r.run_id
     where r.environment_id = $1 and r.run_id = $2`,
    [a.environmentId, a.runId],
  );
  const run = rows[0];
  if (!run) throw new Error("an approval without its run");
  const { micros, started_at, ...rest } = run;
  return { ...rest, cost_usd: micros / 1e6, started_at: started_at.toISOString() };
}
