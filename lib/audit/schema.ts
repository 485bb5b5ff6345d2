import { z } from "zod";
import { callerId, isoTime } from "../platform/fields";
import { pageInput } from "../platform/page";

export const listAuditInput = z.strictObject({
  ...pageInput,
  chain: z.enum(["environment", "installation"]).default("environment"),
  action: callerId.optional().describe("As `switch.set`; a prefix ends in a dot."),
  actor_id: callerId.optional(),
  target_type: callerId.optional(),
  target_id: callerId.optional(),
  q: z.string().max(200).optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
});
export const verifyInput = z.strictObject({ chain: z.enum(["environment", "installation"]).default("environment") });

export const auditShape = z.object({
  seq: z.number(),
  at: z.string(),
  actor: z.object({ type: z.string(), id: z.string(), name: z.string() }),
  action: z.string(),
  target: z.object({ type: z.string(), id: z.string() }),
  summary: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  request_id: z.string(),
  prev_hash: z.string(),
  hash: z.string(),
});
export type AuditShape = z.output<typeof auditShape>;

export const verifyShape = z.object({
  ok: z.boolean(),
  rows: z.number(),
  head: z.object({ seq: z.number(), hash: z.string() }),
  broken: z.object({ seq: z.number(), what: z.string() }).nullable(),
});
export type VerifyShape = z.output<typeof verifyShape>;
