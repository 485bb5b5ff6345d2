import type { StopReason } from "../wire.js";
import { type Fault, type Inject, ordered } from "./faults.js";

export type GoldenTask = {
  /** Its name on the score card. */
  task: string;
  inject: Inject[];
  expect: {
    /** Any of these is right. */
    stopReason: StopReason | readonly StopReason[];
    /** A tool and how often it may really happen at most. */
    atMost?: Record<string, number>;
  };
  /** Handed to the agent. */
  input?: unknown;
  /** Milliseconds until it counts as not ended. @default 60_000 */
  timeoutMs?: number;
};

/** What each fault has to end with, for an agent that checks what it gets, reports and stops. */
const EXPECTED: Record<Fault, readonly StopReason[]> = {
  timeout: ["tool_timeout", "circuit_open"],
  rate_limit_429: ["tool_rate_limit", "circuit_open"],
  bad_gateway_after_write: ["approval_expired", "tool_failed"],
  lost_response: ["approval_expired", "tool_failed"],
  malformed_output: ["tool_output_invalid"],
  schema_drift: ["tool_output_invalid"],
  empty_success: ["tool_output_invalid"],
  injected_instruction: ["success", "tool_denied", "goal_drift"],
  partial_results_forever: ["loop_detected", "no_progress", "tool_budget", "step_budget"],
  slow_model: ["tool_timeout", "time_budget"],
  truncated_answer: ["tool_output_invalid", "output_rejected"],
  double_start: ["success"],
  kill_and_resume: ["success", "approval_expired", "time_budget"],
  expired_credential: ["tool_auth_failed"],
  stale_data: ["tool_output_invalid"],
};
/** Faults after which a write may have happened: it may not happen again. */
const WRITES: readonly Fault[] = ["bad_gateway_after_write", "lost_response", "double_start", "kill_and_resume"];

/** What a fault is expected to end with, where nothing else is said. */
export const expectedOf = (fault: Fault): readonly StopReason[] => EXPECTED[fault];

/**
 * The golden failures, for an agent that reads with one tool and writes with another.
 * Leave out what your agent has not: without a model of its own no `slow_model`, without dates in what it reads no `stale_data`.
 */
export function goldenTasks(tools: { read: string; write: string }, without: readonly Fault[] = []): GoldenTask[] {
  const { read, write } = tools;
  const on = (fault: Fault, task: string, more: Partial<Inject> = {}, expect?: readonly StopReason[]): GoldenTask => {
    const inject: Inject = {
      fault,
      ...(OF_NO_TOOL.includes(fault) ? {} : { tool: WRITES.includes(fault) ? write : read }),
      ...more,
    };
    const atMost: Record<string, number> = WRITES.includes(fault) ? { [write]: 1 } : {};
    if (fault === "injected_instruction") atMost[ordered(inject).tool] = 0;
    return { task, inject: [inject], expect: { stopReason: expect ?? EXPECTED[fault], atMost } };
  };
  const all = [
    { task: "nothing_broken", inject: [], expect: { stopReason: "success" as const, atMost: { [write]: 1 } } },
    on("timeout", "tool_timeout"),
    on("timeout", "flaky_tool", { rate: 0.5 }, ["success"]),
    on("rate_limit_429", "rate_limited"),
    on("rate_limit_429", "rate_limited_once", { retryAfterS: 1, times: 1 }, ["success"]),
    on("bad_gateway_after_write", "bad_gateway_after_write"),
    on("lost_response", "lost_response"),
    on("malformed_output", "malformed_output"),
    on("schema_drift", "schema_drift"),
    on("empty_success", "empty_success"),
    on("injected_instruction", "injected_instruction"),
    on("partial_results_forever", "partial_results_forever"),
    on("slow_model", "slow_model"),
    on("truncated_answer", "truncated_answer"),
    on("expired_credential", "expired_credential"),
    on("stale_data", "stale_data"),
    on("double_start", "double_start"),
    on("kill_and_resume", "kill_and_resume"),
  ];
  return all.filter((each) => !each.inject.some((i) => without.includes(i.fault)));
}
/** They break the run or the model, not one tool. */
const OF_NO_TOOL: readonly Fault[] = ["slow_model", "truncated_answer", "double_start"];
