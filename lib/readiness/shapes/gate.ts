import { z } from "zod";
import { callerId } from "../../platform/fields";
import { pageInput } from "../../platform/page";
import { waiverShape } from "./waivers";

export const ANSWERS = ["yes", "no", "unknown"] as const;
export type Answer = (typeof ANSWERS)[number];
/** Where a check comes from: the inventory, the six questions, what was tried, what is watched. */
export const CHECK_GROUPS = ["entry", "question", "proof", "target"] as const;
export type CheckGroup = (typeof CHECK_GROUPS)[number];

export const readinessInput = z.strictObject({
  agent_id: callerId,
  version: callerId.optional().describe("The newest that was seen, where it is left out."),
});
export const listReadinessInput = z.strictObject({ ...pageInput });
export const nothing = z.strictObject({});

export const evidenceShape = z.object({
  label: z.string(),
  path: z.string().nullable().describe("Path of the console after the environment; null: there is nothing to open."),
  ok: z.boolean().nullable().describe("null: it is not known."),
});
export type Evidence = z.output<typeof evidenceShape>;
export const checkShape = z.object({
  check: z.string(),
  group: z.enum(CHECK_GROUPS),
  question: z.number().nullable().describe("1 to 6."),
  title: z.string(),
  answer: z.enum(ANSWERS).describe("From evidence; unknown blocks as no does."),
  ok: z.boolean().describe("It is met, or a waiver holds."),
  waived: z
    .object({ waiver_id: z.string(), by: z.string(), reason: z.string(), until: z.string(), at: z.string() })
    .nullable(),
  detail: z.string(),
  evidence: z.array(evidenceShape),
  mend: z.string().nullable().describe("Path of the console after the environment, where it is put right."),
  mend_label: z.string().nullable(),
});
export type CheckShape = z.output<typeof checkShape>;
export const countsShape = z.object({ met: z.number(), open: z.number(), unknown: z.number(), waived: z.number() });
export type Counts = z.output<typeof countsShape>;
export const blockingShape = z.object({ check: z.string(), title: z.string(), detail: z.string() });

export const readinessShape = z.object({
  agent_id: z.string(),
  version: z.string().nullable(),
  versions: z.array(z.string()).describe("Seen here or tried by the chaos harness, newest first, at most 20."),
  ready: z.boolean().describe("Computed now, from evidence; nobody sets it by hand."),
  as_of: z.string(),
  blocking: z.array(blockingShape),
  counts: countsShape,
  checks: z.array(checkShape),
  waivers: z.array(waiverShape).describe("Of every version of this agent, newest first, at most 50."),
});
export type ReadinessShape = z.output<typeof readinessShape>;

export const agentGateShape = z.object({
  agent_id: z.string(),
  version: z.string().nullable(),
  ready: z.boolean(),
  blocking: z.number(),
  counts: countsShape,
  first: z.string().nullable().describe("The first thing that blocks."),
  last_seen_at: z.string(),
});
export type AgentGateShape = z.output<typeof agentGateShape>;
export const agentGatesShape = z.object({ items: z.array(agentGateShape), next_cursor: z.string().nullable() });
