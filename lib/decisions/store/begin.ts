import type { Spend, Window } from "../../budgets";
import type { Sql } from "../../platform/db/pool";

type Live = { agent: number; task_type: number; tenant: number; environment: number; children: number };

/** Live runs that were opened here, the new one among them, and the parent's children. */
export async function liveCounts(
  tx: Sql,
  environmentId: string,
  who: { agentId: string; taskType: string; tenantId: string | null },
  parentRunId: string | null,
): Promise<Live> {
  const { rows } = await tx.query<Live>(
    `select count(*) filter (where agent_id = $2)::int as agent, count(*) filter (where task_type = $3)::int as task_type,
       count(*) filter (where tenant_id = $4)::int as tenant, count(*)::int as environment,
       (select count(*)::int from runs c where c.environment_id = $1 and c.parent_run_id = $5) as children
     from runs where environment_id = $1 and status in ('running', 'waiting') and source = 'api'`,
    [environmentId, who.agentId, who.taskType, who.tenantId, parentRunId],
  );
  return rows[0] ?? { agent: 0, task_type: 0, tenant: 0, environment: 0, children: 0 };
}

/** Calls of an instance that has gone: nobody will say what came of them, and heartbeats of the next one are not theirs. */
export async function lapseHolds(tx: Sql, environmentId: string, runId: string): Promise<void> {
  await tx.query(
    `with h as (update holds set expires_at = clock_timestamp()
       where environment_id = $1 and run_id = $2 and state = 'held' and expires_at > clock_timestamp() returning decision_id, expires_at)
     update effects e set hold_until = h.expires_at from h where e.environment_id = $1 and e.decision_id = h.decision_id and e.settled_at is null`,
    [environmentId, runId],
  );
}

export async function windowSpend(
  tx: Sql,
  environmentId: string,
  kind: string,
  key: string,
  window: Window,
): Promise<Spend> {
  const sum = (column: string) => `coalesce(sum(${column}), 0)::float8`;
  const { rows } = await tx.query<Spend>(
    `select ${sum("steps")} as steps, ${sum("tool_calls")} as "toolCalls", ${sum("tokens")} as tokens, ${sum("micros")} as micros,
       ${sum("held_tokens")} as "heldTokens", ${sum("held_micros")} as "heldMicros", ${sum("unsettled_tokens")} as "unsettledTokens",
       ${sum("unsettled_micros")} as "unsettledMicros"
     from spend_hours where environment_id = $1 and scope_kind = $2 and scope_key = $3 and hour >= date_trunc($4, clock_timestamp(), 'UTC')`,
    [environmentId, kind, key, window],
  );
  const [row] = rows;
  if (!row) throw new Error("a sum without a row");
  return row;
}
