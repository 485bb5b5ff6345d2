export { connect, Interlock, type RunResult } from "./connect.js";
export type { Held } from "./control/index.js";
export {
  ApprovalPending,
  ApprovalRefused,
  BudgetExhausted,
  Cancelled,
  CheckpointMismatch,
  Denied,
  DuplicateRun,
  GoalDrift,
  InterlockError,
  InvalidRequest,
  LeaseLost,
  LoopDetected,
  NotExecuted,
  OutputInvalid,
  Paused,
  RunLocked,
  Stopped,
  ToolFailed,
  Unavailable,
} from "./errors.js";
export { EXTERNAL_RULE, external } from "./external.js";
export { type Entry, Memory, type MemoryScope, type MemoryStore } from "./memory.js";
export type { RunOptions } from "./open.js";
export type { AgentEvent, ConnectOptions, Intercept } from "./options.js";
export { type CallError, must, type Outcome } from "./outcome.js";
export { currentRun } from "./run/current.js";
export type { Fenced } from "./run/fence.js";
export type { Run, StepOptions } from "./run/index.js";
export type { Checkpoint } from "./run/keep.js";
export type { ModelCall, ModelQuestion, ModelTurn, ModelUse } from "./run/model.js";
export type { Schema } from "./schema.js";
export { type CallOptions, type Tool, type ToolContext, tool } from "./tool.js";
export type { Effect, Mode, OnStale, RunStatus, StopReason } from "./wire.js";
