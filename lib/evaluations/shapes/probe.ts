import { z } from "zod";
import { callerId, text } from "../../platform/fields";

export const PROBE_TYPES = ["end-to-end", "write-validate", "read-only", "http"] as const;
export type ProbeType = (typeof PROBE_TYPES)[number];

export const slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/, "Small letters, digits, dots, dashes, at most 100.");
/** Of something that Interlock asks. */
export const address = z
  .url({ protocol: /^https?$/, error: "An http:// or https:// address." })
  .max(2_000)
  .refine((v) => !URL.canParse(v) || (new URL(v).username === "" && new URL(v).password === ""), {
    error: "No name or password in the address.",
  });

/** What a probe must show to count as passed. */
export const probe = z
  .strictObject({
    name: callerId,
    type: z.enum(PROBE_TYPES),
    max_latency_ms: z.number().int().min(1).max(3_600_000).optional().describe("Slower than this is no pass."),
    expected_status: z.number().int().min(100).max(599).optional().describe("Another HTTP status is no pass."),
    url: address.optional().describe("http: asked by Interlock itself while the canary runs."),
    interval_s: z.number().int().min(60).max(86_400).optional().describe("With url; 300 where it is left out."),
  })
  .superRefine((p, ctx) => {
    for (const path of ["url", "interval_s"] as const)
      if (p[path] !== undefined && p.type !== "http")
        ctx.addIssue({ code: "custom", path: [path], message: "Only of a probe of type http." });
    if (p.interval_s !== undefined && p.url === undefined)
      ctx.addIssue({ code: "custom", path: ["interval_s"], message: "Without a url nothing is asked." });
  });
export type Probe = z.output<typeof probe>;
export const probes = z
  .array(probe)
  .max(50)
  .superRefine((all, ctx) => {
    for (const [n, { name }] of all.entries())
      if (all.findIndex((p) => p.name === name) < n)
        ctx.addIssue({ code: "custom", path: [n, "name"], message: "The name stands twice." });
  });

export const postProbeInput = z.strictObject({
  canary: slug.nullish().describe("The canary it belongs to."),
  runbook: slug.nullish().describe("The runbook whose checklist it belongs to."),
  agent_id: callerId,
  version: callerId,
  name: callerId,
  status: z.enum(["ok", "failed"]),
  latency_ms: z.number().min(0).max(86_400_000),
  http_status: z.number().int().min(100).max(599).nullish(),
  detail: text(2_000).nullish(),
  run_id: callerId.nullish(),
});
export type PostProbe = z.output<typeof postProbeInput>;

export const resultShape = z.object({
  probe_id: z.string(),
  canary: z.string().nullable(),
  runbook: z.string().nullable(),
  agent_id: z.string(),
  version: z.string(),
  name: z.string(),
  status: z.enum(["ok", "failed"]),
  latency_ms: z.number(),
  http_status: z.number().nullable(),
  detail: z.string().nullable(),
  run_id: z.string().nullable(),
  source: z.enum(["posted", "worker"]),
  at: z.string(),
});
export type ProbeResult = z.output<typeof resultShape>;

export const PROBE_STATES = ["pass", "fail", "too slow", "not run"] as const;
export type ProbeState = (typeof PROBE_STATES)[number];
export const checkShape = z.object({
  name: z.string(),
  type: z.enum(PROBE_TYPES),
  from: z.object({ kind: z.enum(["runbook", "canary"]), slug: z.string() }),
  max_latency_ms: z.number().nullable(),
  expected_status: z.number().nullable(),
  state: z.enum(PROBE_STATES),
  why: z.string().nullable().describe("What a state other than pass comes from."),
  last: resultShape.nullable(),
});
export type CheckShape = z.output<typeof checkShape>;

export const checklistOfInput = z.strictObject({ agent_id: callerId, version: callerId });
export const checklistShape = z.object({
  agent_id: z.string(),
  version: z.string(),
  ready: z.boolean().describe("There are probes, and every one of them passes."),
  counts: z.object({ pass: z.number(), fail: z.number(), too_slow: z.number(), not_run: z.number() }),
  items: z.array(checkShape),
});
export type ChecklistShape = z.output<typeof checklistShape>;

export const runbookInput = z.strictObject({ runbook: slug });
export const deleteChecklistInput = z.strictObject({ runbook: slug, reason: text(1_000).optional() });
export const putChecklistInput = z.strictObject({
  runbook: slug.describe("The runbook, in the path."),
  agent_ids: z.array(callerId).max(100).default([]).describe("Patterns with *; empty: any agent."),
  probes: probes.min(1, "At least one probe."),
  note: text(300).optional(),
});
export type PutChecklist = z.output<typeof putChecklistInput>;
export const releaseChecklistShape = z.object({
  runbook: z.string(),
  agent_ids: z.array(z.string()),
  probes: z.array(probe),
  note: z.string().nullable(),
  revision: z.number(),
  updated_by: z.string(),
  updated_at: z.string(),
});
export type ReleaseChecklistShape = z.output<typeof releaseChecklistShape>;
export const releaseChecklistsShape = z.object({ items: z.array(releaseChecklistShape), next_cursor: z.null() });
