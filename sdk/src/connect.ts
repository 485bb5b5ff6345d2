import { randomUUID } from "node:crypto";
import { Api } from "./api.js";
import { Control, type Held } from "./control/index.js";
import { ApprovalPending, Cancelled, InterlockError } from "./errors.js";
import { openRun, type RunOptions } from "./open.js";
import { type ConnectOptions, settingsOf } from "./options.js";
import { Outbox } from "./outbox.js";
import { tellable } from "./run/attempt.js";
import { Run } from "./run/index.js";
import { verify } from "./run/keep.js";
import { Life } from "./run/life.js";
import { Recorder } from "./spans/recorder.js";
import type { StopReason } from "./wire.js";

/** How a run ended, by its stop reason. */
export type RunResult<T> =
  | {
      ok: true;
      runId: string;
      stopReason: "success";
      value: T /** It had ended before; `value` is what was kept of it. */;
      replayed: boolean;
    }
  | { ok: false; runId: string; stopReason: StopReason; error: unknown; replayed: boolean };

const GRACE_MS = 10_000;

/** The connection of one agent. Keep one for the process, and `close()` it at the end. */
export class Interlock {
  readonly #api: Api;
  readonly #recorder: Recorder;
  readonly #outbox: Outbox;
  readonly #controls = new Map<string, Control>();
  readonly #runs = new Set<Run>();
  #closed = false;

  constructor(options: ConnectOptions) {
    this.#api = new Api(settingsOf(options));
    this.#recorder = new Recorder(this.#api);
    this.#outbox = new Outbox(this.#api);
    this.#control(this.#api.settings.taskType, this.#api.settings.tenantId);
  }

  get agentId(): string {
    return this.#api.settings.agentId;
  }
  get instanceId(): string {
    return this.#api.settings.instanceId;
  }
  /** What holds a run that is not yet begun: `run`, `safe_mode`, `pause` or `stop`, and why. */
  get held(): Held {
    return this.#control(this.#api.settings.taskType, this.#api.settings.tenantId).held(null);
  }

  /** Until a run may begin: the state is known, and neither a stop nor a pause holds. @throws the signal's reason | Cancelled */
  async ready(signal?: AbortSignal): Promise<void> {
    const control = this.#control(this.#api.settings.taskType, this.#api.settings.tenantId);
    await control.until(() => control.state !== null && !["stop", "pause"].includes(control.held(null).mode), signal);
  }

  /**
   * Opens a run, does the work, says how it ended. The same `requestId` again is the same run: what it gave is given again.
   * Work that ends while a person is being asked leaves the run waiting (`error` is an ApprovalPending): call it again after the verdict.
   * @throws Stopped | Paused | BudgetExhausted | RunLocked | DuplicateRun | InvalidRequest | Unavailable where it was not opened; once it is, how it ended is in the result
   */
  async run<T>(options: RunOptions, work: (run: Run) => Promise<T> | T): Promise<RunResult<T>> {
    const begun = await this.#open(options);
    if ("before" in begun) return begun.before as RunResult<T>;
    const { run } = begun;
    try {
      const value = await run.within(() => work(run));
      run.throwIfOver();
      if (run.pending) return await waits(run);
      await run.finish("success", { result: tellable(value) });
      return { ok: true, runId: run.id, stopReason: "success", value, replayed: false };
    } catch (thrown) {
      const error = overOf(run) ?? thrown;
      if (error instanceof ApprovalPending && run.pending) return await waits(run);
      const { stopReason } = await run.finish(error instanceof InterlockError ? error.stopReason : "internal_error", {
        error,
      });
      return { ok: false, runId: run.id, stopReason, error, replayed: false };
    } finally {
      this.#runs.delete(run);
    }
  }

  /** Opens a run whose end you say yourself with `run.finish`. @throws as `run`, and Cancelled where it has ended before */
  async open(options: RunOptions = {}): Promise<Run> {
    const begun = await this.#open(options);
    if ("run" in begun) return begun.run;
    const { runId, stopReason } = begun.before;
    throw new Cancelled(`The run ${runId} of this request has ended before: ${stopReason}.`);
  }

  /** Is this the state that was saved? Ask before going on from it. @throws CheckpointMismatch | Unavailable */
  verifyCheckpoint(checkpointId: string, state: unknown): Promise<void> {
    return verify(this.#api, checkpointId, state);
  }

  /**
   * Lets runs end, leaves those that wait for a person, ends the rest as cancelled, sends what waits and lets go of the connection.
   * What nobody took stays on disk.
   * @param options.graceMs milliseconds that runs are given @default 10_000
   */
  async close({ graceMs = GRACE_MS }: { graceMs?: number } = {}): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const until = performance.now() + graceMs;
    while (this.#runs.size > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const run of this.#runs) if (run.pending || run.waitingForPerson) await run.leave();
    for (const run of this.#runs) run.cancel();
    await new Promise((resolve) => setTimeout(resolve, this.#runs.size > 0 ? 100 : 0));
    for (const run of this.#runs)
      await run.finish("cancelled", { error: new Cancelled("The agent is shutting down.") });
    await this.#recorder.close();
    await this.#outbox.drained(2_000);
    this.#outbox.close();
    for (const control of this.#controls.values()) control.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #open(options: RunOptions): Promise<{ run: Run } | { before: RunResult<unknown> }> {
    if (this.#closed) throw new Cancelled("The connection to Interlock was closed.");
    const { settings } = this.#api;
    const { taskType = settings.taskType, tenantId = settings.tenantId } = options;
    const control = this.#control(taskType, tenantId);
    const named = { ...options, taskType, tenantId, requestId: options.requestId ?? randomUUID() };
    const opened = await openRun(this.#api, control, named);
    control.apply(opened.control, 0);
    const make = (beat: Life["beat"]) =>
      new Life(this.#api, control, opened.run_id, opened.lease ?? { token: "", ttl_s: 60 }, beat, options.signal);
    if (opened.status !== "running" && opened.status !== "waiting") return { before: endedBefore(opened) };
    const run = new Run(opened, make, this.#recorder, this.#outbox);
    this.#runs.add(run);
    settings.intercept.opened?.(run);
    return { run };
  }

  #control(taskType: string, tenantId: string | undefined): Control {
    const { agentId, instanceId } = this.#api.settings;
    const who = {
      agent_id: agentId,
      task_type: taskType,
      instance_id: instanceId,
      ...(tenantId ? { tenant_id: tenantId } : {}),
    };
    const key = JSON.stringify(who);
    const known = this.#controls.get(key);
    if (known) return known;
    const made = new Control(this.#api, who);
    this.#controls.set(key, made);
    return made;
  }
}

async function waits<T>(run: Run): Promise<RunResult<T>> {
  const error = run.pending;
  await run.leave();
  return { ok: false, runId: run.id, stopReason: "approval_expired", error, replayed: false };
}

function overOf(run: Run): unknown {
  try {
    run.throwIfOver();
    return null;
  } catch (error) {
    return error;
  }
}

const endedBefore = (o: { run_id: string; stop_reason: StopReason | null; result?: unknown }): RunResult<unknown> =>
  o.stop_reason === "success"
    ? { ok: true, runId: o.run_id, stopReason: "success", value: o.result, replayed: true }
    : {
        ok: false,
        runId: o.run_id,
        stopReason: o.stop_reason ?? "internal_error",
        error: new Cancelled(`The run had ended before: ${o.stop_reason}.`),
        replayed: true,
      };

/** Connects an agent. Nothing is sent but the question what holds for it. @throws InvalidRequest where address, key or name is missing */
export const connect = (options: ConnectOptions): Interlock => new Interlock(options);
