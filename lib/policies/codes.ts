import type { StopReason } from "../runs";

/** Why a call may not happen: each code has one stop reason. A closed list, the same in API, filters, dry run and pages. */
export const DENY = {
  stopped: "kill_switch",
  tool_blocked: "tool_denied",
  connector_blocked: "tool_denied",
  safe_mode: "tool_denied",
  no_policy: "tool_denied",
  tool_denied: "tool_denied",
  tool_not_allowed: "tool_denied",
  capability_not_allowed: "tool_denied",
  out_of_scope: "goal_drift",
  out_of_goal: "goal_drift",
  intent_required: "goal_drift",
  model_not_allowed: "tool_denied",
  model_downgraded: "cost_budget",
  memory_scope: "tool_denied",
  memory_budget: "tool_budget",
  condition: "tool_denied",
  validator: "tool_denied",
  fence_required: "tool_denied",
  fence_missing: "tool_denied",
  connector_not_allowed: "tool_denied",
  connector_role: "tool_denied",
  credential_not_allowed: "tool_denied",
  approval_denied: "approval_denied",
  approval_expired: "approval_expired",
  approval_used: "approval_denied",
  approval_mismatch: "approval_denied",
  effect_settled: "tool_denied",
  loop_detected: "loop_detected",
  no_progress: "no_progress",
  circuit_open: "circuit_open",
  attempts_exhausted: "tool_failed",
  step_budget: "step_budget",
  tool_budget: "tool_budget",
  unique_calls: "tool_budget",
  time_budget: "time_budget",
  cost_budget: "cost_budget",
  token_budget: "token_budget",
  stage_budget: "token_budget",
  context_budget: "context_budget",
  estimate_required: "invalid_input",
  unpriced_model: "cost_budget",
  output_rejected: "output_rejected",
  decision_expired: "cancelled",
} as const satisfies Record<string, StopReason>;
export type DenyCode = keyof typeof DENY;

/** Not now: ask again after `retry_after_ms`. */
export const WAIT = ["paused", "rate_limited", "effect_in_flight", "approvals_full"] as const;
export type WaitCode = (typeof WAIT)[number];
export const ASK = ["approval_required", "effect_unknown"] as const;
export type AskCode = (typeof ASK)[number];
export const ALLOW = ["allowed", "observed"] as const;
export type DecisionCode = DenyCode | WaitCode | AskCode | (typeof ALLOW)[number] | "replay" | "replay_without_body";
