import { z } from "zod";
import { callerId, isoTime, text } from "../../platform/fields";
import { checkShape, PROBE_STATES, probe, probes, slug } from "./probe";

export const canaryBody = z.strictObject({
  agent_id: callerId,
  baseline_version: callerId,
  canary_version: callerId,
  percent_traffic: z.number().min(0).max(100).describe("What is planned. Whoever routes the runs reads it here."),
  probes: probes.default([]),
  started_at: isoTime.optional().describe("Now where it is left out, and later as it was."),
  ended_at: isoTime.nullish().describe("null: it goes on."),
  note: text(1_000).nullish(),
});
export const putCanaryInput = canaryBody.extend({ slug }).superRefine((c, ctx) => {
  if (c.baseline_version === c.canary_version)
    ctx.addIssue({ code: "custom", path: ["canary_version"], message: "It is the baseline itself." });
  if (c.started_at && c.ended_at && Date.parse(c.ended_at) <= Date.parse(c.started_at))
    ctx.addIssue({ code: "custom", path: ["ended_at"], message: "It ends before it begins." });
});
export type PutCanary = z.output<typeof putCanaryInput>;
export const canaryInput = z.strictObject({ slug });
export const deleteCanaryInput = z.strictObject({ slug, reason: text(1_000).optional() });
export const listCanariesInput = z.strictObject({ agent_id: callerId.optional() });

export const canaryShape = z.object({
  slug: z.string(),
  agent_id: z.string(),
  baseline_version: z.string(),
  canary_version: z.string(),
  percent_traffic: z.number(),
  probes: z.array(probe),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  running: z.boolean(),
  note: z.string().nullable(),
  revision: z.number(),
  updated_by: z.string(),
  updated_at: z.string(),
});
export type CanaryShape = z.output<typeof canaryShape>;
export const canariesShape = z.object({ items: z.array(canaryShape), next_cursor: z.null() });

export const VERDICTS = ["better", "worse", "no difference seen", "too few to say"] as const;
export type Verdict = (typeof VERDICTS)[number];
export const TRAFFIC_VERDICTS = ["as planned", "more than planned", "less than planned", "too few to say"] as const;
export const UNITS = ["share", "usd", "seconds", "tokens", "score", "per 100 runs"] as const;

const sideShape = z.object({
  n: z.number().describe("Runs that the value is of."),
  value: z.number().nullable(),
  low: z.number().nullable().describe("95 % interval."),
  high: z.number().nullable(),
});
export type Side = z.output<typeof sideShape>;
export const factShape = z.object({
  key: z.string(),
  label: z.string(),
  unit: z.enum(UNITS),
  better: z.enum(["higher", "lower"]),
  baseline: sideShape,
  canary: sideShape,
  difference: z.number().nullable().describe("Canary less baseline."),
  verdict: z.enum(VERDICTS),
  rule: z.string().describe("How the verdict was come to."),
});
export type Fact = z.output<typeof factShape>;

const cellShape = z.object({
  name: z.string(),
  state: z.enum(PROBE_STATES),
  why: z.string().nullable(),
  latency_ms: z.number(),
  at: z.string(),
});
export type ProbeCell = z.output<typeof cellShape>;
export const compareShape = z.object({
  canary: canaryShape,
  since: z.string(),
  until: z.string(),
  runs: z.object({ baseline: z.number(), canary: z.number() }),
  traffic: z.object({
    planned: z.number().describe("Share, 0 to 1."),
    seen: z.number().nullable().describe("Runs of the canary among those of both versions."),
    low: z.number().nullable(),
    high: z.number().nullable(),
    verdict: z.enum(TRAFFIC_VERDICTS),
    rule: z.string(),
  }),
  facts: z.array(factShape),
  probes: z.object({
    baseline: z.array(cellShape).describe("The last ten results, oldest first."),
    canary: z.array(cellShape),
    must_pass: z.array(checkShape).describe("What the canary version's checklists ask for."),
  }),
});
export type CompareShape = z.output<typeof compareShape>;
