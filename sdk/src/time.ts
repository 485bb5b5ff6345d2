const FIRST_MS = 250;
const LONGEST_MS = 15_000;

/** Grows by two, with jitter over its upper half: callers that failed together do not come back together. */
export function backoff(attempt: number, longestMs = LONGEST_MS): number {
  const full = Math.min(FIRST_MS * 2 ** attempt, longestMs);
  return full / 2 + Math.random() * (full / 2);
}

/** @throws the signal's reason, at once, where it is aborted before the time is over */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const done = () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** A signal of its own below another: `AbortSignal.any` keeps what it was made of alive for as long as the parent lives. */
export class Scope {
  readonly #own = new AbortController();
  readonly #parents: AbortSignal[];
  readonly #follow: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  constructor(...parents: (AbortSignal | undefined)[]) {
    this.#parents = parents.filter((p) => p !== undefined);
    this.#follow = () => this.abort(this.#parents.find((p) => p.aborted)?.reason);
    for (const p of this.#parents) p.addEventListener("abort", this.#follow, { once: true });
    if (this.#parents.some((p) => p.aborted)) this.#follow();
  }
  get signal(): AbortSignal {
    return this.#own.signal;
  }
  abort(reason?: unknown): void {
    this.#own.abort(reason);
  }
  /** Aborts after so many milliseconds from now; asked again, the clock starts anew. */
  within(ms: number, reason: () => unknown): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.abort(reason()), Math.min(ms, 2 ** 31 - 1));
    this.#timer.unref?.();
  }
  release(): void {
    clearTimeout(this.#timer);
    for (const p of this.#parents) p.removeEventListener("abort", this.#follow);
  }
}
