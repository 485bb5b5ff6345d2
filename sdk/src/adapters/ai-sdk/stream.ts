import type { ModelTurn } from "../../index.js";
import type { Scope } from "../../time.js";
import { used } from "./prompt.js";
import type { Part } from "./types.js";

const ENDED = "The model's stream ended without saying what was used.";

/**
 * The same stream, told of when it ends: the last part passes once what was used is booked, so that nothing that follows
 * from the answer begins before. A stop ends it where it is.
 */
export function told(
  source: ReadableStream<Part>,
  turn: ModelTurn,
  scope: Scope,
  check: (part: Part) => void,
): ReadableStream<Part> {
  const reader = source.getReader();
  const { signal } = scope;
  let settled = false;
  let error: unknown;
  const fail = async (thrown: unknown): Promise<void> => {
    if (settled) return;
    settled = true;
    await turn.failed(thrown);
  };
  const finish = async (part: Part): Promise<void> => {
    if (settled) return;
    const use = used(part.usage);
    if (error !== undefined && use === undefined) return fail(error);
    settled = true;
    await turn.done(use);
  };
  let stop = () => {};
  const release = () => {
    signal.removeEventListener("abort", stop);
    scope.release();
  };
  return new ReadableStream<Part>(
    {
      start(controller) {
        stop = () => {
          controller.error(signal.reason);
          reader.cancel(signal.reason).catch(() => undefined);
          release();
          void fail(signal.reason);
        };
        if (signal.aborted) stop();
        else signal.addEventListener("abort", stop, { once: true });
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (signal.aborted) return;
          if (done) {
            release();
            await fail(error ?? new Error(ENDED));
            return controller.close();
          }
          if (value.type === "error") error ??= value.error ?? ENDED;
          if (value.type === "finish") await finish(value);
          check(value);
          if (!signal.aborted) controller.enqueue(value);
        } catch (thrown) {
          release();
          reader.cancel(thrown).catch(() => undefined);
          await fail(thrown);
          throw thrown;
        }
      },
      async cancel(reason) {
        release();
        await fail(reason ?? new Error("Nobody reads the model's stream any more."));
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
