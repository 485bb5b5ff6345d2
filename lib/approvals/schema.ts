import { z } from "zod";
import { callerId, reason, text } from "../platform/fields";
import { pageInput } from "../platform/page";

export const APPROVAL_STATUSES = ["pending", "approved", "denied", "expired", "cancelled", "used"] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

export const approvalInput = z.strictObject({
  approval_id: callerId,
  wait_s: z.coerce.number().min(0).max(55).optional().describe("Hold the answer until it is settled."),
});
export const listApprovalsInput = z.strictObject({
  ...pageInput,
  status: z.enum(APPROVAL_STATUSES).optional(),
  settled: z.enum(["true"]).optional().describe("Everything that is not pending."),
  mine: z.enum(["true"]).optional().describe("Only what waits for me at its present stage."),
  run_id: callerId.optional(),
  agent_id: callerId.optional(),
  tool: callerId.optional(),
  review: z.enum(["open"]).optional().describe("Broken glass whose review is not closed."),
});
export const verdictInput = z.strictObject({ approval_id: callerId, verdict: z.enum(["approve", "deny"]), reason });
export const batchVerdictInput = z.strictObject({
  approval_ids: z.array(callerId).min(1).max(100),
  verdict: z.enum(["approve", "deny"]),
  reason,
});
export const breakGlassInput = z.strictObject({ approval_id: callerId, reason });
export const reviewInput = z.strictObject({ approval_id: callerId, note: reason });
export const grantInput = z.strictObject({
  agent_id: callerId.describe("A name; * stands for any characters."),
  tool: callerId.describe("A name; * stands for any characters."),
  tenant_id: callerId.optional(),
  condition: text(2_000).optional().describe("CEL over args, facts, run, agent: only such calls."),
  reason,
  max_uses: z.number().int().min(1).max(1_000_000).optional(),
  expires_in_s: z
    .number()
    .int()
    .min(60)
    .max(90 * 86_400),
});
export const grantIdInput = z.strictObject({ grant_id: callerId });
export const revokeInput = z.strictObject({ grant_id: callerId, reason: text(1_000).optional() });
export const listGrantsInput = z.strictObject({ active: z.enum(["true", "false"]).optional() });
export const linkInput = z.strictObject({ token: z.string().min(1).max(500) });
export const settingsInput = z.strictObject({ self_approval: z.boolean(), reason });
export const nothing = z.strictObject({});

export const voteShape = z.object({
  stage: z.number(),
  voter: z.string(),
  verdict: z.enum(["approve", "deny", "abstain"]),
  reason: z.string(),
  at: z.string(),
});
export const stageShape = z.object({
  name: z.string().nullable(),
  roles: z.array(z.string()),
  people: z.array(z.string()).describe("E-mail addresses."),
  machine: z.string().nullable().describe("URL of a validator that is asked first."),
  quorum: z.number(),
  timeout_s: z.number(),
  on_timeout: z.enum(["escalate", "expire"]),
});
export const approvalShape = z.object({
  id: z.string(),
  status: z.enum(APPROVAL_STATUSES),
  expires_at: z.string(),
  stage: z.number().describe("Which stage of the ladder is asked, from 0."),
  stages: z.array(stageShape),
  stage_due_at: z.string().describe("When it escalates or expires."),
  frozen_at: z.string().nullable().describe("A stop or pause holds its clocks since then."),
  votes: z.array(voteShape),
  run_id: z.string(),
  agent_id: z.string(),
  tenant_id: z.string().nullable(),
  task_type: z.string(),
  kind: z.enum(["policy", "effect_unknown"]),
  tool: z.string().nullable(),
  model: z.string().nullable(),
  connector: z.string().nullable(),
  effect: z.string().nullable(),
  args_hash: z.string(),
  intent: z.object({ reason: z.string().optional(), resources: z.array(z.string()).optional() }).nullable(),
  rule: z.string(),
  says: z.string(),
  policy: z.object({ id: z.string(), version: z.number() }).nullable(),
  requested_at: z.string(),
  requested_by: z.string(),
  settled_at: z.string().nullable(),
  settled_by: z.string().nullable(),
  settle_reason: z.string().nullable(),
  effect_id: z.string().nullable(),
  broken_glass: z.boolean(),
  review: z
    .object({ state: z.enum(["open", "closed"]), note: z.string().nullable(), by: z.string().nullable() })
    .nullable(),
  for_me: z.boolean().describe("May the caller vote on it now?"),
  why_not_me: z.string().nullable(),
});
export type ApprovalShape = z.output<typeof approvalShape>;
/** A case as the approver sees it. */
export const caseShape = approvalShape.extend({
  args: z.string().nullable().describe("Canonical JSON of the final arguments, secrets redacted."),
  facts: z.record(z.string(), z.unknown()),
  estimate: z.record(z.string(), z.unknown()).nullable(),
  compensation: z.string().nullable(),
  may_break_glass: z.boolean(),
  run: z.object({
    run_id: z.string(),
    goal: z.string().nullable(),
    status: z.string(),
    steps: z.number(),
    tool_calls: z.number(),
    cost_usd: z.number(),
    started_at: z.string(),
  }),
  similar: z.array(
    z.object({
      id: z.string(),
      status: z.enum(APPROVAL_STATUSES),
      agent_id: z.string(),
      settled_by: z.string().nullable(),
      settle_reason: z.string().nullable(),
      settled_at: z.string().nullable(),
      same_args: z.boolean(),
    }),
  ),
  similar_counts: z.object({ approved: z.number(), denied: z.number(), expired: z.number() }),
  done_before: z.number().describe("Effects of this tool by this agent in the last 90 days."),
});
export type CaseShape = z.output<typeof caseShape>;
export const countsShape = z.object({
  pending: z.number(),
  mine: z.number(),
  irreversible: z.number(),
  reviews: z.number(),
  grants: z.number(),
  oldest: z.string().nullable(),
  self_approval: z.boolean(),
});
export type CountsShape = z.output<typeof countsShape>;
export const grantShape = z.object({
  grant_id: z.string(),
  agent_id: z.string(),
  tool: z.string(),
  tenant_id: z.string().nullable(),
  condition: z.string().nullable(),
  reason: z.string(),
  max_uses: z.number().nullable(),
  uses: z.number(),
  granted_by: z.string(),
  created_at: z.string(),
  expires_at: z.string(),
  state: z.enum(["active", "expired", "spent", "revoked"]),
  revoked_by: z.string().nullable(),
  silences: z
    .array(z.object({ rule: z.string(), policy_id: z.string().nullable(), calls: z.number(), last_at: z.string() }))
    .describe("The rules that would have asked, and how often it answered for a person."),
});
export type GrantShape = z.output<typeof grantShape>;
