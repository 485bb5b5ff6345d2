import { dollars } from "../../platform/fields";
import type { RunShape, SpanDetail, SpanShape } from "../schema";
import type { SpanKind } from "../span";
import type { RunStatus, StopReason } from "../stop-reasons";

export type RunRow = {
  run_id: string;
  request_id: string | null;
  request_hash: string | null;
  agent_id: string;
  agent_version: string | null;
  task_type: string;
  tenant_id: string | null;
  name: string | null;
  goal: string | null;
  status: RunStatus;
  stop_reason: StopReason | null;
  step: number;
  model_calls: number;
  tool_calls: number;
  errors: number;
  span_count: number;
  tokens_input: number;
  tokens_output: number;
  tokens_cached: number;
  cost_micros: number;
  unpriced_calls: number;
  totals: Totals | null;
  started_at: Date;
  ended_at: Date | null;
  last_activity_at: Date;
  source: "api" | "otlp";
  parent_run_id: string | null;
  conversation_id: string | null;
  attempt: number;
  lease_token: string | null;
  lease_until: Date | null;
  lease_over: boolean;
  instance_id: string | null;
  key_id: string | null;
  lock_key: string | null;
  deployment_env: string | null;
  late: boolean;
  error_type: string | null;
  error_message: string | null;
  result: Buffer | null;
  /** What decisions booked; null where none was asked. */
  spend: Booked | null;
};
type Booked = {
  steps: number;
  own_model_calls: number;
  own_tool_calls: number;
  own_input: number;
  own_output: number;
  own_cached: number;
  own_micros: number;
  own_unpriced: number;
};
export type Totals = {
  steps?: number;
  tool_calls?: number;
  tokens?: { input: number; output: number; cached: number };
  cost_usd?: number;
};

export const RUN_COLUMNS = `run_id, request_id, request_hash, agent_id, agent_version, task_type, tenant_id, name, goal, status, stop_reason,
  step, model_calls, tool_calls, errors, span_count, tokens_input, tokens_output, tokens_cached, cost_micros, unpriced_calls, totals,
  started_at, ended_at, last_activity_at, source, parent_run_id, conversation_id, attempt, lease_token, lease_until,
  coalesce(lease_until < now(), false) as lease_over, instance_id, key_id, lock_key, deployment_env, late, error_type, error_message, result,
  (select to_jsonb(s) from run_spend s where s.environment_id = runs.environment_id and s.run_id = runs.run_id) as spend`;

/** What decisions booked goes before what spans measured, and that before what the agent claimed at the end. */
const measured = (booked: number | undefined, sum: number, claimed: number | undefined): number =>
  booked || (sum > 0 ? sum : (claimed ?? 0));

export function runOut(row: RunRow): RunShape {
  const totals = row.totals ?? {};
  const over = row.ended_at ?? null;
  const { spend } = row;
  return {
    run_id: row.run_id,
    request_id: row.request_id,
    agent_id: row.agent_id,
    agent_version: row.agent_version,
    task_type: row.task_type,
    tenant_id: row.tenant_id,
    name: row.name,
    goal: row.goal,
    status: row.status,
    stop_reason: row.stop_reason,
    steps: Math.max(row.step, spend?.steps ?? 0, row.model_calls, totals.steps ?? 0),
    model_calls: Math.max(row.model_calls, spend?.own_model_calls ?? 0),
    tool_calls: measured(spend?.own_tool_calls, row.tool_calls, totals.tool_calls),
    errors: row.errors,
    spans: row.span_count,
    tokens: {
      input: measured(spend?.own_input, row.tokens_input, totals.tokens?.input),
      output: measured(spend?.own_output, row.tokens_output, totals.tokens?.output),
      cached: measured(spend?.own_cached, row.tokens_cached, totals.tokens?.cached),
    },
    cost_usd: dollars(spend?.own_micros || row.cost_micros),
    unpriced_calls: spend?.own_micros ? spend.own_unpriced : row.unpriced_calls,
    duration_s: over ? Math.max(0, (over.getTime() - row.started_at.getTime()) / 1000) : null,
    started_at: row.started_at.toISOString(),
    ended_at: over?.toISOString() ?? null,
    last_activity_at: row.last_activity_at.toISOString(),
    source: row.source,
    gate: row.source === "api" ? "enforced" : "cooperative",
    parent_run_id: row.parent_run_id,
    conversation_id: row.conversation_id,
    attempt: row.attempt,
    instance_id: row.instance_id,
    lock_key: row.lock_key,
    deployment_env: row.deployment_env,
    late: row.late,
    error: row.error_type || row.error_message ? { type: row.error_type, message: row.error_message } : null,
  };
}

export type SpanRow = {
  span_id: string;
  parent_span_id: string | null;
  trace_id: string | null;
  kind: SpanKind;
  name: string;
  agent_id: string | null;
  to_agent: string | null;
  tool: string | null;
  tool_call_id: string | null;
  model: string | null;
  provider: string | null;
  status: "ok" | "error" | "unset";
  error_type: string | null;
  error_message: string | null;
  args_hash: string | null;
  args_fingerprint: string | null;
  result_hash: string | null;
  args_preview: string | null;
  result_preview: string | null;
  tokens_input: number | null;
  tokens_output: number | null;
  tokens_cached: number | null;
  cost_micros: number | null;
  cost_source: "provider" | "table" | "unpriced" | null;
  finish_reasons: string | null;
  http_status: number | null;
  endpoint: string | null;
  decision_id: string | null;
  started_at: Date;
  started_us: string;
  ordinal: number;
  duration_us: number | null;
  convention: string;
  scope_name: string | null;
  dropped_attributes: number;
  attributes: Record<string, unknown>;
  events: unknown[] | null;
  received_at: Date;
};

export const SPAN_COLUMNS = `span_id, parent_span_id, trace_id, kind, name, agent_id, to_agent, tool, tool_call_id, model, provider, status,
  error_type, error_message, args_hash, args_fingerprint, result_hash, args_preview, result_preview, tokens_input, tokens_output,
  tokens_cached, cost_micros, cost_source, finish_reasons, http_status, endpoint, decision_id, started_at,
  (extract(epoch from started_at) * 1000000)::bigint::text as started_us, ordinal, duration_us, convention, scope_name, dropped_attributes`;

export function spanOut(row: SpanRow): SpanShape {
  return {
    span_id: row.span_id,
    parent_span_id: row.parent_span_id,
    trace_id: row.trace_id,
    kind: row.kind,
    name: row.name,
    agent_id: row.agent_id,
    to: row.to_agent,
    tool: row.tool,
    tool_call_id: row.tool_call_id,
    model: row.model,
    provider: row.provider,
    status: row.status,
    error: row.error_type || row.error_message ? { type: row.error_type, message: row.error_message } : null,
    args_hash: row.args_hash,
    args_fingerprint: row.args_fingerprint,
    result_hash: row.result_hash,
    args_preview: row.args_preview,
    result_preview: row.result_preview,
    tokens:
      row.tokens_input === null
        ? null
        : { input: row.tokens_input, output: row.tokens_output ?? 0, cached: row.tokens_cached ?? 0 },
    cost_usd: row.cost_micros === null ? null : dollars(row.cost_micros),
    cost_source: row.cost_source,
    finish_reasons: row.finish_reasons ? row.finish_reasons.split(",") : [],
    http_status: row.http_status,
    endpoint: row.endpoint,
    decision_id: row.decision_id,
    started_at: row.started_at.toISOString(),
    duration_ms: row.duration_us === null ? null : row.duration_us / 1000,
    convention: row.convention,
    scope_name: row.scope_name,
    dropped_attributes: row.dropped_attributes,
  };
}

export const spanDetail = (row: SpanRow): SpanDetail => ({
  ...spanOut(row),
  attributes: row.attributes,
  events: row.events ?? [],
  received_at: row.received_at.toISOString(),
});
