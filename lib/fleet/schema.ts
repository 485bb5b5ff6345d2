import { z } from "zod";
import { callerId } from "../platform/fields";

export const nothing = z.strictObject({});
export const agentInput = z.strictObject({ agent_id: callerId });
export const namesInput = z.strictObject({ kind: z.enum(["tenant", "task_type", "tool", "connector"]) });
export type NameKind = z.output<typeof namesInput>["kind"];

export const agentShape = z.object({
  agent_id: z.string(),
  version: z.string().nullable(),
  gate: z.enum(["enforced", "cooperative"]).describe("enforced: it opens its runs here; cooperative: it only tells."),
  reviewed: z.boolean(),
  reviewed_by: z.string().nullable(),
  first_seen_at: z.string(),
  last_seen_at: z.string(),
  instances: z.number().describe("Heard from within 3 × ttl_s."),
  lost_instances: z.number().describe("Heard from within a day, but not within 3 × ttl_s."),
});
export type AgentShape = z.output<typeof agentShape>;

export const instanceShape = z.object({
  instance_id: z.string(),
  agent_id: z.string().nullable(),
  applied_revision: z.number(),
  first_seen_at: z.string(),
  last_heard_at: z.string(),
  lost: z.boolean(),
});
export type InstanceShape = z.output<typeof instanceShape>;
