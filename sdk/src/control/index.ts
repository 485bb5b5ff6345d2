import type { Api } from "../api.js";
import { Cancelled } from "../errors.js";
import type { ControlState } from "../wire.js";
import { follow, type Heard, poll } from "./follow.js";
import { forbiddenBy, type Held, heldBy } from "./held.js";

export type { Held } from "./held.js";

const LOOK_MS = 500;
/** A stream says every 15 s that it lives. Where `ttl_s` is shorter than that, it is asked for in between. */
const ASK_AT = 0.6;

/** What holds one caller now, and the dead man's handle: what nobody confirmed for `ttl_s` is acted on as `on_stale` says. */
export class Control {
  #state: ControlState | null = null;
  #confirmedAt = performance.now();
  #wasStale = false;
  #how = "";
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();
  readonly #clock: ReturnType<typeof setInterval>;
  readonly #heard: Heard;
  #asking = false;
  /** Runs of this caller, which an acknowledgement names. */
  readonly runs = new Set<string>();

  constructor(
    readonly api: Api,
    readonly who: Record<string, string>,
  ) {
    this.#clock = setInterval(() => this.#look(), LOOK_MS);
    this.#clock.unref?.();
    this.#heard = {
      state: (state, ageS) => this.apply(state, ageS),
      same: (ageS, revision) => this.#same(ageS, revision),
      revision: () => this.#state?.revision ?? null,
      pollAfterS: () => this.#state?.poll_after_s ?? 5,
      connected: (how) => this.#connected(how),
      lost: (why) => this.#lost(why),
    };
    void follow(api, who, this.#heard, this.#stop.signal);
  }

  /** The last known state; null before the first word. */
  get state(): ControlState | null {
    return this.#state;
  }
  /** Nothing was confirmed for `ttl_s` seconds, on this process's own clock. */
  get stale(): boolean {
    return this.#state !== null && performance.now() - this.#confirmedAt > this.#state.ttl_s * 1000;
  }
  /** What holds this run, or one not yet begun. */
  held(runId: string | null): Held {
    return this.#state ? heldBy(this.#state, runId, this.stale) : { mode: "run", reason: "" };
  }
  /** Why the last known switches forbid a tool; null where they do not. */
  forbids(runId: string | null, tool: string, connector?: string): string | null {
    return this.#state ? forbiddenBy(this.#state, this.held(runId), tool, connector) : null;
  }

  /** Calls `listener` at each change of what holds; @returns how to stop that */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Until `so` holds. @throws Cancelled, or the signal's reason */
  async until(so: () => boolean, signal?: AbortSignal): Promise<void> {
    if (so()) return;
    await new Promise<void>((resolve, reject) => {
      const off = this.onChange(() => (this.#stop.signal.aborted || so()) && done());
      const done = () => {
        off();
        signal?.removeEventListener("abort", done);
        if (so()) resolve();
        else reject(signal?.reason ?? new Cancelled("The connection to Interlock was closed."));
      };
      signal?.addEventListener("abort", done, { once: true });
      if (signal?.aborted || this.#stop.signal.aborted) done();
    });
  }

  /** A revision below the one that holds is never applied. @param ageS seconds since the server confirmed it */
  apply(state: ControlState, ageS: number): void {
    if (this.#state && state.revision < this.#state.revision) return;
    this.#confirm(ageS);
    const news = state.revision !== this.#state?.revision;
    const before = this.held(null).mode;
    this.#state = state;
    this.#look();
    if (!news) return;
    const { mode, reason } = this.held(null);
    if (mode !== before) this.api.settings.onEvent({ kind: "mode", message: reason ? `${mode}: ${reason}` : mode });
    this.#tell();
    const told = { ...this.#acknowledgement(), applied_revision: state.revision };
    void this.api.call("POST", "v1/control/ack", told, { forMs: 3_000, signal: this.#stop.signal }).catch(() => {});
  }

  close(): void {
    clearInterval(this.#clock);
    this.#stop.abort(new Cancelled("The connection to Interlock was closed."));
    this.#tell();
  }

  #acknowledgement() {
    const { instance_id, agent_id } = this.who;
    return { instance_id, agent_id, runs: [...this.runs].slice(0, 1_000) };
  }
  #confirm(ageS: number): void {
    this.#confirmedAt = Math.max(this.#confirmedAt, performance.now() - ageS * 1000);
  }
  #same(ageS: number, revision: number | null): void {
    this.#confirm(ageS);
    if (this.#state && revision !== null && revision > this.#state.revision) this.#state = { ...this.#state, revision };
    this.#look();
  }
  #connected(how: string): void {
    if (this.#how !== how) this.api.settings.onEvent({ kind: "connected", message: `by ${how}` });
    this.#how = how;
  }
  #lost(why: string): void {
    if (this.#how !== "") this.api.settings.onEvent({ kind: "disconnected", message: why });
    this.#how = "";
  }
  #ask(): void {
    const ageMs = performance.now() - this.#confirmedAt;
    if (this.#asking || this.#how === "" || ageMs < (this.#state?.ttl_s ?? Infinity) * 1000 * ASK_AT) return;
    this.#asking = true;
    void poll(this.api, this.who, this.#heard, this.#stop.signal)
      .catch(() => undefined)
      .then(() => {
        this.#asking = false;
      });
  }
  #look(): void {
    this.#ask();
    if (this.stale === this.#wasStale) return;
    this.#wasStale = this.stale;
    this.api.settings.onEvent(
      this.stale
        ? { kind: "stale", message: `nothing confirmed for ${this.#state?.ttl_s} s: ${this.#state?.on_stale}` }
        : { kind: "fresh", message: "confirmed again" },
    );
    this.#tell();
  }
  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
