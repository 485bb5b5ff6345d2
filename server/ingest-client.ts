import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Ingest } from "../lib/http";
import type { Ctx } from "../lib/platform/ctx";
import { childEnv } from "../lib/platform/env";
import { Failure } from "../lib/platform/errors";
import { log } from "../lib/platform/log";
import type { IngestAnswer, IngestRequest } from "./ingest-thread";

type Waiting = { resolve: (value: unknown) => void; reject: (err: Failure) => void };
type Unsent = IngestRequest extends infer R ? (R extends { id: number } ? Omit<R, "id"> : never) : never;

/** Each takes one batch; a third would only wait for the disk. */
const CONNECTIONS = 2;
/** So many requests may wait for the thread; one more is told to come back, before its bytes pile up here. */
const MAX_WAITING = 2_000;

/** Parsing and storing spans in a thread of its own, so that neither can delay a poll. A thread that dies is started again. */
export function startIngest(): Ingest & { stop: () => Promise<void> } {
  const file = path.join(path.dirname(fileURLToPath(import.meta.url)), "ingest-thread.mjs");
  const waiting = new Map<number, Waiting>();
  let next = 1;
  let stopped = false;
  let thread = spawn();

  function spawn(): Worker {
    const started = new Worker(file, { env: childEnv({ INTERLOCK_POOL: String(CONNECTIONS) }) });
    started.on("message", ({ id, ok, value, failure }: IngestAnswer) => {
      const call = waiting.get(id);
      waiting.delete(id);
      if (ok) call?.resolve(value);
      else
        call?.reject(
          new Failure(failure.code, failure.message, { errors: failure.errors, retryAfterS: failure.retryAfterS }),
        );
    });
    started.on("error", (err) => log.error({ err: err.stack }, "the ingest thread failed"));
    started.once("exit", () => {
      for (const call of waiting.values()) call.reject(again());
      waiting.clear();
      if (!stopped) thread = spawn();
    });
    return started;
  }

  function ask<T>(request: Unsent, transfer: ArrayBuffer[]): Promise<T> {
    if (waiting.size >= MAX_WAITING) return Promise.reject(again());
    const id = next++;
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
      thread.postMessage({ ...request, id }, transfer);
    });
  }

  return {
    otlp: (ctx, { body, encoding, json }) => {
      const bytes = owned(body);
      return ask({ kind: "otlp", ctx: plain(ctx), body: bytes, encoding, json }, [bytes.buffer]);
    },
    spans: (ctx, body) => {
      const bytes = owned(body);
      return ask({ kind: "spans", ctx: plain(ctx), body: bytes }, [bytes.buffer]);
    },
    stop: async () => {
      stopped = true;
      thread.postMessage({ kind: "stop", id: 0 });
      await new Promise((resolve) => thread.once("exit", resolve));
    },
  };
}

const again = () =>
  new Failure("unavailable", "The spans could not be taken now. Send them again.", { retryAfterS: 1 });
const plain = ({ environmentId, actor, requestId }: Ctx) => ({ environmentId, actor, requestId });

/** A small Buffer lives in a pool that it shares with others: only bytes of its own can be given away. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && buffer.byteLength === byteLength)
    return new Uint8Array(buffer);
  return new Uint8Array(bytes);
}
