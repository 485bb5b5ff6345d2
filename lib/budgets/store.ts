import type { Sql } from "../platform/db/pool";
import type { Budget } from "./limits";
import type { BudgetScope, Window } from "./schema";

export type BudgetRow = Budget & { note: string | null; revision: number; updatedBy: string; updatedAt: Date };
const COLUMNS = `slug, scope_kind as "scopeKind", scope_key as "scopeKey", metric, "window", amount, soft_at::float8 as "softAt",
  soft_then as "softThen", hard, note, revision, updated_by as "updatedBy", updated_at as "updatedAt"`;

/** Every budget of the environment: they are few, and every decision may meet any of them. */
export async function budgetsOf(tx: Sql, environmentId: string): Promise<BudgetRow[]> {
  const { rows } = await tx.query<BudgetRow>(`select ${COLUMNS} from budgets where environment_id = $1 order by slug`, [
    environmentId,
  ]);
  return rows;
}
export async function budget(tx: Sql, environmentId: string, slug: string): Promise<BudgetRow | null> {
  const { rows } = await tx.query<BudgetRow>(`select ${COLUMNS} from budgets where environment_id = $1 and slug = $2`, [
    environmentId,
    slug,
  ]);
  return rows[0] ?? null;
}

export async function putBudget(
  tx: Sql,
  environmentId: string,
  b: Budget & { note: string | null; by: string },
): Promise<BudgetRow> {
  const { rows } = await tx.query<BudgetRow>(
    `insert into budgets (environment_id, slug, scope_kind, scope_key, metric, "window", amount, soft_at, soft_then, hard, note, updated_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (environment_id, slug) do update set scope_kind = excluded.scope_kind, scope_key = excluded.scope_key, metric = excluded.metric,
       "window" = excluded."window", amount = excluded.amount, soft_at = excluded.soft_at, soft_then = excluded.soft_then, hard = excluded.hard,
       note = excluded.note, updated_by = excluded.updated_by, updated_at = now(), revision = budgets.revision + 1
     returning ${COLUMNS}`,
    [
      environmentId,
      b.slug,
      b.scopeKind,
      b.scopeKey,
      b.metric,
      b.window,
      b.amount,
      b.softAt,
      b.softThen,
      b.hard,
      b.note,
      b.by,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error("the budget was not written");
  return row;
}
export async function deleteBudget(tx: Sql, environmentId: string, slug: string): Promise<boolean> {
  const { rowCount } = await tx.query("delete from budgets where environment_id = $1 and slug = $2", [
    environmentId,
    slug,
  ]);
  return rowCount === 1;
}

export type Used = { key: string; spent: number; held: number; unsettled: number };
const COLUMN = { usd: "micros", tokens: "tokens", tool_calls: "tool_calls", steps: "steps" } as const;
type SumMetric = keyof typeof COLUMN;
const sums = (metric: SumMetric) => {
  const c = COLUMN[metric];
  const more = metric === "usd" || metric === "tokens";
  const sum = (column: string) => `coalesce(sum(${column}), 0)::float8`;
  return `${sum(`s.${c}`)} as spent, ${more ? sum(`s.held_${c}`) : "0"} as held, ${more ? sum(`s.unsettled_${c}`) : "0"} as unsettled`;
};

/** What the window has used, of each key of the scope, most first. Counts of ungated runs are in it. */
export async function windowUse(
  tx: Sql,
  environmentId: string,
  kind: BudgetScope,
  key: string,
  metric: SumMetric,
  start: Date,
): Promise<Used[]> {
  const { rows } = await tx.query<Used>(
    `select s.scope_key as key, ${sums(metric)} from spend_hours s
     where s.environment_id = $1 and s.scope_kind = $2 and ($3 = '' or s.scope_key = $3) and s.hour >= $4
     group by 1 order by 2 desc limit 50`,
    [environmentId, kind, key, start],
  );
  return rows;
}

type RunScope = { kind: BudgetScope; key: string };
const OF_RUN = `r.status in ('running', 'waiting') and r.environment_id = $1 and case $2 when 'agent' then $3 = '' or r.agent_id = $3
  when 'tenant' then r.tenant_id is not null and ($3 = '' or r.tenant_id = $3) when 'task_type' then $3 = '' or r.task_type = $3
  when 'run' then $3 = '' or r.run_id = $3 else true end`;

/** The live runs that have used most of a budget that each run has for itself. */
export async function runUse(tx: Sql, environmentId: string, scope: RunScope, metric: SumMetric): Promise<Used[]> {
  const part = scope.kind === "tool" || scope.kind === "stage";
  const { rows } = await tx.query<Used>(
    part
      ? `select s.run_id || ' ' || s.key as key, ${sums(metric).replaceAll("s.tool_calls", "s.calls")} from run_parts s
         join runs r on r.environment_id = s.environment_id and r.run_id = s.run_id
         where r.environment_id = $1 and r.status in ('running', 'waiting') and s.kind = $2 and ($3 = '' or s.key = $3) group by 1 order by 2 desc limit 20`
      : `select r.run_id as key, ${sums(metric)} from runs r join run_spend s on s.environment_id = r.environment_id and s.run_id = r.run_id
         where ${OF_RUN} group by 1 order by 2 desc limit 20`,
    [environmentId, scope.kind, scope.key],
  );
  return rows;
}

/** Of live runs: how many at once, or the largest of what each has for itself. */
export async function liveUse(tx: Sql, environmentId: string, scope: RunScope, metric: string): Promise<Used[]> {
  const of = { tenant: "r.tenant_id", agent: "r.agent_id", task_type: "r.task_type" }[scope.kind as "agent"] ?? "''";
  const value: Record<string, string> = {
    concurrent_runs: "count(*)",
    seconds: "max(extract(epoch from now() - r.started_at) - r.waited_ms / 1000.0)",
    unique_calls: "max(coalesce(s.unique_calls, 0))",
    depth: "max(cardinality(r.ancestors))",
    children:
      "max((select count(*) from runs c where c.environment_id = r.environment_id and c.parent_run_id = r.run_id))",
  };
  const by = metric === "concurrent_runs" ? of : "r.run_id";
  const { rows } = await tx.query<Used>(
    `select coalesce(${by}, '') as key, coalesce(${value[metric] ?? "count(*)"}, 0)::float8 as spent, 0 as held, 0 as unsettled
     from runs r left join run_spend s on s.environment_id = r.environment_id and s.run_id = r.run_id where ${OF_RUN} and r.source = 'api'
     group by 1 order by 2 desc limit 20`,
    [environmentId, scope.kind, scope.key],
  );
  return rows;
}

/** Error share and 95th percentile of latency of a task type's runs in a window: what a promise is measured by. */
export async function promiseUse(
  tx: Sql,
  environmentId: string,
  key: string,
  metric: string,
  start: Date,
): Promise<(Used & { runs: number })[]> {
  const value =
    metric === "error_rate"
      ? "avg(case when r.stop_reason = 'success' then 0 else 1 end)"
      : "percentile_cont(0.95) within group (order by extract(epoch from r.ended_at - r.started_at) * 1000)";
  const { rows } = await tx.query<Used & { runs: number }>(
    `select r.task_type as key, coalesce(${value}, 0)::float8 as spent, 0 as held, 0 as unsettled, count(*)::int as runs from runs r
     where r.environment_id = $1 and ($2 = '' or r.task_type = $2) and r.ended_at >= $3 and r.stop_reason is not null group by 1 order by 2 desc limit 50`,
    [environmentId, key, start],
  );
  return rows;
}

export type Point = { at: Date; value: number };
/** Hour by hour, oldest first. */
export async function series(
  tx: Sql,
  environmentId: string,
  kind: BudgetScope,
  key: string,
  metric: SumMetric,
  from: Date,
  to: Date,
): Promise<Point[]> {
  const { rows } = await tx.query<Point>(
    `select s.hour as at, sum(s.${COLUMN[metric]})::float8 as value from spend_hours s
     where s.environment_id = $1 and s.scope_kind = $2 and s.scope_key = $3 and s.hour >= $4 and s.hour < $5 group by 1 order by 1`,
    [environmentId, kind, key, from, to],
  );
  return rows;
}

export async function holdsOf(tx: Sql, environmentId: string, kind: BudgetScope, key: string) {
  const column = {
    environment: null,
    agent: "agent_id",
    tenant: "tenant_id",
    task_type: "task_type",
    tool: "tool",
    stage: "stage",
    run: "run_id",
  }[kind];
  const { rows } = await tx.query<{
    decision_id: string;
    run_id: string;
    what: string;
    state: "held" | "unsettled";
    tokens: number;
    micros: number;
    expires_at: Date;
  }>(
    `select h.decision_id, h.run_id, coalesce(d.tool, d.model, d.kind) as what, h.state, h.tokens, h.micros, h.expires_at
     from holds h join decisions d on d.environment_id = h.environment_id and d.decision_id = h.decision_id
     where h.environment_id = $1 and (h.tokens > 0 or h.micros > 0) ${column === null ? "" : `and ($2 = '' or h.${column} = $2)`}
     order by h.micros desc, h.tokens desc limit 50`,
    column === null ? [environmentId] : [environmentId, key],
  );
  return rows;
}

export async function eventsOf(tx: Sql, environmentId: string, source: string) {
  const { rows } = await tx.query<{
    at: Date;
    limit: "soft" | "hard";
    scope: string;
    value: number;
    run_id: string;
    then: string;
  }>(
    `select at, limit_kind as "limit", scope, value, run_id, "then" from budget_events where environment_id = $1 and source = $2 order by at desc limit 50`,
    [environmentId, source],
  );
  return rows;
}

export async function worstRun(tx: Sql, environmentId: string) {
  const { rows } = await tx.query<{
    live: number;
    run_id: string | null;
    agent_id: string | null;
    spent: number;
    held: number;
    unsettled: number;
  }>(
    `select (select count(*)::int from runs where environment_id = $1 and status in ('running', 'waiting') and source = 'api') as live,
       w.* from (select 1) one left join lateral (select r.run_id, r.agent_id, s.micros as spent, s.held_micros as held, s.unsettled_micros as unsettled
         from runs r join run_spend s on s.environment_id = r.environment_id and s.run_id = r.run_id
         where r.environment_id = $1 and r.status in ('running', 'waiting') order by s.micros + s.held_micros desc limit 1) w on true`,
    [environmentId],
  );
  return rows[0] ?? { live: 0, run_id: null, agent_id: null, spent: 0, held: 0, unsettled: 0 };
}

/** Soft limits that were passed and ask for safe mode, not acted on yet. */
export async function unacted(tx: Sql) {
  const { rows } = await tx.query<{
    environmentId: string;
    source: string;
    agentId: string;
    metric: string;
    scope: string;
  }>(
    `update budget_events set acted = true where not acted and limit_kind = 'soft' and "then" = 'safe_mode'
     returning environment_id as "environmentId", source, agent_id as "agentId", metric, scope`,
  );
  return rows;
}
export type LimitEvent = {
  environmentId: string;
  source: string;
  scope: string;
  windowStart: Date;
  limit: "soft" | "hard";
  metric: string;
  then: string;
  value: number;
  amount: number;
  runId: string;
  agentId: string;
};
/** Limits that were reached and that nobody was told of; from here on they count as told. */
export async function takeUntold(tx: Sql): Promise<LimitEvent[]> {
  const { rows } = await tx.query<LimitEvent>(
    `with taken as (select ctid from budget_events where not told order by at limit 200 for update skip locked),
     told as (update budget_events e set told = true from taken t where e.ctid = t.ctid returning e.*)
     select environment_id as "environmentId", source, scope, window_start as "windowStart", limit_kind as "limit", metric, "then", value, amount,
       run_id as "runId", agent_id as "agentId" from told order by at`,
  );
  return rows;
}
export type { Window };

/** Error and latency budgets of every environment. */
export async function promises(tx: Sql): Promise<(BudgetRow & { environmentId: string })[]> {
  const { rows } = await tx.query<BudgetRow & { environmentId: string }>(
    `select environment_id as "environmentId", ${COLUMNS} from budgets where metric in ('error_rate', 'latency_p95_ms')`,
  );
  return rows;
}
type Broken = {
  environmentId: string;
  source: string;
  scope: string;
  start: Date;
  limit: "soft" | "hard";
  metric: string;
  value: number;
  amount: number;
};
/** Once each a window. @returns whether it is news */
export async function noteBroken(tx: Sql, b: Broken): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into budget_events (environment_id, source, scope, window_start, limit_kind, metric, "then", value, amount, run_id, agent_id, at)
     values ($1, $2, $3, $4, $5, $6, 'alert', $7, $8, '', '', now()) on conflict do nothing`,
    [b.environmentId, b.source, b.scope, b.start, b.limit, b.metric, Math.round(b.value), b.amount],
  );
  return rowCount === 1;
}
