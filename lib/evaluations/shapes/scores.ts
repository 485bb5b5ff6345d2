import { z } from "zod";
import { callerId, isoTime, text } from "../../platform/fields";
import { pageInput } from "../../platform/page";

export const MAX_BATCH = 500;

export const evaluationInput = z.strictObject({
  run_id: callerId,
  span_id: callerId.nullish(),
  name: callerId.describe("What is scored: relevance, grounding, calibration …"),
  score: z.number().min(0).max(1),
  passed: z.boolean().nullish().describe("The evaluator's own verdict, where it has one."),
  evaluator: callerId.describe("Who or what scored: a model, a check, a person."),
  notes: text(2_000).nullish(),
});
export type EvaluationInput = z.output<typeof evaluationInput>;
export const evaluationsInput = z.strictObject({
  evaluations: z.array(evaluationInput).min(1).max(MAX_BATCH).describe("All or nothing: one bad entry keeps all out."),
});

export const listEvaluationsInput = z.strictObject({
  ...pageInput,
  run_id: callerId.optional(),
  agent_id: callerId.optional(),
  name: callerId.optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
});
export type ListEvaluations = z.output<typeof listEvaluationsInput>;

export const evaluationShape = z.object({
  evaluation_id: z.string(),
  run_id: z.string(),
  span_id: z.string().nullable(),
  agent_id: z.string(),
  agent_version: z.string().nullable(),
  task_type: z.string(),
  name: z.string(),
  score: z.number(),
  passed: z.boolean().nullable(),
  evaluator: z.string(),
  notes: z.string().nullable(),
  at: z.string(),
});
export type EvaluationShape = z.output<typeof evaluationShape>;
export const evaluationsShape = z.object({ items: z.array(evaluationShape), next_cursor: z.string().nullable() });
export const batchShape = z.object({ items: z.array(evaluationShape) });

export const summaryInput = z.strictObject({
  agent_id: callerId.optional(),
  name: callerId.optional(),
  days: z.coerce.number().int().min(1).max(365).default(30),
});
export const summaryShape = z.object({
  from: z.string(),
  to: z.string(),
  items: z
    .array(
      z.object({
        agent_id: z.string(),
        agent_version: z.string().nullable(),
        name: z.string(),
        count: z.number(),
        mean: z.number(),
        p10: z.number().describe("One score in ten is at most this."),
        judged: z.number().describe("Scores whose evaluator said passed or not."),
        share_passed: z.number().nullable().describe("Of those that were judged; null where none was."),
        last_at: z.string(),
      }),
    )
    .describe("At most 500, the newest first."),
  days: z.array(
    z.object({
      day: z.string().describe("UTC."),
      agent_id: z.string(),
      agent_version: z.string().nullable(),
      name: z.string(),
      count: z.number(),
      mean: z.number(),
    }),
  ),
  thresholds: z
    .array(
      z.object({
        rule: z.string(),
        name: z.string(),
        agent_id: z.string().nullable().describe("A name or pattern; null: any agent."),
        op: z.string(),
        threshold: z.number(),
      }),
    )
    .describe("Rules over eval_score: they judge the lowest score of a run, whatever its name."),
});
export type SummaryShape = z.output<typeof summaryShape>;

export const nothing = z.strictObject({});
export const measuredShape = z.object({
  items: z.array(
    z.object({
      agent_id: z.string(),
      names: z.array(z.string()).describe("Scores by name within 90 days."),
      evaluations: z.number(),
      canaries: z.number().describe("Under way."),
      probes: z.number().describe("Names of probes with a result within 90 days."),
      golden_tasks: z.number(),
      last_at: z.string(),
    }),
  ),
  next_cursor: z.null(),
});
export type MeasuredShape = z.output<typeof measuredShape>;

const hash = z.string().regex(/^[\x21-\x7e]{1,200}$/, "1 to 200 printable characters without spaces");
export const checkpointInput = z.strictObject({
  run_id: callerId,
  step: z.number().int().min(0).max(1_000_000),
  state_hash: hash.describe("Of the state as it was saved; compared byte by byte."),
  bytes: z.number().int().min(0).max(1e15),
  parent_checkpoint_id: callerId.nullish().describe("The one before it, of the same run."),
});
export const verifyInput = z.strictObject({ checkpoint_id: callerId, state_hash: hash });
export const listCheckpointsInput = z.strictObject({ ...pageInput, run_id: callerId });
export const checkpointShape = z.object({
  checkpoint_id: z.string(),
  run_id: z.string(),
  step: z.number(),
  state_hash: z.string(),
  bytes: z.number(),
  parent_checkpoint_id: z.string().nullable(),
  at: z.string(),
  verified_at: z.string().nullable().describe("When a state last matched it."),
  mismatch_at: z.string().nullable().describe("When a state last did not."),
});
export type CheckpointShape = z.output<typeof checkpointShape>;
export const checkpointsShape = z.object({ items: z.array(checkpointShape), next_cursor: z.string().nullable() });
export const matchShape = z.object({ match: z.literal(true) });
