/** Why a run ended: a closed list, the same in API, filters, alerts and runbooks. */
export const STOP_REASONS = [
  "success",
  "step_budget",
  "tool_budget",
  "time_budget",
  "cost_budget",
  "token_budget",
  "loop_detected",
  "no_progress",
  "tool_denied",
  "tool_timeout",
  "tool_rate_limit",
  "tool_output_invalid",
  "tool_auth_failed",
  "tool_failed",
  "circuit_open",
  "approval_denied",
  "approval_expired",
  "output_rejected",
  "goal_drift",
  "context_budget",
  "kill_switch",
  "cancelled",
  "lease_expired",
  "internal_error",
  "invalid_input",
] as const;
export type StopReason = (typeof STOP_REASONS)[number];

export const RUN_STATUSES = ["running", "waiting", "completed", "failed", "stopped", "lost"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export type StopFamily = "success" | "tool" | "refused" | "loop" | "budget" | "person" | "system";

export const FAMILY: Record<StopReason, StopFamily> = {
  success: "success",
  step_budget: "budget",
  tool_budget: "budget",
  time_budget: "budget",
  cost_budget: "budget",
  token_budget: "budget",
  context_budget: "budget",
  loop_detected: "loop",
  no_progress: "loop",
  tool_denied: "refused",
  approval_denied: "refused",
  approval_expired: "refused",
  output_rejected: "refused",
  goal_drift: "refused",
  tool_timeout: "tool",
  tool_rate_limit: "tool",
  tool_output_invalid: "tool",
  tool_auth_failed: "tool",
  tool_failed: "tool",
  circuit_open: "tool",
  kill_switch: "person",
  cancelled: "person",
  lease_expired: "system",
  internal_error: "system",
  invalid_input: "system",
};

/** What was held back by a limit or a person is stopped; what broke or was refused has failed. */
export function statusOf(reason: StopReason): Exclude<RunStatus, "running" | "waiting"> {
  switch (FAMILY[reason]) {
    case "success":
      return "completed";
    case "budget":
    case "loop":
    case "person":
      return "stopped";
    case "system":
      return reason === "lease_expired" ? "lost" : "failed";
    case "tool":
    case "refused":
      return "failed";
  }
}
