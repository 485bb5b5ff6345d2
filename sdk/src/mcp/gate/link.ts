import { type Interlock, type Run, Stopped } from "../../index.js";
import type { StopReason } from "../../wire.js";

/** The run of one session: opened when it is first needed. Where it could not be, the next call tries again; nothing runs without. */
export class Link {
  #opening: Promise<Run> | null = null;
  readonly #closing = new AbortController();

  constructor(
    private readonly interlock: Interlock,
    private readonly about: { taskType: string; tenantId?: string },
  ) {}

  /** @throws InterlockError where it cannot be opened now */
  readonly run = (): Promise<Run> => {
    const { signal } = this.#closing;
    if (signal.aborted) return Promise.reject(signal.reason);
    this.#opening ??= this.interlock.open({ ...this.about, waitWhilePaused: false, signal }).catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  };

  /** Says how the session ended. A run that was over before ends with what ended it. */
  async finish(stopReason: StopReason, error?: Error): Promise<void> {
    const run = await this.#opened();
    if (this.#closing.signal.aborted || run === null) return this.#close(error);
    let reason = stopReason;
    let why: unknown = error;
    try {
      run.throwIfOver();
    } catch (over) {
      reason = (over as { stopReason?: StopReason }).stopReason ?? reason;
      why = over;
    }
    this.#close(error);
    await run.finish(reason, why === undefined ? {} : { error: why });
  }

  #close(error: Error | undefined): void {
    this.#closing.abort(error ?? new Stopped("The session is over.", { code: "closed", stopReason: "cancelled" }));
  }
  async #opened(): Promise<Run | null> {
    const opening = this.#opening;
    if (opening === null) return null;
    // What is not opened yet need not be.
    return Promise.race([opening.catch(() => null), new Promise<null>((resolve) => setImmediate(() => resolve(null)))]);
  }
}
