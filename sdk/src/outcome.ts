import type { ApprovalPending, ApprovalRefused, Denied, OutputInvalid, ToolFailed } from "./errors.js";

/** Why one call did not bring what was asked for. The run may go on; an agent that reports it and stops is the safer one. */
export type CallError = Denied | ApprovalRefused | ApprovalPending | ToolFailed | OutputInvalid;

/** What came of a call: its data, or why there is none. Nothing in between. */
export type Outcome<T> =
  | {
      ok: true;
      data: T;
      /** This write had happened before; `data` is what it answered then. */
      replayed: boolean;
      decisionId: string | null;
    }
  | { ok: false; error: CallError; decisionId: string | null };

/** The data, or the error thrown: "stop and report" in one word. @throws CallError */
export function must<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.data;
  throw outcome.error;
}
