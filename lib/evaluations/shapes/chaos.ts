import { z } from "zod";
import { callerId, text } from "../../platform/fields";
import { stopReason } from "../../runs/schema";

export const chaosResult = z.strictObject({
  task: callerId.describe("The golden task: tool_timeout, rate_limited, lost_response …"),
  broken: text(200).nullish().describe("What is broken on purpose, in a few words."),
  expected_stop_reason: stopReason,
  actual_stop_reason: stopReason.nullish().describe("null: the run did not end."),
  passed: z.boolean(),
  detail: text(2_000).nullish(),
  run_id: callerId.nullish(),
  duration_ms: z.number().min(0).max(86_400_000).nullish(),
});
export type ChaosResult = z.output<typeof chaosResult>;
export const postChaosInput = z.strictObject({
  agent_id: callerId,
  version: callerId,
  adapter: callerId.nullish().describe("What the agent was run with: langgraph, ai-sdk …"),
  suite: callerId.nullish(),
  results: z.array(chaosResult).min(1).max(200).describe("All or nothing."),
});
export type PostChaos = z.output<typeof postChaosInput>;
export const chaosEnteredShape = z.object({ accepted: z.number(), passed: z.number(), failed: z.number() });

export const scoreCardInput = z.strictObject({ agent_id: callerId, version: callerId.optional() });
const cell = z.object({
  state: z.enum(["pass", "fail", "not run"]),
  expected_stop_reason: stopReason.nullable(),
  actual_stop_reason: stopReason.nullable(),
  detail: z.string().nullable(),
  run_id: z.string().nullable(),
  duration_ms: z.number().nullable(),
  at: z.string().nullable(),
});
export type GoldenCell = z.output<typeof cell>;
export const scoreCardShape = z.object({
  agent_id: z.string(),
  versions: z
    .array(
      z.object({
        version: z.string(),
        at: z.string().describe("Its newest result."),
        adapter: z.string().nullable(),
        passed: z.number(),
        failed: z.number(),
        not_run: z.number(),
      }),
    )
    .describe("The three with the newest results, oldest first."),
  tasks: z.array(
    z.object({
      task: z.string(),
      suite: z.string().nullable(),
      broken: z.string().nullable(),
      expected_stop_reason: stopReason,
      cells: z.array(cell).describe("One for each version, in their order."),
    }),
  ),
});
export type ScoreCardShape = z.output<typeof scoreCardShape>;
