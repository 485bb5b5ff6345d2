import { type CallOptions, NotExecuted, type Outcome, type ToolContext } from "../index.js";
import { Scope } from "../time.js";
import type { Gate } from "./gate.js";

/** What the model is told where the ledger knows that a write happened, and has not kept what it answered. */
export const GONE = "This happened before; what it answered is not kept.";

/** What does not listen to its signal is not waited for. @throws the signal's reason */
export async function unless<T>(signal: AbortSignal, work: () => Promise<T> | T): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const gone = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([Promise.resolve().then(work), gone]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** The same of something that answers in parts. */
export async function* listening<T>(from: AsyncIterable<T>, signal: AbortSignal): AsyncIterable<T> {
  const parts = from[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await unless(signal, () => parts.next());
      ended = done === true;
      if (done) return;
      yield value;
    }
  } finally {
    // Not waited for: what hangs in the provider would hang here.
    if (!ended) parts.return?.().catch(() => undefined);
  }
}

/**
 * A call that the framework may give up on while a person is asked: then it is not waited for, and does not happen
 * afterwards. `work` gets a signal that both the run and the framework abort.
 * @throws as `Gate.tool`, and the framework's reason
 */
export async function held<T>(
  gate: Gate,
  name: string,
  args: unknown,
  given: AbortSignal | undefined,
  work: (signal: AbortSignal, of: Omit<ToolContext, "signal">) => Promise<T> | T,
  how?: CallOptions,
): Promise<Outcome<T>> {
  given?.throwIfAborted();
  const scope = new Scope(given);
  const asked = gate.tool(
    name,
    args,
    async ({ signal, ...of }) => {
      if (given?.aborted) throw new NotExecuted("The framework had given up on the call before it was let through.");
      const joined = new Scope(given, signal);
      try {
        return await work(joined.signal, of);
      } finally {
        joined.release();
      }
    },
    how,
  );
  // Whoever comes second is heard by nobody.
  asked.catch(() => {});
  try {
    return await unless(scope.signal, () => asked);
  } finally {
    scope.release();
  }
}
