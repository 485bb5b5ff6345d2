import type { StopReason } from "./wire.js";

type Details = { code: string; stopReason: StopReason; cause?: unknown };

// `instanceof` holds across two copies of this package: a class answers to its mark, not to its identity.
const marked = (name: string) => Symbol.for(`@interlock/agent/${name}`);

/** Everything that this package throws. `code` is stable; `stopReason` is what a run ends with if nobody catches it. */
export class InterlockError extends Error {
  readonly code: string;
  readonly stopReason: StopReason;
  constructor(message: string, { code, stopReason, cause }: Details) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.stopReason = stopReason;
    for (let proto = Object.getPrototypeOf(this); proto.constructor !== Error; proto = Object.getPrototypeOf(proto))
      Object.defineProperty(this, marked(proto.constructor.mark), { value: true });
    this.name = (this.constructor as typeof InterlockError).mark;
  }
  static readonly mark: string = "InterlockError";
  static override [Symbol.hasInstance](thing: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: each class below answers by its own mark
    return typeof thing === "object" && thing !== null && marked(this.mark) in thing;
  }
}

/** A switch ended the run, or nobody could confirm any more that none does. Do not retry: `ready()` says when agents may go on. */
export class Stopped extends InterlockError {
  static override readonly mark: string = "Stopped";
}
/** A pause holds the agent, and the caller asked not to wait. */
export class Paused extends InterlockError {
  static override readonly mark: string = "Paused";
}
/** A cap is met: steps, calls, seconds, tokens or dollars. A person may raise it. */
export class BudgetExhausted extends InterlockError {
  static override readonly mark: string = "BudgetExhausted";
}
/** The same again, or no progress: another plan is needed, not another attempt. */
export class LoopDetected extends InterlockError {
  static override readonly mark: string = "LoopDetected";
}
/** The call is outside of the goal that this run was opened for. */
export class GoalDrift extends InterlockError {
  static override readonly mark: string = "GoalDrift";
}
/** Policy, safe mode or a block refused this call; nothing was done. */
export class Denied extends InterlockError {
  static override readonly mark: string = "Denied";
}
/** A person said no, or nobody answered in time; nothing was done. */
export class ApprovalRefused extends InterlockError {
  static override readonly mark: string = "ApprovalRefused";
}
/** A person is being asked, and the caller chose not to wait: call again with the same arguments once there is a verdict. */
export class ApprovalPending extends InterlockError {
  static override readonly mark: string = "ApprovalPending";
  constructor(
    message: string,
    readonly approval: { id: string; url: string; expiresAt: string },
  ) {
    super(message, { code: "approval_required", stopReason: "approval_expired" });
  }
}
/** The tool was called and failed: `code` tells how (`tool_timeout`, `tool_rate_limit`, `tool_auth_failed`, `tool_failed`, `circuit_open`). */
export class ToolFailed extends InterlockError {
  static override readonly mark: string = "ToolFailed";
}
/** For a tool to throw that has surely done nothing: nothing counts, and an approval is given back. */
export class NotExecuted extends ToolFailed {
  static override readonly mark: string = "NotExecuted";
  constructor(message: string, cause?: unknown) {
    super(message, { code: "not_executed", stopReason: "tool_failed", cause });
  }
}
/** What a tool, a step or a model gave back does not have the shape that was declared. */
export class OutputInvalid extends InterlockError {
  static override readonly mark: string = "OutputInvalid";
  constructor(
    message: string,
    readonly issues: readonly { path: string; message: string }[],
    stopReason: StopReason = "tool_output_invalid",
  ) {
    super(message, { code: "output_invalid", stopReason });
  }
}
/** Another instance has this run now, or its lease ran out: nothing more may be done in its name. */
export class LeaseLost extends InterlockError {
  static override readonly mark: string = "LeaseLost";
}
/** Another run holds the lock: it stands in `holder`. */
export class RunLocked extends InterlockError {
  static override readonly mark: string = "RunLocked";
  constructor(
    message: string,
    readonly holder: { runId: string | null; ageS: number | null },
  ) {
    super(message, { code: "run_locked", stopReason: "cancelled" });
  }
}
/** This request is being worked on by another instance. */
export class DuplicateRun extends InterlockError {
  static override readonly mark: string = "DuplicateRun";
  constructor(readonly runId: string) {
    super(`Run ${runId} of this request is under way elsewhere.`, { code: "not_owner", stopReason: "cancelled" });
  }
}
/** The saved state is not what was written: the run may not go on from it. */
export class CheckpointMismatch extends InterlockError {
  static override readonly mark: string = "CheckpointMismatch";
}
/** The caller made a mistake; `issues` tells where. */
export class InvalidRequest extends InterlockError {
  static override readonly mark: string = "InvalidRequest";
  constructor(
    message: string,
    readonly status: number,
    readonly issues: readonly { path: string; message: string }[] = [],
    code = "invalid_request",
  ) {
    super(message, { code, stopReason: "invalid_input" });
  }
}
/** Nobody could be asked for as long as `patienceMs`: nothing was done. */
export class Unavailable extends InterlockError {
  static override readonly mark: string = "Unavailable";
  constructor(message: string, cause?: unknown) {
    super(message, { code: "unavailable", stopReason: "internal_error", cause });
  }
}
/** The caller's own signal, or `close()`, ended it. */
export class Cancelled extends InterlockError {
  static override readonly mark: string = "Cancelled";
  constructor(message = "Cancelled.") {
    super(message, { code: "cancelled", stopReason: "cancelled" });
  }
}
