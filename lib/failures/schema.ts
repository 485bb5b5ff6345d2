import { z } from "zod";
import { ruleBody, ruleShape, severity, slug } from "../detectors/schema";
import { callerId, isoTime, reason, text, usd } from "../platform/fields";
import { pageInput } from "../platform/page";
import { stopReason } from "../runs/schema";

export const FAILURE_STATES = ["unwritten", "written", "armed", "fired", "blind"] as const;
export type FailureState = (typeof FAILURE_STATES)[number];
export const TRIAGES = ["pre_launch", "after_first_incident"] as const;
export type Triage = (typeof TRIAGES)[number];
export const REGIMES = ["single_call", "agent"] as const;
/** What an entry can be without. */
export const LACKS = ["rule", "arming", "owner", "runbook", "data", "review"] as const;
export type Lack = (typeof LACKS)[number];
export const CHANGES = ["created", "adopted", "changed", "incident", "imported", "deleted"] as const;
export type Change = (typeof CHANGES)[number];

/** What stands under /failures beside the entries. */
export const RESERVED: ReadonlySet<string> = new Set(["adopt", "coverage", "runbooks"]);
export const entrySlug = slug.refine((s) => !RESERVED.has(s), "This name is taken by the API itself.");

const line = (max: number) => text(max).pipe(z.string().trim().min(1, "Say it in words."));
export const runbook = z.strictObject({
  first: z.array(line(300)).length(3, "Three first moves: the most important first."),
  then: z.array(line(500)).max(30).default([]),
  verify: line(500).describe("How one knows that it is over."),
});
export type Runbook = z.output<typeof runbook>;
export const prediction = z.strictObject({
  text: text(2_000).default(""),
  cost_usd: usd.nullish().describe("Of one run, in US dollars."),
  impact: text(500).nullish(),
  detect_minutes: z.number().min(0).max(525_600).nullish().describe("From its beginning until we would know."),
});
export const seen = z.strictObject({
  at: isoTime,
  where: line(300),
  resolution: text(1_000).default(""),
});
export const triageInput = z
  .strictObject({
    when: z.enum(TRIAGES),
    reason: text(1_000).nullish(),
    review_at: z.iso.date("A day: 2026-12-24.").nullish(),
  })
  .superRefine((t, ctx) => {
    if (t.when === "pre_launch") return;
    const say = (path: string, message: string) => ctx.addIssue({ code: "custom", path: [path], message });
    if (!t.reason?.trim()) say("reason", "Say why it can wait: what is not written down evaporates.");
    if (!t.review_at) say("review_at", "Say the day on which this is looked at again.");
  });

/** The whole entry, without its name in the path. What is left out takes the words of its category. */
export const failureBody = {
  name: line(200).optional(),
  category: slug,
  regime: z.enum(REGIMES).optional(),
  seen: seen.nullish().describe("null: expected, never seen."),
  symptom: text(2_000).optional(),
  root_cause: text(2_000).optional(),
  impact: text(2_000).optional(),
  prediction: prediction.optional(),
  triage: triageInput.default({ when: "pre_launch" }),
  owner: text(200).nullish().describe("Id or e-mail address of a person of this environment."),
  runbook: runbook.nullish().describe("null: none; absent: that of its category."),
  stop_reasons: z.array(stopReason).max(30).optional(),
  agents: z.array(callerId).max(100).default([]).describe("Patterns with *; empty: all."),
};
/** A rule that is written with the entry: by itself it is named as the entry is. */
export const entryRule = ruleBody.omit({ category: true, failure: true }).extend({ slug: slug.optional() });
export const putFailureInput = z.strictObject({
  slug: entrySlug,
  ...failureBody,
  rule: entryRule.optional().describe("Written with the entry, in one transaction."),
  note: text(300).nullish(),
  if_match: z.number().int().optional().describe("Of If-Match: the revision that the author has seen."),
});
export type PutFailure = z.output<typeof putFailureInput>;
export const failureFile = z.strictObject(failureBody);
export const failureInput = z.strictObject({ slug });
export const deleteFailureInput = z.strictObject({ slug, reason });
export const adoptInput = z.strictObject({ category: slug, owner: text(200).nullish() });
export const nothing = z.strictObject({});

const several = <T extends z.ZodType<unknown, string>>(one: T) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((v) => (Array.isArray(v) ? v : v.split(",")).filter((s) => s !== ""))
    .pipe(z.array(one).max(100));
export const listFailuresInput = z.strictObject({
  ...pageInput,
  category: several(slug).optional(),
  state: several(z.enum(FAILURE_STATES)).optional(),
  owner: text(200).optional().describe("Id or e-mail address; none: those without."),
  triage: z.enum(TRIAGES).optional(),
  regime: z.enum(REGIMES).optional(),
  missing: several(z.enum(LACKS)).optional().describe("Entries that lack any of these."),
  q: text(200).optional(),
});
export const revisionsInput = z.strictObject({ slug, ...pageInput });
export const runbooksInput = z.strictObject({ stop_reason: stopReason });
export const recordActualInput = z.strictObject({
  slug,
  incident_id: callerId,
  rule_fired: z.boolean(),
  minutes_early_or_late: z
    .number()
    .finite()
    .nullable()
    .describe("Against the predicted minutes: below 0 early, above 0 late; null: its rule did not fire."),
  cost_usd: usd.nullable(),
  impact: line(1_000),
  changes: line(1_000),
});
export type RecordActual = z.input<typeof recordActualInput>;

export const ownerShape = z.object({
  person_id: z.string(),
  name: z.string(),
  email: z.string(),
  problem: z.string().nullable().describe("Why nobody answers for it any more: disabled, or without a role here."),
});
export const predictionShape = z.object({
  text: z.string(),
  cost_usd: z.number().nullable(),
  impact: z.string().nullable(),
  detect_minutes: z.number().nullable(),
});
export const actualShape = z.object({
  incident_id: z.string(),
  at: z.string(),
  by: z.string(),
  predicted: predictionShape.describe("As it stood then."),
  rule_fired: z.boolean(),
  minutes_early_or_late: z.number().nullable(),
  cost_usd: z.number().nullable(),
  impact: z.string(),
  changes: z.string(),
});
export type ActualShape = z.output<typeof actualShape>;

export const failureShape = z.object({
  slug: z.string(),
  name: z.string(),
  category: z.string(),
  regime: z.enum(REGIMES),
  seen: z.object({ at: z.string(), where: z.string(), resolution: z.string() }).nullable(),
  symptom: z.string(),
  root_cause: z.string(),
  impact: z.string(),
  prediction: predictionShape,
  triage: z.object({
    when: z.enum(TRIAGES),
    reason: z.string().nullable(),
    review_at: z.string().nullable(),
    overdue: z.boolean(),
  }),
  owner: ownerShape.nullable(),
  runbook: z.object({ first: z.array(z.string()), then: z.array(z.string()), verify: z.string() }).nullable(),
  stop_reasons: z.array(stopReason),
  agents: z.array(z.string()),
  state: z.enum(FAILURE_STATES),
  missing: z.array(z.enum(LACKS)),
  rules: z.array(ruleShape).describe("Those whose failure it is."),
  fired_at: z.string().nullable(),
  last_actual: actualShape.nullable(),
  revision: z.number(),
  created_at: z.string(),
  updated_by: z.string(),
  updated_at: z.string(),
});
export type FailureShape = z.output<typeof failureShape>;
export const failuresShape = z.object({ items: z.array(failureShape), next_cursor: z.string().nullable() });
export const failureDetailShape = failureShape.extend({ actuals: z.array(actualShape) });
export type FailureDetail = z.output<typeof failureDetailShape>;

export const fieldChange = z.object({ field: z.string(), before: z.unknown(), after: z.unknown() });
export type FieldChange = z.output<typeof fieldChange>;
export const revisionShape = z.object({
  revision: z.number(),
  at: z.string(),
  by: z.object({ id: z.string(), name: z.string() }),
  change: z.enum(CHANGES),
  note: z.string().nullable(),
  changed: z.array(fieldChange),
});
export type RevisionShape = z.output<typeof revisionShape>;
export const revisionsShape = z.object({ items: z.array(revisionShape), next_cursor: z.string().nullable() });
export const writtenShape = failureDetailShape.extend({ audit_row: z.number() });
export const adoptedShape = writtenShape.extend({
  linked_rules: z.array(z.string()).describe("Default rules that now belong to it."),
});
export const triedShape = z.object({ valid: z.literal(true), revision: z.number(), changed: z.array(fieldChange) });
export const deletedShape = z.object({
  slug: z.string(),
  deleted: z.literal(true),
  rules_kept: z.array(z.string()).describe("Its rules: they go on as they are, and belong to no entry."),
  audit_row: z.number(),
});

export const CELLS = ["fired", "armed", "blind", "written", "no_rule", "not_applicable"] as const;
export type Cell = (typeof CELLS)[number];
export const coverageShape = z.object({
  entries: z.number(),
  states: z.record(z.enum(FAILURE_STATES), z.number()),
  pre_launch: z.number(),
  needs_work: z.number(),
  fired_7d: z.number(),
  overdue: z.number(),
  missing: z.array(
    z.object({ failure: z.string(), name: z.string(), category: z.string(), what: z.enum(LACKS), why: z.string() }),
  ),
  without_entry: z.array(z.object({ category: z.string(), name: z.string(), rules: z.number() })),
  agents: z.array(z.string()).describe("Seen in the last 30 days, newest first, at most 30."),
  agents_left_off: z.number(),
  rows: z.array(
    z.object({
      category: z.string(),
      entries: z.array(z.string()),
      cells: z.array(z.enum(CELLS)).describe("One an agent, in the order of agents."),
    }),
  ),
});
export type Coverage = z.output<typeof coverageShape>;

export const runbookShape = z.object({
  source: z.enum(["entry", "catalogue"]),
  slug: z.string().describe("Of the entry, or of the category."),
  name: z.string(),
  category: z.string(),
  severity,
  owner: z.string().nullable(),
  runbook: z.object({ first: z.array(z.string()), then: z.array(z.string()), verify: z.string() }),
});
export type RunbookShape = z.output<typeof runbookShape>;
export const runbooksShape = z.object({ items: z.array(runbookShape), next_cursor: z.null() });
