import { z } from "zod";
import { slug } from "../detectors/schema";
import { recordActualInput } from "../failures/schema";
import { callerId, isoTime, reason, text } from "../platform/fields";
import { pageInput } from "../platform/page";
import { stopReason } from "../runs/schema";

export * from "./shapes";

export const INCIDENT_SEVERITIES = ["warning", "high", "critical"] as const;
export type IncidentSeverity = (typeof INCIDENT_SEVERITIES)[number];
/** mitigated: nothing more happens; resolved: it is over; closed: it has taught. */
export const INCIDENT_STATUSES = ["open", "mitigated", "resolved", "closed"] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];
export const VERDICTS = ["right", "compensated", "accepted", "not_done"] as const;
export type Verdict = (typeof VERDICTS)[number];
export const POST_MORTEM = ["what_happened", "root_cause", "what_helped", "what_hindered"] as const;
/** What a golden task of the chaos harness breaks. */
export const FAULTS = [
  "timeout",
  "rate_limit_429",
  "bad_gateway_after_write",
  "malformed_output",
  "schema_drift",
  "empty_success",
  "injected_instruction",
  "partial_results_forever",
  "slow_model",
  "truncated_answer",
  "lost_response",
  "double_start",
  "kill_and_resume",
  "expired_credential",
  "stale_data",
] as const;
/** Faults of the run or the model: the others are injected into one tool. */
export const FAULTS_OF_NO_TOOL = ["slow_model", "truncated_answer", "double_start", "kill_and_resume"] as const;

const title = text(200).pipe(z.string().trim().min(1, "Say in a few words what went wrong."));
const severity = z.enum(INCIDENT_SEVERITIES);
const person = text(200)
  .pipe(z.string().trim().min(1))
  .describe("Id or e-mail address of a person of this environment.");
const incidentId = callerId.describe("INC-31");
const some = z.array(callerId).max(200);

export const incidentInput = z.strictObject({ incident_id: incidentId });
export const regressionInput = incidentInput.extend({ format: z.enum(["yaml", "json"]).default("yaml") });
export const openInput = z.strictObject({
  title,
  severity,
  category: slug.nullish().describe("Of the catalogue; by itself that of the entry, or of its alerts."),
  failure: slug.nullish().describe("The inventory entry that it is."),
  commander: person.nullish(),
  alert_ids: some.default([]),
  run_ids: some.default([]),
  started_at: isoTime.nullish().describe("The first evidence; by itself that of its alerts, then of its runs."),
});

/** Either what changed, or why nothing did. */
const orNone = <T extends z.ZodRawShape>(shape: T, required: readonly (keyof T & string)[]) =>
  z.strictObject({ ...shape, none: reason.optional().describe("Why there is none.") }).superRefine((raw, ctx) => {
    const v = raw as Record<string, unknown>;
    const say = (path: string, message: string) => ctx.addIssue({ code: "custom", path: [path], message });
    if (v.none === undefined) {
      for (const key of required) if (v[key] === undefined) say(key, "Name it, or say by `none` why there is none.");
    } else for (const key of Object.keys(shape)) if (v[key] !== undefined) say(key, "There is one, or there is none.");
  });
export const policyChange = orNone({ policy_id: callerId.optional(), version: z.number().int().min(1).optional() }, [
  "policy_id",
  "version",
]);
export const ruleChange = orNone(
  { rule: slug.optional(), revision: z.number().int().min(1).optional().describe("By itself the latest.") },
  ["rule"],
);
export const regressionCase = orNone(
  {
    name: slug.optional(),
    inject: z.enum(FAULTS).optional(),
    tool: callerId.optional(),
    expect_stop_reason: stopReason.optional(),
    notes: text(2_000).optional(),
  },
  ["name", "inject", "expect_stop_reason"],
);
export const actualInput = recordActualInput.omit({ slug: true, incident_id: true });
const part = text(10_000);
const postMortem = z.strictObject({
  what_happened: part.optional(),
  root_cause: part.optional(),
  what_helped: part.optional(),
  what_hindered: part.optional(),
});

export const changeInput = z.strictObject({
  incident_id: incidentId,
  if_match: z.number().int().optional().describe("Of If-Match: the revision that the author has seen."),
  title: title.optional(),
  severity: severity.optional(),
  status: z.enum(["open", "mitigated", "resolved"]).optional().describe("It is closed by /close."),
  category: slug.optional(),
  failure: slug.nullish(),
  commander: person.optional(),
  alert_ids: some.optional().describe("Added to those it has."),
  run_ids: some.optional().describe("Added to those it has."),
  started_at: isoTime.optional(),
  stopped_at: isoTime.nullish(),
  post_mortem: postMortem.optional(),
  actual: actualInput.nullish(),
  policy_change: policyChange.nullish(),
  rule_change: ruleChange.nullish(),
  regression_case: regressionCase.nullish(),
});
export type ChangeIncident = z.output<typeof changeInput>;
export const tickInput = z.strictObject({
  incident_id: incidentId,
  effect_id: callerId,
  verdict: z.enum(VERDICTS).nullable().describe("null takes the tick back."),
  note: text(1_000).nullish(),
});
export const noteInput = z.strictObject({
  incident_id: incidentId,
  text: text(4_000).pipe(z.string().trim().min(1, "A note says something.")),
});

const several = <T extends z.ZodType<unknown, string>>(one: T) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((v) => (Array.isArray(v) ? v : v.split(",")).filter((s) => s !== ""))
    .pipe(z.array(one).max(50));
export const listIncidentsInput = z.strictObject({
  ...pageInput,
  status: several(z.enum(INCIDENT_STATUSES)).optional(),
  severity: several(severity).optional(),
  category: several(slug).optional(),
  agent_id: several(callerId).optional(),
  commander: person.optional(),
  q: text(200).optional(),
});
export const metricsInput = z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(90) });
export const nothing = z.strictObject({});
