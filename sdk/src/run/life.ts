import type { Api } from "../api.js";
import type { Control } from "../control/index.js";
import { BudgetExhausted, type InterlockError, Stopped } from "../errors.js";
import { Scope } from "../time.js";
import type { ControlState, Lease, Remaining } from "../wire.js";
import { runProblem } from "./refusal.js";

const BEATS_A_LEASE = 3;

export type Beat = {
  step: number;
  progress?: unknown;
  waiting_on?: { run_id?: string; lock_key?: string; since: string };
};

/** One run between its opening and its end: the lease, the switch, the time that is left. `signal` is aborted when it may not go on. */
export class Life {
  readonly #scope: Scope;
  readonly #offChange: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #over: InterlockError | null = null;
  /** A run that waits for a person has no lease and spends no time. */
  #waiting = 0;

  constructor(
    readonly api: Api,
    readonly control: Control,
    readonly runId: string,
    readonly lease: Lease,
    readonly beat: () => Beat,
    parent?: AbortSignal,
  ) {
    this.#scope = new Scope(parent);
    control.runs.add(runId);
    this.#offChange = control.onChange(() => this.#obey());
    this.#timer = setInterval(() => void this.heartbeat(), (lease.ttl_s * 1000) / BEATS_A_LEASE);
    this.#obey();
  }

  get signal(): AbortSignal {
    return this.#scope.signal;
  }
  /** Why it may not go on. */
  get over(): InterlockError | null {
    return this.#over;
  }

  /** For a person. */
  get waits(): boolean {
    return this.#waiting > 0;
  }

  end(error: InterlockError): void {
    this.#over ??= error;
    this.#scope.abort(error);
  }

  /** What is left of its seconds, by the server's last word. */
  clock(left: Remaining | undefined): void {
    clearTimeout(this.#deadline);
    if (left?.seconds === null || left?.seconds === undefined || this.#waiting > 0) return;
    const late = () =>
      this.end(new BudgetExhausted("The run's time is over.", { code: "time_budget", stopReason: "time_budget" }));
    this.#deadline = setTimeout(late, Math.min(left.seconds * 1000, 2 ** 31 - 1));
    this.#deadline.unref?.();
  }

  /** While `work` waits for a person. */
  async waiting<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    clearTimeout(this.#deadline);
    try {
      return await work();
    } finally {
      this.#waiting--;
    }
  }

  /** Before each step and call: a pause holds the run here, a stop ends it. @throws Stopped | the signal's reason */
  async pass(): Promise<void> {
    await this.control.until(() => this.control.held(this.runId).mode !== "pause" || this.signal.aborted, this.signal);
    this.signal.throwIfAborted();
  }

  async heartbeat(): Promise<void> {
    if (this.signal.aborted) return;
    const { instanceId } = this.api.settings;
    const body = { ...this.beat(), instance_id: instanceId, lease_token: this.lease.token };
    const forMs = (this.lease.ttl_s * 1000) / BEATS_A_LEASE;
    const answer = await this.api
      .call("POST", `v1/runs/${encodeURIComponent(this.runId)}/heartbeat`, body, { forMs, signal: this.signal })
      .catch(() => null);
    if (answer === null || this.signal.aborted) return;
    if (answer.status === 404 || answer.status === 409) this.end(runProblem(answer, "heartbeat"));
    const state = answer.body.control as ControlState | undefined;
    // What it says of this run covers its ancestors, of which the agent's own state knows nothing.
    if (answer.status === 200 && state?.mode === "stop") this.#stop(state.reason ?? "");
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#deadline);
    this.#offChange();
    this.#scope.release();
    this.control.runs.delete(this.runId);
  }

  #obey(): void {
    const { mode, reason } = this.control.held(this.runId);
    if (mode === "stop") this.#stop(reason);
  }
  #stop(reason: string): void {
    this.end(new Stopped(`Stopped: ${reason || "no reason given"}`, { code: "stopped", stopReason: "kill_switch" }));
  }
}
