import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { redact, redactText } from "./redact";
import { cleanText, cut, isRecord, put } from "./text";

const MAX_DEPTH = 64;

/** Named, never guessed from a value: two calls that differ only in these are the same call. */
const VOLATILE = new Set(
  [
    "reason reasoning rationale explanation justification thought thoughts timestamp ts nonce uuid",
    "requestid xrequestid correlationid traceid traceparent spanid idempotencykey",
  ]
    .join(" ")
    .split(" "),
);

export function sha256hex(text: string): string {
  return hash("sha256", text);
}

/** What RFC 8785 can say: no undefined, no NaN, no bigint, and no nesting that ends a recursion. */
function plain(value: unknown, volatile: Set<string> | null, depth: number): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return value.toString();
  if (depth > MAX_DEPTH) return "[too deep]";
  if (Array.isArray(value)) return value.map((item) => plain(item, volatile, depth + 1));
  if (!isRecord(value)) return null;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || volatile?.has(key.replace(/[-_ ]/g, "").toLowerCase())) continue;
    put(result, key, plain(item, volatile, depth + 1));
  }
  return result;
}

/** RFC 8785 text of any value; NaN and infinities become strings, undefined becomes null, nesting ends at 64. */
export function canonicalJson(value: unknown): string {
  return canonicalize(plain(value, null, 0)) ?? "null";
}

/** SHA-256 hex over the canonical JSON of the arguments. */
export function argsHash(value: unknown): string {
  return sha256hex(canonicalJson(value));
}

/** The same without named volatile fields (reason, timestamp, nonce, request_id, …) at any depth. */
export function argsFingerprint(value: unknown): string {
  return sha256hex(canonicalize(plain(value, VOLATILE, 0)) ?? "null");
}

/** Redacted, whitespace collapsed, at most `max` UTF-16 units, never half a character. */
export function preview(value: unknown, max = 500): string {
  const safe = typeof value === "string" && value.length > 16_000 ? redactText(value.slice(0, 16_000)) : redact(value);
  const text = typeof safe === "string" ? safe : canonicalJson(safe);
  return cut(cleanText(text.slice(0, 64_000)).replace(/\s+/g, " ").trim(), max);
}
