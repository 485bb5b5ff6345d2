import { z } from "zod";
import { callerId, isoTime, reason, text } from "../platform/fields";
import { pageInput } from "../platform/page";

export const ALERT_STATES = ["open", "acknowledged", "resolved"] as const;
export const ALERT_SEVERITIES = ["info", "warning", "high", "critical"] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

const several = <T extends z.ZodType<unknown, string>>(one: T) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((v) => (Array.isArray(v) ? v : v.split(",")).filter((s) => s !== ""))
    .pipe(z.array(one).max(50));

export const listAlertsInput = z.strictObject({
  ...pageInput,
  run_id: callerId.optional(),
  category: several(callerId).optional(),
  state: several(z.enum(ALERT_STATES)).optional(),
  severity: several(z.enum(ALERT_SEVERITIES)).optional(),
  agent_id: several(callerId).optional(),
  rule: callerId.optional(),
  failure: callerId.optional(),
  incident_id: callerId.optional(),
  historic: z.enum(["true", "false"]).optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
});
export const alertInput = z.strictObject({ alert_id: callerId });
export const acknowledgeInput = z.strictObject({ alert_id: callerId, note: text(1_000).nullish() });
export const resolveInput = z.strictObject({ alert_id: callerId, reason: reason.optional() });

export const evidenceShape = z.object({ span_id: z.string().nullable(), note: z.string() });
export const actionTakenShape = z.object({
  action: z.string(),
  taken: z.boolean(),
  note: z.string().describe("What was done, or why it was not: observe, historic, already so."),
  at: z.string(),
  target: z.string().nullable(),
});
export const alertShape = z.object({
  alert_id: z.string(),
  category: z.string(),
  rule: z.string(),
  rule_name: z.string(),
  sentence: z.string(),
  failure: z.string().nullable(),
  severity: z.enum(ALERT_SEVERITIES),
  state: z.enum(ALERT_STATES),
  historic: z.boolean(),
  mode: z.enum(["observe", "act"]),
  run_ids: z.array(z.string()).describe("The newest 100; all of them by the runs of the alert."),
  runs: z.number(),
  agent_id: z.string().nullable(),
  tenant_id: z.string().nullable(),
  task_type: z.string().nullable(),
  metric: z.string(),
  value: z.number(),
  threshold: z.number(),
  first_at: z.string(),
  last_at: z.string(),
  raised_at: z.string(),
  evidence: z.array(evidenceShape),
  actions_taken: z.array(actionTakenShape),
  incident_id: z.string().nullable(),
  acknowledged_by: z.string().nullable(),
  acknowledged_at: z.string().nullable(),
  note: z.string().nullable(),
  resolved_by: z.string().nullable(),
  resolved_at: z.string().nullable(),
  resolve_reason: z.string().nullable(),
});
export type AlertShape = z.output<typeof alertShape>;
export const alertRunShape = z.object({
  run_id: z.string(),
  agent_id: z.string(),
  value: z.number(),
  severity: z.enum(ALERT_SEVERITIES),
  at: z.string(),
  evidence: z.array(evidenceShape),
});
export const alertDetailShape = alertShape.extend({ runs_of: z.array(alertRunShape) });
export type AlertDetail = z.output<typeof alertDetailShape>;
export const alertCountsShape = z.object({
  open: z.number(),
  acknowledged: z.number(),
  by_severity: z.record(z.string(), z.number()),
});
export type AlertCounts = z.output<typeof alertCountsShape>;
