import { Failure } from "../platform/errors";
import { type Call, Reply } from "./endpoint";

/** The revision that the caller has seen, of If-Match. @throws Failure `precondition_failed` where it is none */
export function ifMatch(call: Call): number | undefined {
  const header = call.req.header("if-match");
  if (header === undefined) return undefined;
  const digits = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header.trim())?.[1];
  if (digits === undefined) throw new Failure("precondition_failed", "If-Match names no revision.");
  return Number(digits);
}

/** An answer that says its revision, for the next If-Match. */
export const tagged = <T extends { revision: number }>(status: number, value: T): Reply =>
  new Reply(status, JSON.stringify(value), { "content-type": "application/json", etag: `"${value.revision}"` });
