import type { IncomingMessage } from "node:http";
import { Failure } from "../platform/errors";

export const MAX_JSON_BYTES = 16 * 1024 * 1024;
/** A body over the limit is read on and thrown away for this long, so that its sender gets to hear why. */
const DRAIN_MS = 60_000;

const tooLarge = (limit: number) => new Failure("too_large", `The body is larger than ${limit} bytes.`);

/** Reads a body while holding it to the limit: chunked senders name no length. @throws Failure `too_large` | `bad_request` */
export function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = Number(incoming.headers["content-length"] ?? 0);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = () => {
      incoming.removeAllListeners("data");
      incoming.resume();
      setTimeout(() => incoming.destroy(), DRAIN_MS).unref();
      reject(tooLarge(limit));
    };
    if (declared > limit) return refuse();
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) refuse();
      else chunks.push(chunk);
    });
    incoming.once("end", () => resolve(Buffer.concat(chunks)));
    incoming.once("error", () => reject(new Failure("bad_request", "The body ended before it was complete.")));
    incoming.once("aborted", () => reject(new Failure("bad_request", "The body ended before it was complete.")));
  });
}

/** @throws Failure `unsupported_media_type` | `bad_request` | `invalid_input` where it is no object */
export async function readJson(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const bytes = await readBody(incoming, MAX_JSON_BYTES);
  if (bytes.length === 0) return {};
  const type = incoming.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new Failure("unsupported_media_type", "Send application/json.");
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (err) {
    throw new Failure("bad_request", `Not JSON: ${(err as Error).message}`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Failure("invalid_input", "The body must be a JSON object.", {
    errors: [{ path: "", message: "Must be an object." }],
  });
}
