import type { Sql } from "../../platform/db/pool";
import type { SpanInsert } from "../ingest/rows";

type Column = { name: string; type: string; as?: string; get: (row: SpanInsert) => unknown };
const time = (name: string) => `to_timestamp(i.${name} / 1000000.0)`;

/** One place says what a span's row holds: the insert is made of it. */
const COLUMNS: Column[] = [
  { name: "environment_id", type: "text", get: (r) => r.environmentId },
  { name: "holder", type: "text", get: (r) => r.span.traceId ?? r.runId },
  { name: "span_id", type: "text", get: (r) => r.span.spanId },
  { name: "started_at", type: "int8", as: time("started_at"), get: (r) => r.startUs },
  { name: "ordinal", type: "int4", get: (r) => r.ordinal },
  { name: "run_id", type: "text", get: (r) => r.runId },
  { name: "trace_id", type: "text", get: (r) => r.span.traceId },
  { name: "parent_span_id", type: "text", get: (r) => r.span.parentSpanId },
  { name: "kind", type: "text", get: (r) => r.span.kind },
  { name: "name", type: "text", get: (r) => r.span.name },
  { name: "agent_id", type: "text", get: (r) => r.span.agentId },
  { name: "to_agent", type: "text", get: (r) => r.span.to },
  { name: "tool", type: "text", get: (r) => r.span.tool },
  { name: "tool_call_id", type: "text", get: (r) => r.span.toolCallId },
  { name: "model", type: "text", get: (r) => r.span.model },
  { name: "provider", type: "text", get: (r) => r.span.provider },
  { name: "status", type: "text", get: (r) => r.span.status },
  { name: "error_type", type: "text", get: (r) => r.span.errorType },
  { name: "error_message", type: "text", get: (r) => r.span.errorMessage },
  { name: "args_hash", type: "text", get: (r) => r.span.argsHash },
  { name: "args_fingerprint", type: "text", get: (r) => r.span.argsFingerprint },
  { name: "result_hash", type: "text", get: (r) => r.span.resultHash },
  { name: "args_preview", type: "text", get: (r) => r.span.argsPreview },
  { name: "result_preview", type: "text", get: (r) => r.span.resultPreview },
  { name: "tokens_input", type: "int8", get: (r) => r.span.tokens?.input ?? null },
  { name: "tokens_output", type: "int8", get: (r) => r.span.tokens?.output ?? null },
  { name: "tokens_cached", type: "int8", get: (r) => r.span.tokens?.cached ?? null },
  { name: "tokens_reasoning", type: "int8", get: (r) => r.span.tokens?.reasoning ?? null },
  { name: "cost_micros", type: "int8", get: (r) => r.costMicros },
  { name: "cost_source", type: "text", get: (r) => r.costSource },
  { name: "finish_reasons", type: "text", get: (r) => r.span.finishReasons.join(",") || null },
  { name: "http_status", type: "int4", get: (r) => r.span.httpStatus },
  { name: "endpoint", type: "text", get: (r) => r.span.endpoint },
  { name: "prompt_hash", type: "text", get: (r) => r.span.promptHash },
  { name: "decision_id", type: "text", get: (r) => r.span.decisionId },
  { name: "duration_us", type: "int8", get: (r) => r.durationUs },
  { name: "convention", type: "text", get: (r) => r.span.convention },
  { name: "scope_name", type: "text", get: (r) => r.span.scopeName },
  { name: "dropped_attributes", type: "int4", get: (r) => r.span.droppedAttributes },
  { name: "attributes", type: "text", as: "i.attributes::jsonb", get: (r) => JSON.stringify(r.span.attributes) },
  {
    name: "events",
    type: "text",
    as: "i.events::jsonb",
    get: (r) => (r.span.events.length > 0 ? JSON.stringify(r.span.events) : null),
  },
  {
    name: "signals",
    type: "text",
    as: "i.signals::jsonb",
    get: (r) => (r.span.signals === null ? null : JSON.stringify(r.span.signals)),
  },
];

/** What a batch says of a run, gathered over its spans. */
export type RunFacts = {
  environmentId: string;
  runId: string;
  agentId: string;
  agentVersion: string | null;
  taskType: string;
  tenantId: string | null;
  conversationId: string | null;
  deploymentEnv: string | null;
  name: string | null;
  rootEndUs: number | null;
  rootFailed: boolean;
  errorMessage: string | null;
  startUs: number;
  lastUs: number;
};
const FACTS: { name: string; type: string; get: (f: RunFacts) => unknown }[] = [
  { name: "environment_id", type: "text", get: (f) => f.environmentId },
  { name: "run_id", type: "text", get: (f) => f.runId },
  { name: "agent_id", type: "text", get: (f) => f.agentId },
  { name: "agent_version", type: "text", get: (f) => f.agentVersion },
  { name: "task_type", type: "text", get: (f) => f.taskType },
  { name: "tenant_id", type: "text", get: (f) => f.tenantId },
  { name: "conversation_id", type: "text", get: (f) => f.conversationId },
  { name: "deployment_env", type: "text", get: (f) => f.deploymentEnv },
  { name: "name", type: "text", get: (f) => f.name },
  { name: "root_end", type: "int8", get: (f) => f.rootEndUs },
  { name: "root_failed", type: "bool", get: (f) => f.rootFailed },
  { name: "error_message", type: "text", get: (f) => f.errorMessage },
  { name: "start_us", type: "int8", get: (f) => f.startUs },
  { name: "last_us", type: "int8", get: (f) => f.lastUs },
];

const unnest = (columns: { name: string; type: string }[], from: number, as: string) =>
  `unnest(${columns.map((c, n) => `$${from + n}::${c.type}[]`).join(", ")}) as ${as}(${columns.map((c) => c.name).join(", ")})`;

// Every sum is made of the rows really inserted, so that a repeat adds nothing. Spans never change a gated run's status.
const INSERT = `
with ins as (
  insert into spans (${COLUMNS.map((c) => c.name).join(", ")})
  select ${COLUMNS.map((c) => c.as ?? `i.${c.name}`).join(", ")} from ${unnest(COLUMNS, 1, "i")}
  on conflict do nothing
  returning environment_id, run_id, kind, status, tool, agent_id, model, tokens_input, tokens_output, tokens_cached, cost_micros,
    cost_source, started_at),
agg as (
  select environment_id, run_id, count(*) as n, count(*) filter (where kind = 'model') as models,
    count(*) filter (where kind = 'tool') as tools, count(*) filter (where status = 'error') as errors,
    coalesce(sum(tokens_input), 0) as tin, coalesce(sum(tokens_output), 0) as tout, coalesce(sum(tokens_cached), 0) as tcached,
    coalesce(sum(cost_micros), 0) as cost, count(*) filter (where cost_source = 'unpriced') as unpriced,
    min(started_at) as first_at, max(started_at) as last_at
  from ins group by 1, 2),
-- Detectors read what is left here; nothing of ingest waits for them.
touch as (insert into run_touches (environment_id, run_id, spans, first_at, last_at)
  select environment_id, run_id, n, first_at, last_at from agg),
touched as (
  insert into runs as r (environment_id, run_id, agent_id, agent_version, task_type, tenant_id, conversation_id, deployment_env, name,
    source, status, started_at, last_activity_at, root_ended_at, root_failed, error_message, model_calls, tool_calls, errors,
    span_count, tokens_input, tokens_output, tokens_cached, cost_micros, unpriced_calls)
  select f.environment_id, f.run_id, f.agent_id, f.agent_version, f.task_type, f.tenant_id, f.conversation_id, f.deployment_env, f.name,
    'otlp', 'running', to_timestamp(f.start_us / 1000000.0), to_timestamp(f.last_us / 1000000.0),
    to_timestamp(f.root_end / 1000000.0), f.root_failed, f.error_message, a.models, a.tools, a.errors, a.n, a.tin, a.tout, a.tcached,
    a.cost, a.unpriced
  from ${unnest(FACTS, COLUMNS.length + 1, "f")} join agg a using (environment_id, run_id)
  order by f.environment_id, f.run_id
  on conflict (environment_id, run_id) do update set
    model_calls = r.model_calls + excluded.model_calls, tool_calls = r.tool_calls + excluded.tool_calls,
    errors = r.errors + excluded.errors, span_count = r.span_count + excluded.span_count,
    tokens_input = r.tokens_input + excluded.tokens_input, tokens_output = r.tokens_output + excluded.tokens_output,
    tokens_cached = r.tokens_cached + excluded.tokens_cached,
    cost_micros = case when r.settled then r.cost_micros when r.span_count = 0 and r.totals is not null and excluded.cost_micros > 0 then excluded.cost_micros
      else r.cost_micros + excluded.cost_micros end,
    unpriced_calls = r.unpriced_calls + excluded.unpriced_calls,
    conversation_id = coalesce(r.conversation_id, excluded.conversation_id), name = coalesce(excluded.name, r.name),
    agent_version = coalesce(r.agent_version, excluded.agent_version),
    last_activity_at = greatest(r.last_activity_at, excluded.last_activity_at),
    started_at = case when r.source = 'otlp' then least(r.started_at, excluded.started_at) else r.started_at end,
    agent_id = case when r.source = 'otlp' and (excluded.root_ended_at is not null or r.agent_id = 'unknown') then excluded.agent_id else r.agent_id end,
    task_type = case when r.source = 'otlp' and r.task_type = 'unspecified' then excluded.task_type else r.task_type end,
    tenant_id = coalesce(r.tenant_id, case when r.source = 'otlp' then excluded.tenant_id end),
    deployment_env = coalesce(r.deployment_env, excluded.deployment_env),
    root_ended_at = greatest(r.root_ended_at, excluded.root_ended_at),
    root_failed = case when excluded.root_ended_at is null then r.root_failed else excluded.root_failed end,
    error_message = case when r.source = 'otlp' then coalesce(excluded.error_message, r.error_message) else r.error_message end,
    status = case when r.source = 'otlp' and r.ended_at < excluded.started_at then 'running' else r.status end,
    stop_reason = case when r.source = 'otlp' and r.ended_at < excluded.started_at then null else r.stop_reason end,
    ended_at = case when r.source = 'otlp' and r.ended_at < excluded.started_at then null else r.ended_at end
  returning environment_id, run_id, agent_id, tenant_id, task_type, source),
-- What ungated runs use is charged after the fact: to whom it belongs, never to a run's own caps.
used as materialized (
  select environment_id, run_id, date_trunc('hour', started_at, 'UTC') as hour, case when kind = 'tool' then tool end as tool,
    count(*) filter (where kind = 'tool') as calls, coalesce(sum(tokens_input + coalesce(tokens_output, 0)), 0) as tokens,
    coalesce(sum(cost_micros), 0) as micros
  from ins where kind in ('model', 'tool') group by 1, 2, 3, 4),
spend as (
  insert into spend_hours as s (environment_id, scope_kind, scope_key, hour, source, tool_calls, tokens, micros)
  select u.environment_id, x.kind, x.key, u.hour, 'spans', sum(u.calls), sum(u.tokens), sum(u.micros)
  from used u join touched t on t.environment_id = u.environment_id and t.run_id = u.run_id and t.source = 'otlp'
  cross join lateral (values ('environment', ''), ('agent', t.agent_id), ('tenant', t.tenant_id), ('task_type', t.task_type),
    ('tool', u.tool)) x(kind, key)
  where x.key is not null group by 1, 2, 3, 4 order by 1, 2, 3, 4
  on conflict (environment_id, scope_kind, scope_key, hour, source) do update set tool_calls = s.tool_calls + excluded.tool_calls,
    tokens = s.tokens + excluded.tokens, micros = s.micros + excluded.micros),
tools as (
  insert into run_tools (environment_id, tool, run_id, calls)
  select environment_id, tool, run_id, count(*) from ins where kind = 'tool' and tool is not null group by 1, 2, 3 order by 1, 2, 3
  on conflict (environment_id, tool, run_id) do update set calls = run_tools.calls + excluded.calls),
usage as (
  insert into usage_hours as u (environment_id, hour, agent_id, model, calls, tokens_input, tokens_output, cost_micros, unpriced_calls)
  select environment_id, date_trunc('hour', started_at, 'UTC'), coalesce(agent_id, 'unknown'), coalesce(model, 'unknown'), count(*),
    coalesce(sum(tokens_input), 0), coalesce(sum(tokens_output), 0), coalesce(sum(cost_micros), 0),
    count(*) filter (where cost_source = 'unpriced')
  from ins where kind = 'model' group by 1, 2, 3, 4 order by 1, 2, 3, 4
  on conflict (environment_id, hour, agent_id, model) do update set calls = u.calls + excluded.calls,
    tokens_input = u.tokens_input + excluded.tokens_input, tokens_output = u.tokens_output + excluded.tokens_output,
    cost_micros = u.cost_micros + excluded.cost_micros, unpriced_calls = u.unpriced_calls + excluded.unpriced_calls)
select (select coalesce(sum(n), 0)::int from agg) as inserted,
  (select coalesce(jsonb_agg(distinct jsonb_build_object('environmentId', environment_id, 'agentId', agent_id)), '[]') from touched
    where source = 'otlp') as ungated`;

export type Inserted = {
  inserted: number;
  /** Agents of runs that nobody opened: only their spans tell of them. */
  ungated: { environmentId: string; agentId: string }[];
};

/** One statement for a whole batch, whatever runs and environments it touches. */
export async function insertSpans(tx: Sql, rows: SpanInsert[], facts: RunFacts[]): Promise<Inserted> {
  const values = [...COLUMNS.map((c) => rows.map(c.get)), ...FACTS.map((c) => facts.map(c.get))];
  const { rows: out } = await tx.query<Inserted>({ name: "insert-spans", text: INSERT, values });
  return out[0] ?? { inserted: 0, ungated: [] };
}

export const ensurePartition = (tx: Sql, day: string) => tx.query("select ensure_span_partition($1::date)", [day]);

type TraceKey = { environmentId: string; traceId: string };
export type TraceRow = { environment_id: string; trace_id: string; run_id: string };

/** The traces among these that belong to a run of another id. */
export async function runsOfTraces(tx: Sql, keys: TraceKey[]): Promise<TraceRow[]> {
  const { rows } = await tx.query<TraceRow>({
    name: "runs-of-traces",
    text: `select t.environment_id, t.trace_id, t.run_id from unnest($1::text[], $2::text[]) as k(environment_id, trace_id)
      join run_traces t using (environment_id, trace_id)`,
    values: [keys.map((k) => k.environmentId), keys.map((k) => k.traceId)],
  });
  return rows;
}

/** The first name a trace is given stays. @returns what holds now */
export async function nameTraces(tx: Sql, traces: TraceRow[]): Promise<TraceRow[]> {
  const { rows } = await tx.query<TraceRow>(
    `insert into run_traces as t (environment_id, trace_id, run_id)
     select * from unnest($1::text[], $2::text[], $3::text[]) as k(e, tr, r) order by 1, 2
     on conflict (environment_id, trace_id) do update set run_id = t.run_id
     returning environment_id, trace_id, run_id`,
    [traces.map((t) => t.environment_id), traces.map((t) => t.trace_id), traces.map((t) => t.run_id)],
  );
  return rows;
}

/** Traces named in the last hour that still have a run of their own: spans that were on their way when the name came. */
export async function strayTraces(tx: Sql): Promise<TraceRow[]> {
  const { rows } = await tx.query<TraceRow>(
    `select t.environment_id, t.trace_id, t.run_id from run_traces t
     join runs r on r.environment_id = t.environment_id and r.run_id = t.trace_id and r.source = 'otlp'
     where t.named_at > now() - interval '1 hour' and t.run_id <> t.trace_id limit 200`,
  );
  return rows;
}

/** A trace whose run is known only now: what it stored under its own id moves to that run. */
export async function moveTrace(tx: Sql, environmentId: string, traceId: string, runId: string): Promise<void> {
  await tx.query("update spans set run_id = $3 where environment_id = $1 and run_id = $2 and holder = $2", [
    environmentId,
    traceId,
    runId,
  ]);
  await tx.query(
    `with ghost as (delete from runs where environment_id = $1 and run_id = $2 and source = 'otlp' returning *)
     insert into runs as r (environment_id, run_id, agent_id, agent_version, task_type, tenant_id, conversation_id, name, source, status,
       started_at, last_activity_at, root_ended_at, root_failed, error_message, model_calls, tool_calls, errors, span_count,
       tokens_input, tokens_output, tokens_cached, cost_micros, unpriced_calls)
     select environment_id, $3, agent_id, agent_version, task_type, tenant_id, conversation_id, name, 'otlp', status, started_at,
       last_activity_at, root_ended_at, root_failed, error_message, model_calls, tool_calls, errors, span_count, tokens_input,
       tokens_output, tokens_cached, cost_micros, unpriced_calls from ghost
     on conflict (environment_id, run_id) do update set model_calls = r.model_calls + excluded.model_calls,
       tool_calls = r.tool_calls + excluded.tool_calls, errors = r.errors + excluded.errors,
       span_count = r.span_count + excluded.span_count, tokens_input = r.tokens_input + excluded.tokens_input,
       tokens_output = r.tokens_output + excluded.tokens_output, tokens_cached = r.tokens_cached + excluded.tokens_cached,
       cost_micros = r.cost_micros + excluded.cost_micros, unpriced_calls = r.unpriced_calls + excluded.unpriced_calls,
       conversation_id = coalesce(r.conversation_id, excluded.conversation_id)`,
    [environmentId, traceId, runId],
  );
  await tx.query(
    `with gone as (delete from run_tools where environment_id = $1 and run_id = $2 returning tool, calls)
     insert into run_tools (environment_id, tool, run_id, calls) select $1, tool, $3, calls from gone
     on conflict (environment_id, tool, run_id) do update set calls = run_tools.calls + excluded.calls`,
    [environmentId, traceId, runId],
  );
}

/** Gated runs that wait for a person, by the conversation their spans have named. */
export async function waitingInConversations(tx: Sql, keys: { environmentId: string; conversationId: string }[]) {
  const { rows } = await tx.query<{ environment_id: string; conversation_id: string; run_id: string }>(
    `select r.environment_id, r.conversation_id, r.run_id from unnest($1::text[], $2::text[]) as k(environment_id, conversation_id)
     join runs r using (environment_id, conversation_id) where r.source = 'api' and r.status = 'waiting'`,
    [keys.map((k) => k.environmentId), keys.map((k) => k.conversationId)],
  );
  return rows;
}

/** When this batch first came, in microseconds: a repeat of it is told the same. */
export async function firstReceived(tx: Sql, environmentId: string, runId: string, requestId: string): Promise<number> {
  const { rows } = await tx.query<{ us: number }>(
    `insert into span_requests (environment_id, run_id, request_id) values ($1, $2, $3)
     on conflict (environment_id, run_id, request_id) do update set request_id = excluded.request_id
     returning (extract(epoch from received_at) * 1000000)::bigint as us`,
    [environmentId, runId, requestId],
  );
  return rows[0]?.us ?? Date.now() * 1000;
}

/** Partitions all of whose spans arrived before the bound are dropped: disk comes back at once. */
export async function dropPartitions(tx: Sql, days: number): Promise<string[]> {
  const { rows } = await tx.query<{ part: string }>(
    `select c.relname as part from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'spans'::regclass
       and c.relname < 'spans_' || to_char(now() - make_interval(days => $1), 'YYYYMMDD')`,
    [days],
  );
  const dropped: string[] = [];
  for (const { part } of rows) {
    const { rows: newest } = await tx.query<{ keep: boolean }>(
      `select exists (select 1 from "${part}" where received_at >= now() - make_interval(days => $1)) as keep`,
      [days],
    );
    if (newest[0]?.keep) continue;
    await tx.query(`drop table "${part}"`);
    dropped.push(part);
  }
  return dropped;
}
