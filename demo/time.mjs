// @ts-check
import { between } from "./chance.mjs";

/**
 * Waits, or rejects at once when the signal says so.
 * @param {number} ms @param {AbortSignal} [signal] @returns {Promise<void>}
 */
export function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** Doubles from half a second, with jitter. @param {number} attempt from 0 @param {number} [most] in milliseconds */
export const backoff = (attempt, most = 15_000) => Math.min(most, 500 * 2 ** attempt) * between(0.7, 1.3);

/**
 * A signal of its own for one piece of work, which also ends with `parent`. Unlike AbortSignal.any it leaves nothing behind
 * on a parent that lives as long as the process.
 * @param {AbortSignal} parent
 */
export function child(parent) {
  const own = new AbortController();
  const pass = () => own.abort(parent.reason);
  if (parent.aborted) pass();
  else parent.addEventListener("abort", pass, { once: true });
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  return {
    signal: own.signal,
    /** @param {Error} reason */
    abort: (reason) => own.abort(reason),
    /** Ends the work unless it is called again, or released, within `ms`. @param {number} ms */
    within(ms) {
      clearTimeout(timer);
      timer = setTimeout(() => own.abort(new Error("timed out")), ms);
    },
    release() {
      clearTimeout(timer);
      parent.removeEventListener("abort", pass);
    },
  };
}
