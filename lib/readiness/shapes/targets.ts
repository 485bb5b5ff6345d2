import { z } from "zod";
import { callerId, reason, text } from "../../platform/fields";

export const MARKER_KINDS = ["header", "body", "json_path"] as const;
export type MarkerKind = (typeof MARKER_KINDS)[number];
export const TARGET_STATES = ["verified", "unverified", "mismatch", "unreachable", "silent"] as const;
export type TargetState = (typeof TARGET_STATES)[number];
export const MAX_SCREENSHOT = 2 * 1024 * 1024;
export const SCREENSHOT_DAYS = 90;

export const targetSlug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,99}$/,
    "Lower-case letters, digits, - and _, at most 100, beginning with a letter or digit.",
  );
const address = z
  .url({ protocol: /^https?$/, error: "An http:// or https:// address." })
  .max(2_000)
  .refine((v) => !URL.canParse(v) || (new URL(v).username === "" && new URL(v).password === ""), {
    error: "No name or password in the address.",
  });
const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const PATH = /^\$?\.?[\w-]+(?:\.[\w-]+|\[\d+\])*$/;
const marker = z
  .strictObject({
    kind: z.enum(MARKER_KINDS),
    name: text(200).nullish().describe("Of a header its name, of json_path the path: env.name, nodes[0].id."),
    value: text(500).pipe(z.string().trim().min(1, "What it must say.")),
  })
  .superRefine((m, ctx) => {
    const say = (message: string) => ctx.addIssue({ code: "custom", path: ["name"], message });
    if (m.kind === "body" && m.name) say("A body has no name: its text is looked through for the value.");
    if (m.kind === "header" && !HEADER.test(m.name ?? "")) say("Name the header.");
    if (m.kind === "json_path" && !PATH.test(m.name ?? "")) say("Say where in the JSON: env.name, nodes[0].id.");
  });

export const targetBody = {
  name: text(100).pipe(z.string().trim().min(1, "A name is required.")),
  url: address.describe("What users reach."),
  expected_marker: marker.describe("What only this production says of itself."),
  agent_ids: z.array(callerId).max(100).default([]).describe("Whose spans come from it. Patterns with *; empty: any."),
  service: z
    .strictObject({ deployment_env: callerId.nullish() })
    .nullish()
    .describe("What its spans say of where they come from: deployment.environment.name."),
  interval_s: z.number().int().min(60).max(3_600).default(300),
  silent_after_s: z
    .number()
    .int()
    .min(60)
    .max(7 * 86_400)
    .default(3_600)
    .describe("Users reach it, and no span of it has come for so long: silent."),
};
export const putTargetInput = z.strictObject({ slug: targetSlug, ...targetBody });
export type PutTarget = z.output<typeof putTargetInput>;
export const targetInput = z.strictObject({ slug: targetSlug });
export const deleteTargetInput = z.strictObject({ slug: targetSlug, reason });
export const screenshotInput = z.strictObject({
  slug: targetSlug,
  bytes: z.custom<Uint8Array>((v) => v instanceof Uint8Array, "The bytes of a picture."),
});
export const getScreenshotInput = z.strictObject({
  slug: targetSlug,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe("An earlier one; without it the newest."),
});

export const targetCheckShape = z.object({
  at: z.string(),
  ok: z.boolean().describe("It answered."),
  matched: z.boolean().nullable().describe("The marker is the expected one; null: nobody can say."),
  status: z.number().nullable(),
  latency_ms: z.number().nullable(),
  found: z.string().nullable().describe("What stood where the marker was looked for."),
  error: z.string().nullable(),
});
export type TargetCheck = z.output<typeof targetCheckShape>;
const listedShape = z.object({
  slug: z.string(),
  name: z.string(),
  url: z.string(),
  state: z.enum(TARGET_STATES),
});
export const screenshotShape = z.object({
  at: z.string(),
  by: z.string(),
  sha256: z.string(),
  content_type: z.string(),
  size: z.number(),
  too_old: z.boolean().describe("Older than 90 days."),
  listed: z.array(listedShape).describe("Our own list of targets as it stood then."),
});
export type ScreenshotShape = z.output<typeof screenshotShape>;
export const targetShape = z.object({
  slug: z.string(),
  name: z.string(),
  url: z.string(),
  expected_marker: z.object({ kind: z.enum(MARKER_KINDS), name: z.string().nullable(), value: z.string() }),
  agent_ids: z.array(z.string()),
  service: z.object({ deployment_env: z.string().nullable() }),
  interval_s: z.number(),
  silent_after_s: z.number(),
  state: z.enum(TARGET_STATES),
  why: z.string().describe("What the state comes from."),
  last_check: targetCheckShape.nullable(),
  last_match_at: z.string().nullable(),
  next_check_at: z.string().nullable(),
  last_span: z.object({ at: z.string(), run_id: z.string() }).nullable().describe("The newest that came from it."),
  other_env: z
    .object({ deployment_env: z.string(), run_id: z.string(), at: z.string() })
    .nullable()
    .describe("Spans of its agents within the hour that say they come from elsewhere."),
  screenshot: screenshotShape.nullable(),
  gate: z
    .object({ ok: z.boolean(), missing: z.array(z.string()) })
    .describe("Marker within the hour, a span within the day, a person's screenshot within 90 days."),
  alert_id: z.string().nullable(),
  revision: z.number(),
  updated_by: z.string(),
  updated_at: z.string(),
});
export type TargetShape = z.output<typeof targetShape>;
export const targetDetailShape = targetShape.extend({
  checks: z.array(targetCheckShape).describe("The newest 50."),
  screenshots: z.array(screenshotShape).describe("The newest 20."),
});
export type TargetDetail = z.output<typeof targetDetailShape>;
export const targetsShape = z.object({ items: z.array(targetShape), next_cursor: z.null(), as_of: z.string() });
export const targetWrittenShape = targetShape.extend({ created: z.boolean(), audit_row: z.number() });
export const screenshotWrittenShape = screenshotShape.extend({ slug: z.string(), audit_row: z.number() });
