import { z } from "zod";
import { callerId, text } from "../platform/fields";

export const BUDGET_SCOPES = ["environment", "tenant", "agent", "task_type", "tool", "stage", "run"] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];
/** Sums that are held, settled and released exactly. */
export const SUMS = ["usd", "tokens", "tool_calls", "steps"] as const;
/** Promises over results: watched and burnt down, they hold no call back. */
export const PROMISES = ["error_rate", "latency_p95_ms"] as const;
export const METRICS = [
  ...SUMS,
  "seconds",
  "unique_calls",
  "depth",
  "children",
  "concurrent_runs",
  ...PROMISES,
] as const;
export type Metric = (typeof METRICS)[number];
export const WINDOWS = ["run", "hour", "day", "month"] as const;
export type Window = (typeof WINDOWS)[number];
export const SOFT_THEN = ["alert", "downgrade", "safe_mode"] as const;

const slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/, "Small letters, digits, dots, dashes, at most 100.")
  .describe("Name of the budget, in the path.");

export const budgetBody = {
  scope: z.strictObject({
    kind: z.enum(BUDGET_SCOPES),
    key: callerId.optional().describe("Without it: each one of the kind has this budget for itself."),
  }),
  metric: z.enum(METRICS),
  window: z
    .enum(WINDOWS)
    .default("day")
    .describe("run: of each run with its descendants; hours, days and months are UTC."),
  amount: z.number().min(0).max(1e12).describe("US dollars, counts, seconds, a share (error_rate) or milliseconds."),
  soft: z
    .strictObject({ at: z.number().gt(0).max(1), then: z.enum(SOFT_THEN).default("alert") })
    .optional()
    .describe("Share of the amount at which something happens before the cap."),
  hard: z.boolean().default(true).describe("false: nothing is refused."),
  note: text(300).optional(),
};

const OF_NO_TOOL = new Set<Metric>(["steps", "seconds", "unique_calls", "depth", "children"]);
const RUN_ONLY = new Set<Metric>(["seconds", "unique_calls", "depth", "children"]);
export const budgetInput = z.strictObject({ slug, ...budgetBody }).superRefine((b, ctx) => {
  const say = (path: string[], message: string) => ctx.addIssue({ code: "custom", path, message });
  if (b.scope.kind === "environment" && b.scope.key) say(["scope", "key"], "The environment takes no key.");
  if (RUN_ONLY.has(b.metric) && b.window !== "run") say(["window"], `${b.metric} is counted per run.`);
  if (b.metric === "concurrent_runs" && b.window !== "run") say(["window"], "Concurrent runs have no window: say run.");
  if (b.metric === "concurrent_runs" && (b.scope.kind === "run" || b.scope.kind === "stage" || b.scope.kind === "tool"))
    say(["scope", "kind"], "Concurrent runs are counted per environment, tenant, agent or task type.");
  if ((b.scope.kind === "stage" || b.scope.kind === "run") && b.window !== "run")
    say(["window"], `A ${b.scope.kind} is counted per run.`);
  if (b.scope.kind === "stage" && b.metric !== "tokens" && b.metric !== "usd")
    say(["metric"], "A stage is counted in tokens or dollars.");
  if (b.scope.kind === "tool" && OF_NO_TOOL.has(b.metric))
    say(["metric"], "A tool is counted in calls, tokens or dollars.");
  if ((PROMISES as readonly string[]).includes(b.metric)) {
    if (b.scope.kind !== "task_type") say(["scope", "kind"], "Error and latency budgets are of a task type.");
    if (b.window === "run") say(["window"], "Error and latency budgets are over an hour, a day or a month.");
    if (b.metric === "error_rate" && b.amount > 1) say(["amount"], "A share between 0 and 1.");
  } else if (b.metric !== "usd" && b.metric !== "seconds" && !Number.isInteger(b.amount))
    say(["amount"], "A whole number.");
  if (b.soft?.then === "downgrade" && b.metric !== "usd" && b.metric !== "tokens")
    say(["soft", "then"], "Only tokens and dollars are saved by a smaller model.");
});
export type BudgetInput = z.output<typeof budgetInput>;
export const slugInput = z.strictObject({ slug });
export const deleteInput = z.strictObject({ slug, reason: text(1_000).optional() });
export const nothing = z.strictObject({});

const usage = z.object({ spent: z.number(), unsettled: z.number(), held: z.number() });
export const budgetShape = z.object({
  slug: z.string(),
  scope: z.object({ kind: z.enum(BUDGET_SCOPES), key: z.string().nullable() }),
  metric: z.enum(METRICS),
  window: z.enum(WINDOWS),
  amount: z.number(),
  soft: z.object({ at: z.number(), then: z.enum(SOFT_THEN) }).nullable(),
  hard: z.boolean(),
  note: z.string().nullable(),
  revision: z.number(),
  updated_by: z.string(),
  updated_at: z.string(),
  usage: usage.describe("Of the window now; where each one of a kind has it, of the one that is nearest to its cap."),
  worst: z.string().nullable().describe("Whose usage that is."),
  window_start: z.string().nullable(),
  window_end: z.string().nullable(),
  forecast: z
    .object({ soft_at: z.string().nullable(), hard_at: z.string().nullable(), per_hour: z.number() })
    .nullable()
    .describe("When it will be spent at the pace of the last hour; null where that cannot be said."),
  reached: z.enum(["none", "soft", "hard"]),
});
export type BudgetShape = z.output<typeof budgetShape>;

export const budgetDetailShape = budgetShape.extend({
  series: z.array(z.object({ at: z.string(), value: z.number() })).describe("Hour by hour in this window, cumulative."),
  usual: z
    .array(z.object({ at: z.string(), value: z.number() }))
    .describe("Median of the same hours of the same weekdays of the last four weeks."),
  holds: z.array(
    z.object({
      decision_id: z.string(),
      run_id: z.string(),
      what: z.string(),
      state: z.enum(["held", "unsettled"]),
      amount: z.number(),
      expires_at: z.string(),
    }),
  ),
  events: z.array(
    z.object({
      at: z.string(),
      limit: z.enum(["soft", "hard"]),
      scope: z.string(),
      value: z.number(),
      run_id: z.string(),
      then: z.string(),
    }),
  ),
});
export type BudgetDetailShape = z.output<typeof budgetDetailShape>;

export const budgetsShape = z.object({
  items: z.array(budgetShape),
  next_cursor: z.null(),
  run_caps: z
    .object({
      live: z.number(),
      worst: z
        .object({
          run_id: z.string(),
          agent_id: z.string(),
          spent_usd: z.number(),
          held_usd: z.number(),
          unsettled_usd: z.number(),
        })
        .nullable(),
    })
    .describe("Of the caps that policies put on every run: the live run that has spent most."),
});
