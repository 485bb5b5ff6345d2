import type { Sql } from "../../platform/db/pool";
import type { Key, RunRow } from "./trace";

/** How many runs stand below each of these. */
export async function childrenOf(tx: Sql, list: readonly Key[]): Promise<Map<string, number>> {
  const { rows } = await tx.query<Key & { n: number }>({
    name: "detect-children",
    text: `with recursive below as (
        select k.environment_id, k.run_id as root, k.run_id, 0 as depth from unnest($1::text[], $2::text[]) as k(environment_id, run_id)
        union all
        select b.environment_id, b.root, r.run_id, b.depth + 1 from below b
        join runs r on r.environment_id = b.environment_id and r.parent_run_id = b.run_id where b.depth < 8)
      select environment_id, root as run_id, (count(*) - 1)::int as n from below group by 1, 2`,
    values: [list.map((k) => k.environment_id), list.map((k) => k.run_id)],
  });
  return new Map(rows.map((r) => [`${r.environment_id} ${r.run_id}`, r.n]));
}

/** Who each of these waits for, and whom those wait for, as their heartbeats say: a lock is its holder. */
export async function waitsFor(tx: Sql, environmentId: string): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ run_id: string; waits_for: string }>({
    name: "detect-waits",
    text: `select r.run_id, coalesce(r.waiting_on->>'run_id', l.run_id) as waits_for from runs r
      left join run_locks l on l.environment_id = r.environment_id and l.lock_key = r.waiting_on->>'lock_key'
      where r.environment_id = $1 and r.status in ('running', 'waiting') and r.waiting_on is not null
        and coalesce(r.waiting_on->>'run_id', l.run_id) is not null`,
    values: [environmentId],
  });
  return new Map(rows.map((r) => [r.run_id, r.waits_for]));
}

/** Other runs of the same agent, task, tenant and goal that were open at the same time. A goal has to be stated: else nobody can tell. */
export async function twinsOf(tx: Sql, run: RunRow): Promise<string[]> {
  if (run.goal === null || run.goal.trim() === "") return [];
  const { rows } = await tx.query<{ run_id: string }>({
    name: "detect-twins",
    text: `select run_id from runs where environment_id = $1 and agent_id = $2 and task_type = $3 and goal = $4 and run_id <> $5
        and tenant_id is not distinct from $6 and parent_run_id is not distinct from $7
        and started_at > $8::timestamptz - interval '6 hours' and started_at < coalesce($9::timestamptz, now())
        and (ended_at is null or ended_at > $8) and status <> 'lost' limit 20`,
    values: [
      run.environment_id,
      run.agent_id,
      run.task_type,
      run.goal,
      run.run_id,
      run.tenant_id,
      run.parent_run_id,
      run.started_at,
      run.ended_at,
    ],
  });
  return rows.map((r) => r.run_id);
}

/** Tools that this run is the first of its agent to use, where the agent has been known for a day and ten runs. */
export async function freshTools(tx: Sql, key: Key, agentId: string, tools: readonly string[]): Promise<string[]> {
  if (tools.length === 0) return [];
  const { rows } = await tx.query<{ tool: string }>({
    name: "detect-fresh-tools",
    text: `with put as (insert into agent_tools (environment_id, agent_id, tool, first_run)
        select $1, $2, x, $3 from unnest($4::text[]) x order by x on conflict do nothing returning tool),
      mine as (select tool from put union select tool from agent_tools where environment_id = $1 and agent_id = $2 and tool = any($4) and first_run = $3)
      select tool from mine where exists (select 1 from agents a where a.environment_id = $1 and a.agent_id = $2 and a.first_seen_at < now() - interval '1 day')
        and (select count(*) from (select 1 from runs r where r.environment_id = $1 and r.agent_id = $2 limit 11) n) > 10`,
    values: [key.environment_id, agentId, key.run_id, tools],
  });
  return rows.map((r) => r.tool);
}

/** Steps of a resumed run against the median of fresh runs of its agent and task; null where there are fewer than five. */
export async function resumeRatio(tx: Sql, run: RunRow): Promise<number | null> {
  if (run.resumed_from === null || run.ended_at === null) return null;
  const { rows } = await tx.query<{ ratio: number | null }>(
    `select case when count(*) >= 5 then $4::float8 / nullif(percentile_cont(0.5) within group (order by greatest(step, model_calls)), 0) end as ratio
     from (select step, model_calls from runs where environment_id = $1 and agent_id = $2 and task_type = $3 and resumed_from is null
       and status = 'completed' order by started_at desc limit 200) fresh`,
    [run.environment_id, run.agent_id, run.task_type, Math.max(run.step, 1)],
  );
  return rows[0]?.ratio ?? null;
}

/** Tools that this run was the first of its agent to use, as it was noted then. */
export async function firstUses(tx: Sql, key: Key, agentId: string): Promise<string[]> {
  const { rows } = await tx.query<{ tool: string }>({
    name: "detect-first-uses",
    text: "select tool from agent_tools where environment_id = $1 and agent_id = $2 and first_run = $3",
    values: [key.environment_id, agentId, key.run_id],
  });
  return rows.map((r) => r.tool);
}
