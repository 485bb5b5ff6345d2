import { z } from "zod";
import { callerId, isoTime, json, reason, text, usd } from "../platform/fields";
import { pageInput } from "../platform/page";
import { EFFECTS } from "../policies/schema";

const count = z.number().int().min(0).max(1_000_000_000_000);
const tokens = z.strictObject({ input: count, output: count.default(0), cached: count.default(0) });

export const KINDS = ["step", "tool", "model", "memory", "output"] as const;
export const OUTCOMES = ["allow", "deny", "require_approval", "replay", "wait"] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const PHASES = ["prepare", "commit", "rollback"] as const;

/** May this step happen? */
export const questionInput = z
  .strictObject({
    run_id: callerId,
    request_id: callerId.nullish().describe("The same again with the same content gets the stored answer."),
    kind: z.enum(KINDS),
    step: z.number().int().min(0).max(1_000_000).nullish(),
    stage: callerId.nullish(),
    tool: callerId.nullish(),
    connector: callerId.nullish(),
    capability: callerId.nullish(),
    credential_ref: callerId.nullish(),
    model: callerId.nullish(),
    args: json.optional(),
    facts: z.record(z.string().max(200), json).nullish(),
    effect: z.enum(EFFECTS).nullish(),
    intent: z
      .strictObject({ reason: text(4_000).optional(), resources: z.array(text(500)).max(200).optional() })
      .nullish(),
    estimate: z
      .strictObject({
        tokens: count.optional(),
        usd: usd.optional(),
        input_tokens: count.optional(),
        max_output_tokens: count.optional(),
      })
      .nullish(),
    bytes: count.nullish().describe("Of a memory write."),
    scope: callerId.nullish().describe("Of a memory write: tenant, user, session …"),
    scores: z.record(callerId, z.number().min(0).max(1)).nullish().describe("Of an output: what an evaluator found."),
    attempt: z.number().int().min(1).max(1_000).nullish(),
    approval_id: callerId.nullish(),
    dedupe_key: callerId.nullish().describe("Tells two writes apart that are the same to the letter and both meant."),
    phase: z
      .enum(PHASES)
      .nullish()
      .describe("Of a fenced write: prepared, then committed or rolled back, with the same args."),
    lease_token: callerId.nullish().describe("May be left out while attempt is 1."),
    instance_id: callerId.nullish(),
  })
  .superRefine((q, ctx) => {
    const need = (key: "tool" | "model", kind: string) => {
      if (q.kind === kind && !q[key]) ctx.addIssue({ code: "custom", path: [key], message: `Name the ${key}.` });
    };
    need("tool", "tool");
    need("model", "model");
    if (q.phase && q.kind !== "tool")
      ctx.addIssue({ code: "custom", path: ["phase"], message: "Only a tool call has one." });
  });
export type Question = z.output<typeof questionInput>;

export const RESULT_STATUSES = ["ok", "error", "timeout", "not_executed"] as const;
export const resultInput = z.strictObject({
  decision_id: callerId,
  status: z.enum(RESULT_STATUSES),
  http_status: z.number().int().min(0).max(999).nullish(),
  error: z.strictObject({ type: text(200).optional(), message: text(4_000) }).nullish(),
  latency_ms: z.number().min(0).max(1e10).nullish(),
  endpoint: text(1_000).nullish(),
  tokens: tokens.nullish(),
  usd: usd.nullish(),
  result: json.optional(),
  result_hash: text(200).nullish(),
  output_valid: z.boolean().nullish(),
  effect: z
    .strictObject({
      external_id: text(500).nullish(),
      url: text(2_000).nullish(),
      compensation: z.strictObject({ tool: callerId, args: json.optional() }).nullish(),
    })
    .nullish(),
  lease_token: callerId.nullish(),
});
export type ResultInput = z.output<typeof resultInput>;

export const remainingShape = z.object({
  steps: z.number().nullable(),
  tool_calls: z.number().nullable(),
  seconds: z.number().nullable(),
  usd: z.number().nullable(),
  tokens: z.number().nullable(),
});
export type Remaining = z.output<typeof remainingShape>;

export const decisionShape = z.object({
  decision_id: z.string(),
  outcome: z.enum(OUTCOMES),
  code: z.string(),
  stop_reason: z.string().nullable(),
  message: z.string(),
  start_within_s: z.number().nullable(),
  retry_after_ms: z.number().nullable(),
  policy: z.object({ id: z.string().nullable(), version: z.number().nullable(), rule: z.string().nullable() }),
  mode: z.enum(["enforce", "observe"]),
  would: z
    .object({
      outcome: z.enum(OUTCOMES),
      code: z.string(),
      message: z.string(),
      policy: z.object({ id: z.string(), version: z.number() }).nullable(),
    })
    .nullable()
    .describe("What a document in observe would have said, where that is something else."),
  effect: z.enum(EFFECTS).nullable(),
  effect_id: z.string().nullable(),
  idempotency_key: z.string().nullable(),
  replay: z
    .object({
      effect_id: z.string(),
      external_id: z.string().nullable(),
      url: z.string().nullable(),
      result: json,
      result_hash: z.string().nullable(),
    })
    .nullable(),
  approval: z.object({ id: z.string(), status: z.string(), expires_at: z.string(), url: z.string() }).nullable(),
  limits: z
    .object({
      timeout_s: z.number(),
      max_attempts: z.number(),
      backoff_ms: z.array(z.number()),
      retryable_status: z.array(z.number()),
      use_model: z.string().nullable(),
    })
    .describe("use_model: beyond a soft limit, the model to use instead."),
  remaining: remainingShape,
  control: z.object({ revision: z.number(), mode: z.string() }),
});
export type Decision = z.output<typeof decisionShape>;

export const resultShape = z.object({
  remaining: remainingShape,
  next: z.enum(["continue", "stop"]),
  stop_reason: z.string().nullable(),
  code: z.string().nullable(),
  effect: z.object({ effect_id: z.string(), status: z.string() }).nullable(),
  output_valid: z.boolean().nullable(),
  errors: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .describe("Where the output does not fit its schema."),
  late: z.boolean(),
});
export type ResultOut = z.output<typeof resultShape>;

export const decisionInput = z.strictObject({ decision_id: callerId });
const several = z.string().transform((v) => v.split(",").filter(Boolean));
export const listDecisionsInput = z.strictObject({
  ...pageInput,
  run_id: callerId.optional(),
  agent_id: callerId.optional(),
  tool: callerId.optional(),
  outcome: several.pipe(z.array(z.enum(OUTCOMES))).optional(),
  code: several.pipe(z.array(callerId)).optional(),
  policy_id: callerId.optional(),
  grant_id: callerId.optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
});
/** A decision as it was recorded, and what came of it. */
export const decisionRowShape = z.object({
  decision_id: z.string(),
  decided_at: z.string(),
  run_id: z.string(),
  request_id: z.string().nullable(),
  agent_id: z.string(),
  tenant_id: z.string().nullable(),
  task_type: z.string(),
  kind: z.enum(KINDS),
  step: z.number().nullable(),
  stage: z.string().nullable(),
  tool: z.string().nullable(),
  model: z.string().nullable(),
  connector: z.string().nullable(),
  effect: z.string().nullable(),
  args_hash: z.string().nullable(),
  args_preview: z.string().nullable(),
  estimate: z.record(z.string(), json).nullable(),
  approval_id: z.string().nullable(),
  effect_id: z.string().nullable(),
  grant_id: z.string().nullable(),
  control_revision: z.number(),
  answer: decisionShape,
  result: z
    .object({
      status: z.enum(RESULT_STATUSES),
      http_status: z.number().nullable(),
      error: z.object({ type: z.string().nullable(), message: z.string().nullable() }).nullable(),
      latency_ms: z.number().nullable(),
      tokens: z.object({ input: z.number(), output: z.number(), cached: z.number() }).nullable(),
      cost_usd: z.number().nullable(),
      output_valid: z.boolean().nullable(),
      late: z.boolean(),
      received_at: z.string(),
    })
    .nullable(),
});
export type DecisionRow = z.output<typeof decisionRowShape>;

export const EFFECT_STATUSES = [
  "claimed",
  "done",
  "not_done",
  "unknown",
  "prepared",
  "committed",
  "rolled_back",
] as const;
export const listEffectsInput = z.strictObject({
  ...pageInput,
  run_id: callerId.optional(),
  agent_id: callerId.optional(),
  tool: callerId.optional(),
  status: several.pipe(z.array(z.enum(EFFECT_STATUSES))).optional(),
});
export const settleEffectInput = z.strictObject({
  effect_id: callerId,
  done: z.boolean(),
  external_id: text(500).nullish(),
  reason,
});
export const effectShape = z.object({
  effect_id: z.string(),
  key: z.string().describe("scope : tool : SHA-256 of the canonical arguments."),
  run_id: z.string(),
  agent_id: z.string(),
  tenant_id: z.string().nullable(),
  tool: z.string(),
  connector: z.string().nullable(),
  effect: z.enum(EFFECTS),
  args_hash: z.string(),
  args_preview: z.string().nullable(),
  status: z.enum(EFFECT_STATUSES),
  attempts: z.number(),
  replays: z.number().describe("Asked again and answered from the ledger."),
  decision_id: z.string(),
  approval_id: z.string().nullable(),
  external_id: z.string().nullable(),
  url: z.string().nullable(),
  compensation: z.object({ tool: z.string(), args: json }).nullable(),
  claimed_at: z.string(),
  settled_at: z.string().nullable(),
  settled_by: z.string().nullable(),
  settle_reason: z.string().nullable(),
});
export type EffectShape = z.output<typeof effectShape>;

export const tryInput = z.strictObject({
  agent_id: callerId,
  task_type: callerId.default("task"),
  tenant_id: callerId.nullish(),
  question: z.record(z.string(), json).describe("As it would be asked, without run_id."),
  document: z.record(z.string(), json).optional().describe("Judge by this draft instead of what is in force."),
});
export const dryRunInput = z.strictObject({
  document: z.record(z.string(), json),
  policy_id: callerId,
  from: isoTime.optional(),
  to: isoTime.optional(),
  limit: z.number().int().min(1).max(200_000).default(100_000),
});
export const dryRunShape = z.object({
  from: z.string(),
  to: z.string(),
  decisions: z
    .number()
    .describe("Looked at: those of callers whom the draft binds, or whom the version in force bound."),
  differ: z.number(),
  unknown: z.number().describe("Cannot be told: the arguments were too large to keep, or redacted where a rule looks."),
  took_ms: z.number(),
  truncated: z.boolean(),
  groups: z.array(
    z.object({
      from: z.object({ outcome: z.enum(OUTCOMES), code: z.string() }),
      to: z.object({ outcome: z.enum(OUTCOMES), code: z.string() }),
      rule: z.string(),
      calls: z.number(),
      runs: z.number(),
      succeeded: z.number().describe("Runs among them that ended in success."),
      tools: z.array(z.object({ tool: z.string(), calls: z.number() })),
      examples: z.array(
        z.object({
          decision_id: z.string(),
          run_id: z.string(),
          tool: z.string().nullable(),
          at: z.string(),
          message: z.string(),
        }),
      ),
    }),
  ),
});
export type DryRunShape = z.output<typeof dryRunShape>;
export const breakerShape = z.object({
  tool: z.string(),
  state: z.enum(["closed", "open", "half_open"]),
  failures: z.number(),
  opened_at: z.string().nullable(),
  open_until: z.string().nullable(),
});
export const nothing = z.strictObject({});
