import { z } from "zod";
import { callerId, isoTime, text } from "../platform/fields";
import { stopReason } from "../runs/schema";
import { METRIC_NAMES } from "./metrics";

export { METRIC_NAMES, METRICS, type Metric, type MetricName } from "./metrics";

export const SEVERITIES = ["info", "warning", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];
export const ACTIONS = ["notify", "safe_mode", "stop_run", "open_incident"] as const;
export type Action = (typeof ACTIONS)[number];
/** How the values of several runs, or of one run's moments, become the one that is compared. */
export const AGGREGATES = ["sum", "count", "rate", "avg", "max", "min", "p50", "p95", "p99"] as const;
export type Aggregate = (typeof AGGREGATES)[number];
export const OPS = [">", ">=", "<", "<="] as const;
export type Op = (typeof OPS)[number];
/** `run`: each run by itself; else one value of all runs of each agent, tenant, task type, or of the environment. */
export const PERS = ["run", "agent", "tenant", "task_type", "environment"] as const;
export type Per = (typeof PERS)[number];

export const severity = z.enum(SEVERITIES);
export const metricName = z.enum(METRIC_NAMES);
/** Names of rules and inventory entries: what stands in their address. */
export const slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,99}$/,
    "Lower-case letters, digits, - and _, at most 100, beginning with a letter or digit.",
  );

export const ruleScope = z.strictObject({
  agent_id: callerId.optional().describe("A name, or a pattern with *."),
  task_type: callerId.optional(),
  tenant_id: callerId.optional(),
  tool: callerId.optional().describe("Only calls of this tool count."),
});
export type RuleScope = z.output<typeof ruleScope>;

const seconds = z
  .number()
  .int()
  .min(1)
  .max(31 * 86_400);
export const condition = z.strictObject({
  metric: metricName,
  aggregate: z.enum(AGGREGATES).nullish().describe("Absent: each run by itself."),
  per: z.enum(PERS).nullish(),
  op: z.enum(OPS).default(">"),
  threshold: z.number().finite(),
  window_s: seconds.nullish().describe("Absent: the whole run."),
  scope: ruleScope.default({}),
});
export type ConditionInput = z.input<typeof condition>;

export const ruleBody = z.strictObject({
  category: slug,
  failure: slug.nullish().describe("The inventory entry it belongs to."),
  name: text(200).optional(),
  sentence: text(500)
    .optional()
    .describe('"X exceeding Y within Z minutes"; in place of metric, op, threshold, window_s and scope.'),
  metric: metricName.optional(),
  aggregate: z.enum(AGGREGATES).nullish(),
  per: z.enum(PERS).nullish(),
  op: z.enum(OPS).optional(),
  threshold: z.number().finite().optional(),
  window_s: seconds.nullish(),
  scope: ruleScope.optional(),
  warn_threshold: z
    .number()
    .finite()
    .nullish()
    .describe("Reached before threshold: raises the alert at one severity less."),
  exempt_tools: z.array(callerId).max(200).default([]).describe("Patterns of tools whose calls do not count."),
  severity: severity.default("warning"),
  mode: z.enum(["observe", "act", "off"]).default("observe"),
  actions: z.array(z.enum(ACTIONS)).max(4).default([]),
  no_data_s: seconds.nullish().describe("Alert where the metric's data has been missing for so long."),
  renotify_s: seconds.nullish().describe("Tell again while the alert stands open."),
});
export const ruleInput = ruleBody.extend({ slug });
export type RuleInput = z.input<typeof ruleInput>;
export const ruleName = z.strictObject({ slug });
export const deleteRuleInput = z.strictObject({ slug, reason: text(1_000).optional() });
export const listRulesInput = z.strictObject({
  category: slug.optional(),
  failure: slug.optional(),
  mode: z.enum(["observe", "act", "off"]).optional(),
});

export const RULE_STATES = ["armed", "fired", "blind", "off"] as const;
export const ruleShape = z.object({
  slug: z.string(),
  name: z.string(),
  category: z.string(),
  failure: z.string().nullable(),
  sentence: z.string(),
  metric: metricName,
  aggregate: z.enum(AGGREGATES).nullable(),
  per: z.enum(PERS),
  op: z.enum(OPS),
  threshold: z.number(),
  warn_threshold: z.number().nullable(),
  window_s: z.number().nullable(),
  scope: ruleScope,
  exempt_tools: z.array(z.string()),
  severity,
  mode: z.enum(["observe", "act", "off"]),
  actions: z.array(z.enum(ACTIONS)),
  no_data_s: z.number().nullable(),
  renotify_s: z.number().nullable(),
  origin: z.enum(["catalogue", "yours"]).describe("catalogue: as it ships; yours: written or changed here."),
  revision: z.number(),
  updated_by: z.string().nullable(),
  updated_at: z.string().nullable(),
  state: z.enum(RULE_STATES),
  fired_at: z.string().nullable(),
  alerts_30d: z.number(),
  data_at: z.string().nullable().describe("When data that it needs last arrived for its scope; null: never."),
});
export type RuleShape = z.output<typeof ruleShape>;

export const sentenceInput = z.strictObject({ sentence: text(500) });
export const backtestInput = z.strictObject({
  slug,
  from: isoTime.optional().describe("30 days ago."),
  to: isoTime.optional(),
  threshold: z.number().finite().optional().describe("In place of the rule's own."),
  rule: ruleBody.partial().optional().describe("A draft in place of the stored rule."),
});
export const backtestShape = z.object({
  fired: z.array(
    z.object({
      run_id: z.string(),
      value: z.number(),
      at: z.string(),
      outcome: z.string().nullable(),
      agent_id: z.string(),
    }),
  ),
  fired_count: z.number(),
  runs: z.number(),
  successes: z.number(),
  fired_on_success: z.number(),
  without_data: z.number(),
  /** How many runs reach each value: the curve under the slider. */
  curve: z.array(z.object({ threshold: z.number(), fired: z.number(), fired_on_success: z.number() })),
  from: z.string(),
  to: z.string(),
  complete: z.boolean().describe("false: there were more runs than one back-test looks at; the newest were."),
});
export type BacktestShape = z.output<typeof backtestShape>;

/** A failure category that ships. */
export const GROUPS = [
  "loops_and_cost",
  "context_and_memory",
  "tools",
  "effects",
  "agents_together",
  "goal_and_security",
  "answers",
  "watching",
  "single_call",
] as const;
export const categoryShape = z.object({
  slug: z.string(),
  name: z.string(),
  group: z.enum(GROUPS),
  regime: z.enum(["single_call", "agent"]),
  severity,
  symptom: z.string(),
  cause: z.string(),
  impact: z.string(),
  prediction: z.string().describe("What we expect before it has been seen."),
  stop_reasons: z.array(stopReason),
  runbook: z.object({
    first: z.array(z.string()).length(3).describe("The first three moves at 03:00."),
    then: z.array(z.string()),
    verify: z.string().describe("How one knows that it is over."),
  }),
  cannot_tell: z.string().nullable().describe("What no rule of ours sees, and who could."),
  seeds: z.array(z.object({ seed: z.enum(["000", "001", "002", "003", "004"]), says: z.string() })),
  rules: z.array(z.string()).describe("Slugs of its default rules."),
  measured: z
    .object({
      labelled: z
        .array(
          z.object({
            mode: z.string(),
            labels: z.string().describe("objective, annotated by people, or weak."),
            sources: z.array(z.string()),
            found: z.number(),
            of: z.number(),
            false_alarms: z.number(),
            negatives: z.number(),
          }),
        )
        .describe("Against labelled real runs, all default rules of the category together."),
      alarms_per_100: z.array(z.object({ source: z.string(), runs: z.number(), per_100: z.number() })),
    })
    .nullable()
    .describe("How its default rules did on real runs; null: no real runs of it were to be had."),
});
export type CategoryShape = z.output<typeof categoryShape>;
export type Category = Omit<CategoryShape, "rules" | "measured">;
export const catalogueShape = z.object({ items: z.array(categoryShape), next_cursor: z.null() });
export const metricShape = z.object({
  metric: metricName,
  of: z.enum(["run", "window"]),
  unit: z.string(),
  needs: z.string(),
  says: z.string(),
});
