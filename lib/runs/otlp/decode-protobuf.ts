import { OtlpDecodeError } from "./errors";
import { cleanText, put } from "./text";
import {
  type Attributes,
  emptySpan,
  type OtlpEvent,
  type OtlpLink,
  type OtlpRequest,
  type OtlpResourceSpans,
  type OtlpScopeSpans,
  type OtlpSpan,
  type Value,
} from "./types";
import { Wire } from "./wire";

/** An empty span costs two bytes on the wire and hundreds in memory, so records are counted, not only bytes. */
export const MAX_RECORDS = 200_000;

/** What both readings make of a 64-bit integer: a number where it is exact, else its decimal digits. */
export function exactInteger(value: bigint): number | string {
  const signed = BigInt.asIntN(64, value);
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed.toString();
}

/** JSON, and therefore everything after us, has no NaN and no infinities. */
export function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

class Decoder extends Wire {
  private records = 0;

  /** A sub-message: bounded by its own length, and its place in the tree named when it fails. */
  private nested(name: string, end: number, depth: number, visit: Parameters<Wire["message"]>[2]): void {
    try {
      this.message(this.delimited(end), depth + 1, visit);
    } catch (error) {
      if (!(error instanceof OtlpDecodeError)) throw error;
      throw new OtlpDecodeError(error.reason, error.path === "" ? name : `${name}.${error.path}`);
    }
  }

  private record<T>(list: T[], item: T): string {
    this.records += 1;
    if (this.records > MAX_RECORDS) this.fail(`more than ${MAX_RECORDS} records`);
    list.push(item);
    return `[${list.length - 1}]`;
  }

  request(): OtlpRequest {
    const request: OtlpRequest = { resourceSpans: [] };
    this.message(this.length, 0, (tag, end, depth) => {
      if (tag !== 10) return false;
      const item: OtlpResourceSpans = { resource: {}, scopeSpans: [] };
      const at = this.record(request.resourceSpans, item);
      this.nested(`resourceSpans${at}`, end, depth, (inner, innerEnd, innerDepth) => {
        if (inner === 10) this.resource(item, innerEnd, innerDepth);
        else if (inner === 18) this.scopeSpans(item.scopeSpans, innerEnd, innerDepth);
        else return false;
        return true;
      });
      return true;
    });
    return request;
  }

  private resource(item: OtlpResourceSpans, end: number, depth: number): void {
    this.nested("resource", end, depth, (tag, innerEnd, innerDepth) => {
      if (tag !== 10) return false;
      this.attribute(item.resource, innerEnd, innerDepth);
      return true;
    });
  }

  private scopeSpans(list: OtlpScopeSpans[], end: number, depth: number): void {
    const item: OtlpScopeSpans = { scope: { name: "", version: "" }, spans: [] };
    const at = this.record(list, item);
    this.nested(`scopeSpans${at}`, end, depth, (tag, innerEnd, innerDepth) => {
      if (tag === 10) {
        this.nested("scope", innerEnd, innerDepth, (field, fieldEnd) => {
          if (field === 10) item.scope.name = cleanText(this.text(fieldEnd));
          else if (field === 18) item.scope.version = cleanText(this.text(fieldEnd));
          else return false;
          return true;
        });
      } else if (tag === 18) {
        const span = emptySpan();
        const index = this.record(item.spans, span);
        this.nested(`spans${index}`, innerEnd, innerDepth, (field, fieldEnd, fieldDepth) =>
          this.spanField(span, field, fieldEnd, fieldDepth),
        );
      } else return false;
      return true;
    });
  }

  private spanField(span: OtlpSpan, tag: number, end: number, depth: number): boolean {
    if (tag === 10) span.traceId = this.encoded(end, "hex");
    else if (tag === 18) span.spanId = this.encoded(end, "hex");
    else if (tag === 34) span.parentSpanId = this.encoded(end, "hex");
    else if (tag === 42) span.name = cleanText(this.text(end));
    else if (tag === 48) span.kind = Number(BigInt.asIntN(32, this.varint(end)));
    else if (tag === 57) span.startTimeUnixNano = this.fixed64(end).toString();
    else if (tag === 65) span.endTimeUnixNano = this.fixed64(end).toString();
    else if (tag === 74) this.attribute(span.attributes, end, depth);
    else if (tag === 80) span.droppedAttributesCount = Number(BigInt.asUintN(32, this.varint(end)));
    else if (tag === 90) this.event(span.events, end, depth);
    else if (tag === 106) this.link(span.links, end, depth);
    else if (tag === 122) this.status(span, end, depth);
    else return false;
    return true;
  }

  private event(list: OtlpEvent[], end: number, depth: number): void {
    const item: OtlpEvent = { timeUnixNano: "0", name: "", attributes: {} };
    const at = this.record(list, item);
    this.nested(`events${at}`, end, depth, (tag, innerEnd, innerDepth) => {
      if (tag === 9) item.timeUnixNano = this.fixed64(innerEnd).toString();
      else if (tag === 18) item.name = cleanText(this.text(innerEnd));
      else if (tag === 26) this.attribute(item.attributes, innerEnd, innerDepth);
      else return false;
      return true;
    });
  }

  private link(list: OtlpLink[], end: number, depth: number): void {
    const item: OtlpLink = { traceId: "", spanId: "", attributes: {} };
    const at = this.record(list, item);
    this.nested(`links${at}`, end, depth, (tag, innerEnd, innerDepth) => {
      if (tag === 10) item.traceId = this.encoded(innerEnd, "hex");
      else if (tag === 18) item.spanId = this.encoded(innerEnd, "hex");
      else if (tag === 34) this.attribute(item.attributes, innerEnd, innerDepth);
      else return false;
      return true;
    });
  }

  private status(span: OtlpSpan, end: number, depth: number): void {
    this.nested("status", end, depth, (tag, innerEnd) => {
      if (tag === 18) span.status.message = cleanText(this.text(innerEnd));
      else if (tag === 24) span.status.code = Number(BigInt.asIntN(32, this.varint(innerEnd)));
      else return false;
      return true;
    });
  }

  private attribute(target: Attributes, end: number, depth: number): void {
    let key = "";
    let value: Value = null;
    this.nested("attributes", end, depth, (tag, innerEnd, innerDepth) => {
      if (tag === 10) key = cleanText(this.text(innerEnd));
      else if (tag === 18) value = this.value(innerEnd, innerDepth);
      else return false;
      return true;
    });
    put(target, key, value);
  }

  private value(end: number, depth: number): Value {
    let result: Value = null;
    this.nested("value", end, depth, (tag, innerEnd, innerDepth) => {
      if (tag === 10) result = cleanText(this.text(innerEnd));
      else if (tag === 16) result = this.varint(innerEnd) !== 0n;
      else if (tag === 24) result = exactInteger(this.varint(innerEnd));
      else if (tag === 33) result = finite(this.double(innerEnd));
      else if (tag === 42 || tag === 50) result = this.collection(tag === 50, innerEnd, innerDepth);
      else if (tag === 58) result = this.encoded(innerEnd, "base64");
      else return false;
      return true;
    });
    return result;
  }

  private collection(map: boolean, end: number, depth: number): Value {
    const list: Value[] = [];
    const record: Attributes = {};
    this.nested("values", end, depth, (tag, innerEnd, innerDepth) => {
      if (tag !== 10) return false;
      if (map) this.attribute(record, innerEnd, innerDepth);
      else list.push(this.value(innerEnd, innerDepth));
      return true;
    });
    return map ? record : list;
  }
}

/**
 * ExportTraceServiceRequest from its protobuf bytes. Unknown fields and known fields of another wire type are
 * skipped. Throws OtlpDecodeError naming path and byte offset, and nothing else.
 */
export function decodeProtobuf(bytes: Uint8Array): OtlpRequest {
  return new Decoder(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).request();
}
