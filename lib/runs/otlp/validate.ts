import type { SpanRejection } from "../span";
import type { OtlpSpan } from "./types";

const EARLIEST = 1_420_070_400_000_000_000n; // 2015-01-01
const DAY = 86_400_000_000_000n;
const LATEST_INT64 = 9_223_372_036_854_775_807n;

function id(value: string, length: number): string | null {
  if (value === "") return "is missing";
  if (value.length !== length) return `must be ${length} hex digits`;
  if (!/^[0-9a-f]+$/.test(value)) return "must be hex";
  return /^0+$/.test(value) ? "must not be all zero" : null;
}

function start(value: string, now: Date): string | null {
  if (value === "0") return "is missing or zero";
  if (!/^\d{1,20}$/.test(value)) return "must be nanoseconds since the epoch";
  const nano = BigInt(value);
  if (nano < EARLIEST) return "is before 2015";
  return nano > BigInt(now.getTime()) * 1_000_000n + DAY ? "is more than 24 h ahead of the server's clock" : null;
}

/** The first thing that makes a span unusable, with its path; null where it is fine. Pure, never throws. */
export function rejection(span: OtlpSpan, path: string, now: Date): SpanRejection | null {
  const checks: [string, string | null][] = [
    ["traceId", id(span.traceId, 32)],
    ["spanId", id(span.spanId, 16)],
    ["startTimeUnixNano", start(span.startTimeUnixNano, now)],
  ];
  for (const [field, wrong] of checks) {
    if (wrong !== null) return { path: `${path}.${field}`, message: `${field} ${wrong}.` };
  }
  return null;
}

export function parentId(span: OtlpSpan): string | null {
  return id(span.parentSpanId, 16) === null && span.parentSpanId !== span.spanId ? span.parentSpanId : null;
}

/** null where the end is missing, unreadable, before the start, or past what the database counts to. */
export function endNano(span: OtlpSpan): string | null {
  if (!/^\d{1,20}$/.test(span.endTimeUnixNano)) return null;
  const end = BigInt(span.endTimeUnixNano);
  return end >= BigInt(span.startTimeUnixNano) && end <= LATEST_INT64 ? end.toString() : null;
}
