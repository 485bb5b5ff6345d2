import { z } from "zod";
import { callerId, text } from "../../platform/fields";
import { address, slug } from "./probe";

const patterns = z.array(callerId).max(50).default([]);
export const putEvaluatorInput = z.strictObject({
  slug,
  url: address.describe("Is sent each run that has ended, and answers with scores."),
  agent_ids: patterns.describe("Patterns; empty: every agent's runs."),
  task_types: patterns,
  sample: z.number().gt(0).max(1).default(1).describe("Share of the runs, 0 to 1."),
  timeout_s: z.number().int().min(1).max(120).default(20),
  enabled: z.boolean().default(true),
  note: text(1_000).nullish(),
});
export type PutEvaluator = z.output<typeof putEvaluatorInput>;
export const evaluatorName = z.strictObject({ slug });
export const deleteEvaluatorInput = z.strictObject({ slug, reason: text(1_000).optional() });

export const evaluatorShape = z.object({
  slug: z.string(),
  url: z.string(),
  agent_ids: z.array(z.string()),
  task_types: z.array(z.string()),
  sample: z.number(),
  timeout_s: z.number(),
  enabled: z.boolean(),
  note: z.string().nullable(),
  revision: z.number(),
  updated_by: z.string(),
  updated_at: z.string(),
  last_asked_at: z.string().nullable(),
  scored_24h: z.number(),
  failed_24h: z.number(),
  last_error: z.string().nullable(),
});
export type EvaluatorShape = z.output<typeof evaluatorShape>;

/** What an evaluator answers. */
export const evaluatorAnswer = z.object({
  scores: z
    .array(
      z.object({
        name: callerId,
        score: z.number().min(0).max(1),
        passed: z.boolean().nullish(),
        span_id: callerId.nullish(),
        notes: text(2_000).nullish(),
      }),
    )
    .min(1)
    .max(50),
});
