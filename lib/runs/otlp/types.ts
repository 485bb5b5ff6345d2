/** An attribute's value, free of the wire: 64-bit integers beyond 2^53 and NaN are strings, bytes are base64. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Attributes = { [key: string]: Value };

export type OtlpEvent = { timeUnixNano: string; name: string; attributes: Attributes };
export type OtlpLink = { traceId: string; spanId: string; attributes: Attributes };

/** Ids are lower-case hex as sent, not yet validated; times are decimal nanoseconds, "" where unreadable. */
export type OtlpSpan = {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attributes;
  droppedAttributesCount: number;
  events: OtlpEvent[];
  links: OtlpLink[];
  status: { code: number; message: string };
};

export type OtlpScopeSpans = { scope: { name: string; version: string }; spans: OtlpSpan[] };
export type OtlpResourceSpans = { resource: Attributes; scopeSpans: OtlpScopeSpans[] };

/** ExportTraceServiceRequest, the same from protobuf and from JSON. */
export type OtlpRequest = { resourceSpans: OtlpResourceSpans[] };

export function emptySpan(): OtlpSpan {
  return {
    traceId: "",
    spanId: "",
    parentSpanId: "",
    name: "",
    kind: 0,
    startTimeUnixNano: "0",
    endTimeUnixNano: "0",
    attributes: {},
    droppedAttributesCount: 0,
    events: [],
    links: [],
    status: { code: 0, message: "" },
  };
}
