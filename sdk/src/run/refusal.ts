import { type Answer, problem } from "../api.js";
import {
  ApprovalPending,
  ApprovalRefused,
  BudgetExhausted,
  Cancelled,
  Denied,
  GoalDrift,
  type InterlockError,
  InvalidRequest,
  LeaseLost,
  LoopDetected,
  OutputInvalid,
  Stopped,
  ToolFailed,
} from "../errors.js";
import type { CallError } from "../outcome.js";
import type { Decision, StopReason } from "../wire.js";

/** The class of a stop reason: what a caller may do about it. */
export function errorOf(stopReason: StopReason, code: string, message: string): InterlockError {
  const details = { code, stopReason };
  switch (stopReason) {
    case "kill_switch":
      return new Stopped(message, details);
    case "step_budget":
    case "tool_budget":
    case "time_budget":
    case "cost_budget":
    case "token_budget":
    case "context_budget":
      return new BudgetExhausted(message, details);
    case "loop_detected":
    case "no_progress":
      return new LoopDetected(message, details);
    case "goal_drift":
      return new GoalDrift(message, details);
    case "approval_denied":
    case "approval_expired":
      return new ApprovalRefused(message, details);
    case "circuit_open":
    case "tool_failed":
    case "tool_timeout":
    case "tool_rate_limit":
    case "tool_auth_failed":
      return new ToolFailed(message, details);
    case "tool_output_invalid":
      return new OutputInvalid(message, []);
    case "invalid_input":
      return new InvalidRequest(message, 200, [], code);
    case "lease_expired":
      return new LeaseLost(message, details);
    case "cancelled":
      return new Cancelled(message);
    default:
      return new Denied(message, details);
  }
}

export const refusalOf = (d: Decision): InterlockError => errorOf(d.stop_reason ?? "tool_denied", d.code, d.message);

/** An HTTP error on a call that names a run: whose run it is now, or what was wrong with the question. */
export function runProblem({ status, body, headers }: Answer, doing: string): InterlockError {
  const said = typeof body.detail === "string" ? body.detail : `answered ${status}`;
  if (body.code === "run_finished" && body.stop_reason === "kill_switch")
    return new Stopped(said, { code: "stopped", stopReason: "kill_switch" });
  if (body.code === "run_finished") return new Cancelled(said);
  if (body.code === "lease_lost" || status === 404)
    return new LeaseLost(said, { code: "lease_lost", stopReason: "lease_expired" });
  return problem({ status, body, headers }, doing);
}

/** Is it about this call alone? The rest is about the run, and is thrown. */
export const ofTheCall = (error: unknown): error is CallError =>
  error instanceof Denied ||
  error instanceof ApprovalRefused ||
  error instanceof ApprovalPending ||
  error instanceof ToolFailed ||
  error instanceof OutputInvalid;
