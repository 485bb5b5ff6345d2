import { type Answer, type Api, passing, problem } from "./api.js";
import type { Control } from "./control/index.js";
import {
  BudgetExhausted,
  CheckpointMismatch,
  DuplicateRun,
  Paused,
  RunLocked,
  Stopped,
  Unavailable,
} from "./errors.js";
import { sleep } from "./time.js";
import type { Opened } from "./wire.js";

export type RunOptions = {
  /** What this work is known by: the same again is the same run, also from another process. @default a new one */
  requestId?: string;
  taskType?: string;
  tenantId?: string;
  /** What it is for, in a sentence. */
  goal?: string;
  /** Capabilities that it may use: the goal's contract. Anything else is goal drift. */
  scope?: string[];
  /** The run that this one works for: what stops that one stops this one, and its caps hold for both. */
  parentRunId?: string;
  /** An id of your own for the run. */
  runId?: string;
  /** What must not run twice at once. */
  lockKey?: string;
  /** What it will need: refused at once where no budget can hold it. */
  estimate?: { tokens?: number; usd?: number };
  versions?: Record<string, string>;
  /** A checkpoint that `verifyCheckpoint` has found right. */
  resumedFrom?: string;
  /** Whether a pause is waited out. @default true */
  waitWhilePaused?: boolean;
  /** Ends the run as cancelled. */
  signal?: AbortSignal;
};

const PAUSED_MS = 5_000;

function refused(answer: Answer): Error {
  const { body } = answer;
  const said = typeof body.detail === "string" ? body.detail : `answered ${answer.status}`;
  switch (body.code) {
    case "stopped":
      return new Stopped(said, { code: "stopped", stopReason: "kill_switch" });
    case "paused":
      return new Paused(said, { code: "paused", stopReason: "cancelled" });
    case "budget_exhausted":
      return new BudgetExhausted(said, { code: "budget_exhausted", stopReason: "cost_budget" });
    case "checkpoint_mismatch":
      return new CheckpointMismatch(said, { code: "checkpoint_mismatch", stopReason: "invalid_input" });
    case "run_locked": {
      const holder = (body.holder ?? {}) as { run_id?: string; age_s?: number };
      return new RunLocked(said, { runId: holder.run_id ?? null, ageS: holder.age_s ?? null });
    }
    default:
      return problem(answer, "opening a run");
  }
}

/** @throws Stopped | Paused | BudgetExhausted | RunLocked | DuplicateRun | CheckpointMismatch | InvalidRequest | Unavailable */
export async function openRun(
  api: Api,
  control: Control,
  options: RunOptions & { requestId: string },
): Promise<Opened> {
  const { settings } = api;
  const body = {
    request_id: options.requestId,
    agent_id: settings.agentId,
    task_type: options.taskType,
    tenant_id: options.tenantId,
    goal: options.goal,
    scope: options.scope,
    parent_run_id: options.parentRunId,
    run_id: options.runId,
    lock_key: options.lockKey,
    estimate: options.estimate,
    versions: { ...settings.versions, ...options.versions },
    instance_id: settings.instanceId,
    deployment_env: settings.deploymentEnv,
    resumed_from: options.resumedFrom,
  };
  for (;;) {
    const { signal } = options;
    const answer = await api.call("POST", "v1/runs", body, {
      forMs: settings.patienceMs,
      ...(signal ? { signal } : {}),
    });
    if (answer.status === 200 || answer.status === 201) {
      const opened = answer.body as unknown as Opened;
      const live = opened.status === "running" || opened.status === "waiting";
      if (live && !opened.owner) throw new DuplicateRun(opened.run_id);
      return opened;
    }
    if (passing(answer.status)) throw new Unavailable("The run was not opened: Interlock cannot be reached.");
    const error = refused(answer);
    if (!(error instanceof Paused) || options.waitWhilePaused === false) throw error;
    // The pause may be known there before it is known here.
    await Promise.race([sleep(PAUSED_MS, signal), control.until(() => control.held(null).mode === "pause", signal)]);
    await control.until(() => control.held(null).mode !== "pause", signal);
  }
}
