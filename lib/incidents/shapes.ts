import { z } from "zod";
import { predictionShape } from "../failures/schema";
import { stopReason } from "../runs/schema";

const SEVERITY = z.enum(["warning", "high", "critical"]);
const STATUS = z.enum(["open", "mitigated", "resolved", "closed"]);
const at = z.string();
const maybe = at.nullable();

export const incidentShape = z.object({
  incident_id: z.string(),
  title: z.string(),
  severity: SEVERITY,
  status: STATUS,
  category: z.string().nullable(),
  failure: z.string().nullable(),
  agent_id: z.string().nullable().describe("The one agent that it is about; null: several, or none is known."),
  commander: z.object({ person_id: z.string(), name: z.string(), email: z.string(), since: at }).nullable(),
  from_alert: z.boolean().describe("Opened by a rule; else by a person."),
  opened_by: z.string(),
  opened_at: at,
  started_at: at.describe("The first evidence."),
  detected_at: at.describe("The first alert, or the opening."),
  stopped_at: maybe,
  resolved_at: maybe,
  closed_at: maybe,
  closed_by: maybe,
  recurrence_of: z
    .string()
    .nullable()
    .describe("The one before of its category: no rule was written or changed since."),
  unnamed: z.boolean().describe("The inventory had no entry of its category before it opened."),
  alerts: z.number(),
  runs: z.number().describe("Of its alerts, and named by people; without their children."),
  revision: z.number(),
  updated_by: z.string(),
  updated_at: at,
});
export type IncidentShape = z.output<typeof incidentShape>;
export const incidentsShape = z.object({ items: z.array(incidentShape), next_cursor: z.string().nullable() });

export const incidentEffectShape = z.object({
  effect_id: z.string(),
  run_id: z.string(),
  tenant_id: z.string().nullable(),
  tool: z.string(),
  effect: z.enum(["write", "irreversible", "read"]),
  status: z.string(),
  attempts: z.number(),
  external_id: z.string().nullable(),
  url: z.string().nullable(),
  args_hash: z.string(),
  args_preview: z.string().nullable(),
  compensation: z.object({ tool: z.string(), args_hash: z.string() }).nullable(),
  approval_id: z.string().nullable(),
  claimed_at: at,
  settled_at: maybe,
  tick: z
    .object({
      verdict: z.enum(["right", "compensated", "accepted", "not_done"]),
      note: z.string(),
      by: z.string(),
      at,
      status: z.string().describe("What the ledger said then."),
    })
    .nullable(),
  validated: z.boolean().describe("Ticked, and the ledger still says what it said then."),
});
export type IncidentEffect = z.output<typeof incidentEffectShape>;

export const CHECKS = [
  "commander",
  "effects",
  "status",
  "failure",
  "actual",
  "post_mortem",
  "policy_change",
  "rule_change",
  "regression_case",
] as const;
export type CheckName = (typeof CHECKS)[number];
const change = { none: z.string().optional() };
export const incidentDetailShape = incidentShape.extend({
  post_mortem: z.object({
    what_happened: z.string(),
    root_cause: z.string(),
    what_helped: z.string(),
    what_hindered: z.string(),
  }),
  entry: z
    .object({ slug: z.string(), name: z.string(), category: z.string(), owner: z.string().nullable() })
    .nullable(),
  predicted: predictionShape.nullable().describe("Of its entry: as it stands, and once closed as it stood."),
  actual: z
    .object({
      rule_fired: z.boolean(),
      minutes_early_or_late: z.number().nullable(),
      cost_usd: z.number().nullable(),
      impact: z.string(),
      changes: z.string(),
    })
    .nullable(),
  policy_change: z.object({ policy_id: z.string().optional(), version: z.number().optional(), ...change }).nullable(),
  rule_change: z.object({ rule: z.string().optional(), revision: z.number().optional(), ...change }).nullable(),
  regression_case: z
    .object({
      name: z.string().optional(),
      inject: z.string().optional(),
      tool: z.string().optional(),
      expect_stop_reason: stopReason.optional(),
      notes: z.string().optional(),
      ...change,
    })
    .nullable(),
  evidence: z
    .object({
      runs: z.number(),
      live: z.number(),
      tenants: z.number(),
      agents: z.array(z.string()),
      stop_reasons: z.array(z.object({ stop_reason: z.string(), runs: z.number() })),
      first_run: z.string().nullable(),
      cost_usd: z.number(),
      unsettled_usd: z.number(),
      rule_fired: z.boolean().describe("An alert of it came from a rule of its entry or category."),
      minutes_to_detect: z.number(),
      minutes_early_or_late: z.number().nullable(),
      stopped_at: maybe.describe("When its runs had ended, or a switch over them was confirmed; null: neither."),
      stopped_by: z.string().nullable(),
    })
    .describe("What the records say: with children of its runs."),
  effects: z.object({
    total: z.number(),
    validated: z.number(),
    fenced: z.number().describe("Prepared, and neither committed nor rolled back."),
    items: z.array(incidentEffectShape).describe("Those not validated first, at most 500."),
  }),
  checks: z.array(z.object({ check: z.enum(CHECKS), met: z.boolean(), says: z.string(), why: z.string().nullable() })),
  missing: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type IncidentDetail = z.output<typeof incidentDetailShape>;
export const writtenIncidentShape = incidentDetailShape.extend({ audit_row: z.number() });

export const TIMELINE_KINDS = [
  "alert",
  "action",
  "switch",
  "run",
  "refused",
  "approval",
  "budget",
  "effect",
  "incident",
  "note",
] as const;
export const timelineItemShape = z.object({
  at,
  kind: z.enum(TIMELINE_KINDS),
  tone: z.enum(["plain", "alert", "switch", "refused", "unsure"]),
  what: z.string(),
  mono: z.string().nullable().describe("A name of the contract: metric, tool, code, stop reason."),
  detail: z.string().nullable(),
  who: z.string().nullable(),
  path: z.string().nullable().describe("Path of the console after the environment."),
});
export type TimelineItem = z.output<typeof timelineItemShape>;
export const timelineShape = z.object({
  items: z.array(timelineItemShape).describe("Newest last, at most 500."),
  left_off: z.number(),
  next_cursor: z.null(),
});
export type TimelineShape = z.output<typeof timelineShape>;

const spread = z.object({ incidents: z.number(), median_s: z.number().nullable(), p90_s: z.number().nullable() });
const times = { to_detect: spread, to_stop: spread, to_resolve: spread };
export const metricsShape = z.object({
  days: z.number(),
  incidents: z.number(),
  open: z.number(),
  recurrences: z.number(),
  unnamed: z.number(),
  ...times,
  categories: z.array(
    z.object({ category: z.string().nullable(), incidents: z.number(), recurrences: z.number(), ...times }),
  ),
  gaps: z
    .array(
      z.object({
        incident_id: z.string(),
        at,
        failure: z.string(),
        category: z.string().nullable(),
        rule_fired: z.boolean(),
        minutes_early_or_late: z.number().nullable(),
        predicted_minutes: z.number().nullable(),
        predicted_cost_usd: z.number().nullable(),
        cost_usd: z.number().nullable(),
      }),
    )
    .describe("Predicted against actual, oldest first."),
});
export type IncidentMetrics = z.output<typeof metricsShape>;
export const incidentCountsShape = z.object({
  open: z.number(),
  mitigated: z.number(),
  resolved: z.number(),
  closed: z.number(),
});
export type IncidentCounts = z.output<typeof incidentCountsShape>;
export const tickedShape = z.object({
  effect: incidentEffectShape,
  total: z.number(),
  validated: z.number(),
  audit_row: z.number(),
});
export const notedShape = z.object({ incident_id: z.string(), at, audit_row: z.number() });
