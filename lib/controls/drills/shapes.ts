import { z } from "zod";
import { callerId, reason } from "../../platform/fields";
import { pageInput } from "../../platform/page";

export const DRILL_OUTCOMES = ["running", "proven", "failed"] as const;
export type DrillOutcome = (typeof DRILL_OUTCOMES)[number];

export const drillSchedule = z.strictObject({
  agent_id: callerId.describe("The canary: the agent that is stopped."),
  every_days: z.number().int().min(1).max(366),
  hour: z.number().int().min(0).max(23).describe("Of the day, UTC."),
});
export type DrillSchedule = z.output<typeof drillSchedule>;

export const startDrillInput = z.strictObject({
  agent_id: callerId,
  reason,
  wait_s: z
    .number()
    .int()
    .min(10)
    .max(900)
    .optional()
    .describe("After this the drill has failed and the agent is released. Without it: 3 × ttl_s, at least 60."),
});
export const drillInput = z.strictObject({ drill_id: callerId });
export const listDrillsInput = z.strictObject({
  ...pageInput,
  agent_id: callerId.optional(),
  outcome: z.enum(DRILL_OUTCOMES).optional(),
});

export const drillShape = z.object({
  drill_id: z.string(),
  agent_id: z.string(),
  reason: z.string(),
  switch_id: z.string().nullable().describe("The stop it set. null: it was due by schedule and could not begin."),
  started_by: z.string(),
  scheduled: z.boolean(),
  outcome: z.enum(DRILL_OUTCOMES),
  detail: z.string().nullable().describe("What came of it, in one sentence."),
  started_at: z.string(),
  deadline_at: z.string(),
  seen_at: z.string().nullable().describe("When the last instance had seen it."),
  confirmed_at: z.string().nullable().describe("When everybody had confirmed."),
  released_at: z.string().nullable(),
  instances: z
    .object({ connected: z.number(), seen: z.number(), confirmed: z.number() })
    .describe("Of those that were heard when it began."),
  runs: z.object({ requested: z.number(), confirmed: z.number() }),
  laggards: z.array(z.string()).describe("Who has not confirmed, by name."),
  slowest_instance: z.string().nullable(),
  slowest_seen_ms: z.number().nullable(),
  confirmed_ms: z.number().nullable(),
});
export type DrillShape = z.output<typeof drillShape>;
