import type { ServerResponse } from "node:http";
import { streamsOpen } from "./metrics";

const COMMENT_MS = 15_000;
/** A client that reads nothing while this much waits for it is let go: it will come back and catch up. */
const MAX_BACKLOG = 1024 * 1024;

export type Stream = { write: (text: string | Buffer) => void; close: () => void; closed: Promise<void> };

/** Server-sent events on the bare response: a thousand of these cost the process ten kilobytes each. */
export function openStream(
  outgoing: ServerResponse,
  kind: string,
  comment: () => string,
  headers: Record<string, string>,
): Stream {
  outgoing.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    ...headers,
  });
  outgoing.socket?.setNoDelay(true);
  outgoing.flushHeaders();
  streamsOpen.inc({ kind });
  const timer = setInterval(() => write(`: ${comment()}\n\n`), COMMENT_MS);
  const write = (text: string | Buffer) => {
    if (outgoing.writableEnded || outgoing.destroyed) return;
    outgoing.write(text);
    if (outgoing.writableLength > MAX_BACKLOG) outgoing.destroy();
  };
  const closed = new Promise<void>((resolve) => {
    outgoing.once("close", () => {
      clearInterval(timer);
      streamsOpen.dec({ kind });
      resolve();
    });
  });
  return { write, close: () => outgoing.end(), closed };
}
