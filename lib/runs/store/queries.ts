import type { Sql } from "../../platform/db/pool";
import type { ListRuns } from "../schema";
import { RUN_COLUMNS, type RunRow, SPAN_COLUMNS, type SpanRow } from "./shape";

/** Gathers conditions and their parameters; every value is a parameter. */
class Where {
  readonly parts: string[] = [];
  readonly values: unknown[] = [];
  add(condition: (param: string) => string, value: unknown): void {
    this.values.push(value);
    this.parts.push(condition(`$${this.values.length}`));
  }
  toString(): string {
    return this.parts.join(" and ");
  }
}

const TEXT = "(coalesce(name, '') || ' ' || coalesce(goal, '') || ' ' || coalesce(error_message, ''))";
const DURATION = "extract(epoch from coalesce(ended_at, now()) - started_at)";

function filters(environmentId: string, f: ListRuns): Where {
  const where = new Where();
  where.add((p) => `environment_id = ${p}`, environmentId);
  const anyOf = (column: string, values: string[] | undefined) => {
    if (values && values.length > 0) where.add((p) => `${column} = any(${p})`, values);
  };
  anyOf("agent_id", f.agent_id);
  anyOf("status", f.status);
  anyOf("task_type", f.task_type);
  anyOf("tenant_id", f.tenant_id);
  if (f.stop_reason?.includes("not_success")) where.parts.push("stop_reason <> 'success'");
  else anyOf("stop_reason", f.stop_reason);
  if (f.tool)
    where.add(
      (p) =>
        `(exists (select 1 from run_tools t where t.environment_id = runs.environment_id and t.tool = ${p} and t.run_id = runs.run_id)
          or exists (select 1 from run_parts t where t.environment_id = runs.environment_id and t.run_id = runs.run_id and t.kind = 'tool' and t.key = ${p}))`,
      f.tool,
    );
  if (f.parent_run_id) where.add((p) => `parent_run_id = ${p}`, f.parent_run_id);
  if (f.conversation_id) where.add((p) => `conversation_id = ${p}`, f.conversation_id);
  if (f.source) where.add((p) => `source = ${p}`, f.source);
  if (f.q) {
    const like = `%${f.q.replace(/[\\%_]/g, "\\$&")}%`;
    where.add((p) => `(${TEXT} ilike ${p} or run_id ilike ${p})`, like);
  }
  if (f.from) where.add((p) => `started_at >= ${p}`, f.from);
  if (f.to) where.add((p) => `started_at < ${p}`, f.to);
  if (f.min_cost_usd !== undefined) where.add((p) => `cost_micros >= ${p}`, Math.round(f.min_cost_usd * 1e6));
  if (f.max_cost_usd !== undefined) where.add((p) => `cost_micros <= ${p}`, Math.round(f.max_cost_usd * 1e6));
  if (f.min_duration_s !== undefined) where.add((p) => `${DURATION} >= ${p}`, f.min_duration_s);
  if (f.max_duration_s !== undefined) where.add((p) => `${DURATION} <= ${p}`, f.max_duration_s);
  return where;
}

/** One row more than `limit`. The cursor is the last row's sort value and id: depth costs nothing. */
export async function listRuns(
  tx: Sql,
  environmentId: string,
  f: ListRuns,
  after: (string | number)[] | null,
): Promise<RunRow[]> {
  const where = filters(environmentId, f);
  const column = f.sort === "cost_usd" ? "cost_micros" : "started_at";
  if (after) {
    where.values.push(after[0], after[1]);
    const n = where.values.length;
    where.parts.push(`(${column}, run_id) < ($${n - 1}::${f.sort === "cost_usd" ? "int8" : "timestamptz"}, $${n})`);
  }
  where.values.push(f.limit + 1);
  const { rows } = await tx.query<RunRow>(
    `select ${RUN_COLUMNS} from runs where ${where} order by ${column} desc, run_id desc limit $${where.values.length}`,
    where.values,
  );
  return rows;
}

export const COUNT_CAP = 10_000;
/** Counts no further than the cap: an exact count of a million rows is a second that nobody needs. */
export async function countRuns(tx: Sql, environmentId: string, f: ListRuns): Promise<number> {
  const where = filters(environmentId, f);
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from (select 1 from runs where ${where} limit ${COUNT_CAP + 1}) x`,
    where.values,
  );
  return rows[0]?.n ?? 0;
}

/** Spans of a run in the order they happened; ties keep the order they were sent in. */
export async function listSpans(
  tx: Sql,
  environmentId: string,
  runId: string,
  options: { limit: number; kinds: string[] | null; after: (string | number)[] | null },
): Promise<SpanRow[]> {
  const [us, ordinal, spanId] = options.after ?? [null, null, null];
  const { rows } = await tx.query<SpanRow>(
    `select ${SPAN_COLUMNS} from spans where environment_id = $1 and run_id = $2 and ($3::text[] is null or kind = any($3))
       and ($4::int8 is null or (started_at, ordinal, span_id) > (to_timestamp($4 / 1000000.0), $5::int, $6::text))
     order by started_at, ordinal, span_id limit $7`,
    [environmentId, runId, options.kinds, us, ordinal, spanId, options.limit],
  );
  return rows;
}

export async function getSpan(tx: Sql, environmentId: string, runId: string, spanId: string): Promise<SpanRow | null> {
  const { rows } = await tx.query<SpanRow>(
    `select ${SPAN_COLUMNS}, attributes, events, received_at from spans
     where environment_id = $1 and run_id = $2 and span_id = $3 order by started_at limit 1`,
    [environmentId, runId, spanId],
  );
  return rows[0] ?? null;
}

type Bucket = { at: Date; stop_reason: string; agent_id: string; n: number };
export async function endedByBucket(tx: Sql, environmentId: string, from: Date, bucketS: number): Promise<Bucket[]> {
  const { rows } = await tx.query<Bucket>(
    `select date_bin(make_interval(secs => $3), ended_at, $2) as at, stop_reason, agent_id, count(*)::int as n
     from runs where environment_id = $1 and ended_at >= $2 and stop_reason is not null group by 1, 2, 3`,
    [environmentId, from, bucketS],
  );
  return rows;
}

type AgentTotals = {
  agent_id: string;
  runs: number;
  live: number;
  waiting: number;
  lost: number;
  cost_micros: number;
  tokens: number;
};
export async function totalsByAgent(tx: Sql, environmentId: string, from: Date): Promise<AgentTotals[]> {
  const { rows } = await tx.query<AgentTotals>(
    `select agent_id, count(*)::int as runs, count(*) filter (where status in ('running', 'waiting'))::int as live,
       count(*) filter (where status = 'waiting')::int as waiting, count(*) filter (where status = 'lost')::int as lost,
       coalesce(sum(cost_micros), 0)::int8 as cost_micros, coalesce(sum(case when tokens_input + tokens_output > 0 then tokens_input + tokens_output
         else coalesce((totals->'tokens'->>'input')::int8, 0) + coalesce((totals->'tokens'->>'output')::int8, 0) end), 0)::int8 as tokens
     from runs where environment_id = $1 and (started_at >= $2 or status in ('running', 'waiting')) group by 1`,
    [environmentId, from],
  );
  return rows;
}
