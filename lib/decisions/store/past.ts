import type { Sql } from "../../platform/db/pool";
import type { Outcome, Question } from "../schema";

/** A decision of the past with what came of it, as far as a dry run needs it. Times in ms. */
export type Past = {
  decisionId: string;
  runId: string;
  agentId: string;
  tenantId: string | null;
  taskType: string;
  kind: Question["kind"];
  tool: string | null;
  model: string | null;
  argsHash: string | null;
  fingerprint: string | null;
  outcome: Outcome;
  code: string;
  approvalId: string | null;
  grantId: string | null;
  question: Omit<Partial<Question>, "args"> & {
    args?: unknown;
    args_bytes?: number;
    held?: { tokens: number | null; micros: number | null };
    run_scope?: string[];
    safe_mode?: boolean;
  };
  at: number;
  runStartedAt: number;
  runWaitedMs: number;
  runStopReason: string | null;
  goal: string | null;
  status: "ok" | "error" | "timeout" | "not_executed" | null;
  httpStatus: number | null;
  tokensInput: number | null;
  tokensOutput: number | null;
  costMicros: number | null;
  resultHash: string | null;
};

const PAGE = 2_000;

/** The newest `limit` decisions between two instants, oldest first, page by page. */
export async function* pastDecisions(
  tx: Sql,
  environmentId: string,
  from: Date,
  to: Date,
  limit: number,
): AsyncGenerator<Past[]> {
  const { rows: first } = await tx.query<{ at: Date }>(
    `select decided_at as at from decisions where environment_id = $1 and decided_at >= $2 and decided_at < $3
     order by decided_at desc, decision_id desc offset $4 limit 1`,
    [environmentId, from, to, limit - 1],
  );
  let after: [Date, string] = [new Date((first[0]?.at ?? from).getTime() - 1), ""];
  for (;;) {
    const { rows } = await tx.query<Past>({
      name: "past-decisions",
      text: `select d.decision_id as "decisionId", d.run_id as "runId", d.agent_id as "agentId", d.tenant_id as "tenantId", d.task_type as "taskType", d.kind,
         d.tool, d.model, d.args_hash as "argsHash", d.fingerprint, d.outcome, d.code, d.approval_id as "approvalId", d.grant_id as "grantId", d.question,
         (extract(epoch from d.decided_at) * 1000)::float8 as at, (extract(epoch from r.started_at) * 1000)::float8 as "runStartedAt",
         r.waited_ms as "runWaitedMs", r.stop_reason as "runStopReason", r.goal, s.status, s.http_status as "httpStatus",
         s.tokens_input as "tokensInput", s.tokens_output as "tokensOutput", s.cost_micros as "costMicros", s.result_hash as "resultHash"
       from (select * from decisions where environment_id = $1 and decided_at < $2 and (decided_at, decision_id) > ($3, $4)
         order by decided_at, decision_id limit ${PAGE}) d
       cross join lateral (select * from runs t where t.environment_id = $1 and t.run_id = d.run_id offset 0) r
       left join lateral (select * from decision_results t where t.environment_id = $1 and t.decision_id = d.decision_id offset 0) s on true
       order by d.decided_at, d.decision_id`,
      values: [environmentId, to, after[0], after[1]],
    });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (rows.length < PAGE || !last) return;
    after = [new Date(last.at), last.decisionId];
  }
}
