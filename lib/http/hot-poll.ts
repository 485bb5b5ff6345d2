import type { IncomingMessage, ServerResponse } from "node:http";
import { lookNow, type Prepared } from "../controls";
import { counted } from "./metrics";

type Entry = { poll: Prepared; until: number; noteAfter: number };

/** A poll is judged anew (key, scope, binding, query) at least this often; between, the same bytes get the same caller. */
const TRUSTED_MS = 2_000;
const NOTE_MS = 200;
const MAX_ENTRIES = 50_000;
const entries = new Map<string, Entry>();

const keyOf = ({ headers, url }: IncomingMessage): string | null =>
  headers.authorization === undefined ? null : `${headers.authorization}\n${url}`;

/** After the whole way through the API: the next poll with the same key and query may be answered on the spot. */
export function remember(incoming: IncomingMessage, poll: Prepared): void {
  const key = keyOf(incoming);
  const now = performance.now();
  if (entries.size >= MAX_ENTRIES) entries.clear();
  if (key !== null) entries.set(key, { poll, until: now + TRUSTED_MS, noteAfter: now + NOTE_MS });
}

function knownRevision(header: string | undefined): number | null {
  if (header === undefined) return null;
  const digits = header.startsWith('"') && header.endsWith('"') ? Number(header.slice(1, -1)) : Number.NaN;
  return Number.isSafeInteger(digits) ? digits : null;
}

let answered = 0;
let unchanged = 0;
setInterval(() => {
  if (answered > 0) counted("/control", 200, answered);
  if (unchanged > 0) counted("/control", 304, unchanged);
  answered = 0;
  unchanged = 0;
  const now = performance.now();
  for (const [key, entry] of entries) if (now > entry.until) entries.delete(key);
}, 1_000).unref();

/**
 * What agents ask thousands of times a second, ahead of the router: the answer is in memory, so only Node's own HTTP is paid.
 * @returns false where the request has to go the whole way
 */
export function hotPoll(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  const key = keyOf(incoming);
  const entry = key === null ? undefined : entries.get(key);
  if (!entry || incoming.method !== "GET") return false;
  const now = performance.now();
  if (now > entry.until) return false;
  const { headers } = incoming;
  if (headers.traceparent !== undefined || headers["interlock-environment"] !== undefined) return false;
  const answer = lookNow(entry.poll, knownRevision(headers["if-none-match"]));
  if (!answer) return false;
  if (now > entry.noteAfter) {
    entry.noteAfter = now + NOTE_MS;
    entry.poll.note();
  }
  const { body, changed } = answer;
  const age = String(Math.ceil(answer.age_s));
  if (!changed) {
    unchanged++;
    outgoing.writeHead(304, ["ETag", body.etag, "Age", age, "Interlock-Control-Revision", body.shown]);
    outgoing.end();
    return true;
  }
  answered++;
  outgoing.writeHead(200, [
    "Content-Type",
    "application/json",
    "ETag",
    body.etag,
    "Age",
    age,
    "Cache-Control",
    "no-cache",
    "Interlock-Control-Revision",
    body.shown,
    "Content-Length",
    body.length,
  ]);
  outgoing.end(body.bytes);
  return true;
}
