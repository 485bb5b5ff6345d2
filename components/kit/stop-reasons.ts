import { FAMILY, STOP_REASONS, type StopFamily, type StopReason } from "@/lib/runs/stop-reasons";

/** Families of stop reasons, in the order of every legend and every stack, bottom to top. */
export const FAMILIES = ["tool", "refused", "loop", "budget", "person", "system", "success"] as const;
export type Family = StopFamily;

export const FAMILY_LABELS: Record<Family, string> = {
  tool: "Tool failed",
  refused: "Refused",
  loop: "Loop, no progress",
  budget: "Budget reached",
  person: "Stopped by a person",
  system: "Lost or internal",
  success: "Success",
};

const LABELS: Record<StopReason, string> = {
  success: "Success",
  step_budget: "Step budget reached",
  tool_budget: "Tool call budget reached",
  time_budget: "Time budget reached",
  cost_budget: "Cost budget reached",
  token_budget: "Token budget reached",
  context_budget: "Context too large",
  loop_detected: "The same call repeated",
  no_progress: "No progress",
  tool_denied: "Tool call denied",
  approval_denied: "Approval denied",
  approval_expired: "Nobody answered in time",
  output_rejected: "Output rejected",
  goal_drift: "Left its goal",
  tool_timeout: "Tool timed out",
  tool_rate_limit: "Tool rate limit",
  tool_output_invalid: "Tool output not as declared",
  tool_auth_failed: "Tool refused the credential",
  tool_failed: "Tool failed",
  circuit_open: "Circuit open",
  kill_switch: "Stopped by a switch",
  cancelled: "Cancelled",
  lease_expired: "Lost: lease expired",
  internal_error: "Internal error",
  invalid_input: "Invalid input",
};

export const STOP_REASON_CODES = STOP_REASONS;
const known = (code: string): code is StopReason => Object.hasOwn(LABELS, code);

/** A reason this console does not know yet counts as system, never as success. */
export const stopReasonFamily = (code: string): Family => (known(code) ? FAMILY[code] : "system");

export const stopReasonLabel = (code: string): string => (known(code) ? LABELS[code] : code.replaceAll("_", " "));
