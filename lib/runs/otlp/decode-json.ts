import { exactInteger, finite, MAX_RECORDS } from "./decode-protobuf";
import { OtlpDecodeError } from "./errors";
import { cleanText, isRecord, put } from "./text";
import { type Attributes, emptySpan, type OtlpRequest, type OtlpSpan, type Value } from "./types";

const MAX_DEPTH = 32;
type Budget = { records: number };

/** An absent list is an empty one; anything else that is no list cannot be read. */
function list(value: unknown, path: string, budget: Budget): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new OtlpDecodeError("expected a list", path);
  budget.records += value.length;
  if (budget.records > MAX_RECORDS) throw new OtlpDecodeError(`more than ${MAX_RECORDS} records`, path);
  return value;
}

/** Inside a span a wrong type costs that span or attribute, not the batch. */
function lenient(value: unknown, budget: Budget, path: string): unknown[] {
  return Array.isArray(value) ? list(value, path, budget) : [];
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (!isRecord(value)) throw new OtlpDecodeError("expected an object", path);
  return value;
}

function text(value: unknown): string {
  return typeof value === "string" ? cleanText(value) : "";
}

function hex(value: unknown): string {
  return text(value).toLowerCase();
}

function nanos(value: unknown): string {
  if (value === undefined || value === null) return "0";
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return BigInt(value).toString();
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return BigInt(Math.trunc(value)).toString();
  return "";
}

function integer(value: unknown): number {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : 0;
}

function int64(value: unknown): Value {
  if (typeof value === "string" && /^-?\d{1,20}$/.test(value)) return exactInteger(BigInt(value));
  if (typeof value === "number") return Number.isInteger(value) ? exactInteger(BigInt(value)) : finite(value);
  return null;
}

function double(value: unknown): Value {
  if (typeof value === "number") return finite(value);
  if (typeof value !== "string" || value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : cleanText(value);
}

/** AnyValue: the one of its fields that is set; `{}` is null. */
function anyValue(value: unknown, path: string, depth: number): Value {
  if (depth > MAX_DEPTH) throw new OtlpDecodeError("nested too deeply", path);
  if (!isRecord(value)) return null;
  if (value.stringValue !== undefined) return text(value.stringValue);
  if (value.boolValue !== undefined) return value.boolValue === true || value.boolValue === "true";
  if (value.intValue !== undefined) return int64(value.intValue);
  if (value.doubleValue !== undefined) return double(value.doubleValue);
  if (value.bytesValue !== undefined) return Buffer.from(text(value.bytesValue), "base64").toString("base64");
  if (isRecord(value.arrayValue)) {
    const values = value.arrayValue.values;
    return Array.isArray(values) ? values.map((item) => anyValue(item, path, depth + 1)) : [];
  }
  if (isRecord(value.kvlistValue)) return attributes(value.kvlistValue.values, path, depth + 1);
  return null;
}

function attributes(value: unknown, path: string, depth = 0): Attributes {
  const result: Attributes = {};
  if (!Array.isArray(value)) return result;
  for (const item of value) {
    if (!isRecord(item) || typeof item.key !== "string") continue;
    put(result, cleanText(item.key), anyValue(item.value, `${path}.attributes`, depth));
  }
  return result;
}

function span(value: unknown, path: string, budget: Budget): OtlpSpan {
  const result = emptySpan();
  if (!isRecord(value)) return result;
  const status = isRecord(value.status) ? value.status : {};
  result.traceId = hex(value.traceId);
  result.spanId = hex(value.spanId);
  result.parentSpanId = hex(value.parentSpanId);
  result.name = text(value.name);
  result.kind = integer(value.kind);
  result.startTimeUnixNano = nanos(value.startTimeUnixNano);
  result.endTimeUnixNano = nanos(value.endTimeUnixNano);
  result.attributes = attributes(value.attributes, path);
  result.droppedAttributesCount = Math.max(0, integer(value.droppedAttributesCount));
  result.status = { code: integer(status.code), message: text(status.message) };
  for (const item of lenient(value.events, budget, `${path}.events`)) {
    const event = isRecord(item) ? item : {};
    result.events.push({
      timeUnixNano: nanos(event.timeUnixNano),
      name: text(event.name),
      attributes: attributes(event.attributes, `${path}.events`),
    });
  }
  for (const item of lenient(value.links, budget, `${path}.links`)) {
    const link = isRecord(item) ? item : {};
    result.links.push({
      traceId: hex(link.traceId),
      spanId: hex(link.spanId),
      attributes: attributes(link.attributes, `${path}.links`),
    });
  }
  return result;
}

/**
 * ExportTraceServiceRequest from its OTLP/JSON bytes: ids hex in any case, 64-bit integers as string or number,
 * unknown fields ignored. Throws OtlpDecodeError naming the path, and nothing else.
 */
export function decodeJson(bytes: Uint8Array): OtlpRequest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new OtlpDecodeError("The body is not JSON.");
  }
  const budget: Budget = { records: 0 };
  const request: OtlpRequest = { resourceSpans: [] };
  list(record(parsed, "body").resourceSpans, "resourceSpans", budget).forEach((item, i) => {
    const path = `resourceSpans[${i}]`;
    const from = record(item, path);
    const resource = isRecord(from.resource) ? from.resource : {};
    const scopeSpans = list(from.scopeSpans, `${path}.scopeSpans`, budget).map((inner, j) => {
      const at = `${path}.scopeSpans[${j}]`;
      const group = record(inner, at);
      const scope = isRecord(group.scope) ? group.scope : {};
      const spans = list(group.spans, `${at}.spans`, budget);
      return {
        scope: { name: text(scope.name), version: text(scope.version) },
        spans: spans.map((one, k) => span(one, `${at}.spans[${k}]`, budget)),
      };
    });
    request.resourceSpans.push({ resource: attributes(resource.attributes, `${path}.resource`), scopeSpans });
  });
  return request;
}
