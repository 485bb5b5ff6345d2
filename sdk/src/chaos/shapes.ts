import type { Interlock, RunResult } from "../connect.js";
import type { ConnectOptions } from "../options.js";
import type { StopReason } from "../wire.js";
import type { GoldenTask } from "./golden.js";

/** The agent under test: one run, opened on the connection that it is given, with this request id. */
export type ChaosAgent = (
  interlock: Interlock,
  task: { requestId: string; input: unknown; signal: AbortSignal },
) => Promise<RunResult<unknown>>;

export type ChaosOptions = {
  /** Which server, with which key, as which agent. */
  connect: ConnectOptions;
  agent: ChaosAgent;
  tasks: readonly GoldenTask[];
  /** The module whose export `agent` is the agent: `kill_and_resume` needs a process of its own to kill. */
  module?: string;
};

export type ChaosResult = {
  task: string;
  broken: string | null;
  expected: readonly StopReason[];
  /** null: it did not end. */
  actual: StopReason | null;
  passed: boolean;
  detail: string | null;
  runId: string | null;
  durationMs: number;
};

export type Ended = {
  actual: StopReason | null;
  runId: string | null;
  detail: string | null;
  executed: Record<string, number>;
  broken: number;
};
