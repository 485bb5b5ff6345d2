import { z } from "zod";
import { callerId, isoTime, json, text, usd } from "../platform/fields";
import { pageInput } from "../platform/page";
import { SPAN_KINDS } from "./span";
import { RUN_STATUSES, STOP_REASONS } from "./stop-reasons";

const count = z.number().int().min(0).max(1_000_000_000_000);
const tokens = z.strictObject({ input: count, output: count.default(0), cached: count.default(0) });
export const stopReason = z.enum(STOP_REASONS);
export const runStatus = z.enum(RUN_STATUSES);

export const openRunInput = z.strictObject({
  request_id: callerId.describe("Unique per environment and agent; the same again is the same run."),
  agent_id: callerId,
  task_type: callerId,
  tenant_id: callerId.nullish(),
  goal: text(4_000).nullish(),
  scope: z.array(callerId).max(200).optional().describe("Capabilities that this run may use."),
  parent_run_id: callerId.nullish(),
  run_id: callerId.nullish().describe("Your own id for the run; one is made where it is absent."),
  lock_key: callerId.nullish().describe("What must not run twice at once."),
  estimate: z.strictObject({ tokens: count.optional(), usd: usd.optional() }).nullish(),
  versions: z.record(z.string().max(100), z.string().max(200)).nullish(),
  instance_id: callerId.nullish(),
  deployment_env: callerId.nullish(),
  resumed_from: callerId.nullish(),
});
export type OpenRun = z.output<typeof openRunInput>;

export const heartbeatInput = z.strictObject({
  run_id: callerId,
  step: count.max(1_000_000).nullish(),
  instance_id: callerId.nullish(),
  lease_token: callerId.nullish().describe("May be left out while attempt is 1."),
  progress: json.optional(),
  waiting_on: z
    .strictObject({ run_id: callerId.optional(), lock_key: callerId.optional(), since: isoTime })
    .refine((v) => v.run_id !== undefined || v.lock_key !== undefined, "Names a run_id or a lock_key.")
    .nullish(),
});

export const finishInput = z.strictObject({
  run_id: callerId,
  stop_reason: stopReason,
  lease_token: callerId.nullish().describe("May be left out while attempt is 1."),
  instance_id: callerId.nullish(),
  result: json.optional().describe("At most 64 KB; kept encrypted, given only to the run's key."),
  error: z.strictObject({ type: text(200).optional(), message: text(4_000) }).nullish(),
  totals: z
    .strictObject({
      steps: count.optional(),
      tool_calls: count.optional(),
      tokens: tokens.optional(),
      cost_usd: usd.optional(),
      usd: usd.optional(),
      duration_s: z.number().min(0).optional(),
    })
    .nullish(),
});
export type FinishRun = z.output<typeof finishInput>;

export const runInput = z.strictObject({ run_id: callerId });

/** Filters that take several values take them comma-separated. */
const several = <T extends z.ZodType<unknown, string>>(one: T) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((v) => (Array.isArray(v) ? v : v.split(",")).filter((s) => s !== ""))
    .pipe(z.array(one).max(50));
const amount = z.coerce.number().min(0).max(1e12);

export const listRunsInput = z.strictObject({
  ...pageInput,
  agent_id: several(callerId).optional(),
  status: several(runStatus).optional(),
  stop_reason: several(z.union([stopReason, z.literal("not_success")])).optional(),
  task_type: several(callerId).optional(),
  tenant_id: several(callerId).optional(),
  tool: callerId.optional().describe("Runs that called this tool."),
  parent_run_id: callerId.optional(),
  conversation_id: callerId.optional(),
  source: z.enum(["api", "otlp"]).optional(),
  q: z.string().max(200).optional().describe("Text in name, goal, error or run id."),
  from: isoTime.optional(),
  to: isoTime.optional(),
  min_cost_usd: amount.optional(),
  max_cost_usd: amount.optional(),
  min_duration_s: amount.optional(),
  max_duration_s: amount.optional(),
  sort: z.enum(["started_at", "cost_usd"]).default("started_at"),
  count: z.enum(["true", "false"]).optional().describe("Also answer `total`, exact up to 10,000."),
  format: z.enum(["json", "csv"]).default("json"),
});
export type ListRuns = z.output<typeof listRunsInput>;

export const listSpansInput = z.strictObject({
  ...pageInput,
  run_id: callerId,
  kind: several(z.enum(SPAN_KINDS)).optional(),
});
export const spanInput = z.strictObject({ run_id: callerId, span_id: callerId });

/** One span in plain JSON. Looser than the rest: a bad one is an entry of `rejected`, never a refusal of the batch. */
export const jsonSpan = z.strictObject({
  span_id: callerId.nullish(),
  parent_span_id: callerId.nullish(),
  trace_id: callerId.nullish(),
  decision_id: callerId.nullish(),
  kind: z.enum(SPAN_KINDS),
  name: text(500),
  agent_id: callerId.nullish(),
  tool: callerId.nullish(),
  tool_call_id: text(200).nullish(),
  to: callerId.nullish(),
  args: json.optional(),
  args_hash: text(200).nullish(),
  result: json.optional(),
  result_hash: text(200).nullish(),
  status: z.enum(["ok", "error", "unset"]).default("unset"),
  error: z.strictObject({ type: text(200).nullish(), message: text(20_000) }).nullish(),
  started_at: isoTime.nullish(),
  ended_at: isoTime.nullish(),
  tokens: tokens.nullish(),
  cost_usd: usd.nullish(),
  model: text(200).nullish(),
  http_status: z.number().int().min(0).max(999).nullish(),
  endpoint: text(1_000).nullish(),
  prompt_hash: text(200).nullish(),
  summary_ref: text(500).nullish(),
  index_ids: z.array(text(500)).max(100).nullish(),
  event: z.strictObject({ from: text(200), to: text(200), reason: text(1_000).nullish() }).nullish(),
});
export type JsonSpan = z.output<typeof jsonSpan>;

export const postSpansInput = z.strictObject({
  run_id: callerId,
  request_id: callerId
    .nullish()
    .describe("Names spans that bring neither id nor start, so that a repeat adds nothing."),
  agent_id: callerId.nullish(),
  task_type: callerId.nullish(),
  spans: z.array(json).max(10_000),
});

export const activityInput = z.strictObject({ hours: z.coerce.number().int().min(1).max(720).default(24) });
export const namesInput = z.strictObject({ kind: z.enum(["tenant", "task_type", "tool", "connector"]) });
export const priceInput = z.strictObject({
  model: callerId,
  input_usd: usd.describe("US dollars per million input tokens."),
  output_usd: usd.describe("US dollars per million output tokens."),
  cached_usd: usd.nullish().describe("US dollars per million cached input tokens; as input where absent."),
});

const tokensShape = z.object({ input: z.number(), output: z.number(), cached: z.number() });
export const runShape = z.object({
  run_id: z.string(),
  request_id: z.string().nullable(),
  agent_id: z.string(),
  agent_version: z.string().nullable(),
  task_type: z.string(),
  tenant_id: z.string().nullable(),
  name: z.string().nullable(),
  goal: z.string().nullable(),
  status: runStatus,
  stop_reason: stopReason.nullable(),
  steps: z.number(),
  model_calls: z.number(),
  tool_calls: z.number(),
  errors: z.number(),
  spans: z.number(),
  tokens: tokensShape,
  cost_usd: z.number(),
  unpriced_calls: z.number().describe("Model calls whose price nobody knows: their cost is not in cost_usd."),
  duration_s: z.number().nullable(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  last_activity_at: z.string(),
  source: z.enum(["api", "otlp"]),
  gate: z.enum(["enforced", "cooperative"]),
  parent_run_id: z.string().nullable(),
  conversation_id: z.string().nullable(),
  attempt: z.number(),
  instance_id: z.string().nullable(),
  lock_key: z.string().nullable(),
  deployment_env: z.string().nullable(),
  late: z.boolean(),
  error: z.object({ type: z.string().nullable(), message: z.string().nullable() }).nullable(),
});
export type RunShape = z.output<typeof runShape>;

export const spanShape = z.object({
  span_id: z.string(),
  parent_span_id: z.string().nullable(),
  trace_id: z.string().nullable(),
  kind: z.enum(SPAN_KINDS),
  name: z.string(),
  agent_id: z.string().nullable(),
  to: z.string().nullable(),
  tool: z.string().nullable(),
  tool_call_id: z.string().nullable(),
  model: z.string().nullable(),
  provider: z.string().nullable(),
  status: z.enum(["ok", "error", "unset"]),
  error: z.object({ type: z.string().nullable(), message: z.string().nullable() }).nullable(),
  args_hash: z.string().nullable(),
  args_fingerprint: z.string().nullable(),
  result_hash: z.string().nullable(),
  args_preview: z.string().nullable(),
  result_preview: z.string().nullable(),
  tokens: tokensShape.nullable(),
  cost_usd: z.number().nullable(),
  cost_source: z.enum(["provider", "table", "unpriced"]).nullable(),
  finish_reasons: z.array(z.string()),
  http_status: z.number().nullable(),
  endpoint: z.string().nullable(),
  decision_id: z.string().nullable(),
  started_at: z.string(),
  duration_ms: z.number().nullable(),
  convention: z.string(),
  scope_name: z.string().nullable(),
  dropped_attributes: z.number(),
});
export type SpanShape = z.output<typeof spanShape>;
export type SpanDetail = SpanShape & { attributes: Record<string, unknown>; events: unknown[]; received_at: string };

export const activityShape = z.object({
  from: z.string(),
  to: z.string(),
  bucket_s: z.number(),
  runs: z.number(),
  live: z.number(),
  waiting: z.number(),
  lost: z.number(),
  cost_usd: z.number(),
  buckets: z.array(z.object({ at: z.string(), reasons: z.partialRecord(stopReason, z.number()) })),
  agents: z.array(
    z.object({
      agent_id: z.string(),
      runs: z.number(),
      live: z.number(),
      not_success: z.number(),
      cost_usd: z.number(),
      tokens: z.number(),
      per_bucket: z.array(z.number()),
      bad_per_bucket: z.array(z.number()),
    }),
  ),
});
export type ActivityShape = z.output<typeof activityShape>;

export type PriceShape = {
  model: string;
  input_usd: number;
  output_usd: number;
  cached_usd: number | null;
  source: "shipped" | "edited";
};
