/** Families of stop reasons, in the order of every legend and every stack, bottom to top. */
export const FAMILIES = ["tool", "refused", "loop", "budget", "person", "system", "success"] as const;
export type Family = (typeof FAMILIES)[number];

export const FAMILY_LABELS: Record<Family, string> = {
  tool: "Tool failed",
  refused: "Refused",
  loop: "Loop, no progress",
  budget: "Budget reached",
  person: "Stopped by a person",
  system: "Lost or internal",
  success: "Success",
};

export const STOP_REASONS = {
  success: { family: "success", label: "Success" },
  step_budget: { family: "budget", label: "Step budget reached" },
  tool_budget: { family: "budget", label: "Tool call budget reached" },
  time_budget: { family: "budget", label: "Time budget reached" },
  cost_budget: { family: "budget", label: "Cost budget reached" },
  token_budget: { family: "budget", label: "Token budget reached" },
  context_budget: { family: "budget", label: "Context too large" },
  loop_detected: { family: "loop", label: "The same call repeated" },
  no_progress: { family: "loop", label: "No progress" },
  tool_denied: { family: "refused", label: "Tool call denied" },
  approval_denied: { family: "refused", label: "Approval denied" },
  approval_expired: { family: "refused", label: "Nobody answered in time" },
  output_rejected: { family: "refused", label: "Output rejected" },
  goal_drift: { family: "refused", label: "Left its goal" },
  tool_timeout: { family: "tool", label: "Tool timed out" },
  tool_rate_limit: { family: "tool", label: "Tool rate limit" },
  tool_output_invalid: { family: "tool", label: "Tool output not as declared" },
  tool_auth_failed: { family: "tool", label: "Tool refused the credential" },
  tool_failed: { family: "tool", label: "Tool failed" },
  circuit_open: { family: "tool", label: "Circuit open" },
  kill_switch: { family: "person", label: "Stopped by a switch" },
  cancelled: { family: "person", label: "Cancelled" },
  lease_expired: { family: "system", label: "Lost: lease expired" },
  internal_error: { family: "system", label: "Internal error" },
  invalid_input: { family: "system", label: "Invalid input" },
} as const satisfies Record<string, { family: Family; label: string }>;

export type StopReasonCode = keyof typeof STOP_REASONS;
export const STOP_REASON_CODES = Object.keys(STOP_REASONS) as StopReasonCode[];

const known = (code: string): code is StopReasonCode => Object.hasOwn(STOP_REASONS, code);

/** A reason this console does not know yet counts as system, never as success. */
export function stopReasonFamily(code: string): Family {
  return known(code) ? STOP_REASONS[code].family : "system";
}

export function stopReasonLabel(code: string): string {
  return known(code) ? STOP_REASONS[code].label : code.replaceAll("_", " ");
}
