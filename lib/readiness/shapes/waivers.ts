import { z } from "zod";
import { callerId, reason } from "../../platform/fields";

export const LONGEST_WAIVER_DAYS = 180;
export const checkSlug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,199}$/, "Name of a check of the gate.")
  .describe("As the gate names it: hard_caps, entry.runaway_loop, target.shop …");

export const waiveInput = z.strictObject({
  agent_id: callerId,
  version: callerId.nullish().describe("Absent: the newest that was seen."),
  check: checkSlug,
  reason,
  until: z.iso.date("A day: 2026-12-24.").describe("The last day on which it holds, at most 180 days from today, UTC."),
});
export type Waive = z.output<typeof waiveInput>;
export const revokeInput = z.strictObject({ waiver_id: callerId, reason });

export const WAIVER_STATES = ["holds", "lapsed", "revoked"] as const;
export const waiverShape = z.object({
  waiver_id: z.string(),
  agent_id: z.string(),
  version: z.string().nullable(),
  check: z.string(),
  reason: z.string(),
  until: z.string(),
  by: z.string(),
  at: z.string(),
  state: z.enum(WAIVER_STATES),
  revoked_at: z.string().nullable(),
  revoked_by: z.string().nullable(),
  revoke_reason: z.string().nullable(),
});
export type WaiverShape = z.output<typeof waiverShape>;
export const waiverWrittenShape = waiverShape.extend({ audit_row: z.number() });
