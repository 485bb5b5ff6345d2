export type OtlpEncoding = "json" | "protobuf";
/** A response body and the content type it must be sent with. */
export type OtlpBody = { contentType: string; body: Uint8Array };

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(Math.trunc(value)));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

function int(field: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.from([field << 3, ...varint(value)]);
}

function delimited(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(content.length)]), content]);
}

function text(field: number, value: string): Buffer {
  return value === "" ? Buffer.alloc(0) : delimited(field, Buffer.from(value, "utf8"));
}

function answer(encoding: OtlpEncoding, json: unknown, protobuf: () => Buffer): OtlpBody {
  return encoding === "json"
    ? { contentType: "application/json", body: Buffer.from(JSON.stringify(json), "utf8") }
    : { contentType: "application/x-protobuf", body: protobuf() };
}

/** 200 for a batch all of whose spans were taken: `partial_success` must be unset, so the message is empty. */
export function encodeSuccess(encoding: OtlpEncoding): OtlpBody {
  return answer(encoding, {}, () => Buffer.alloc(0));
}

/** 200 for a batch of which `rejected` spans were refused or, with 0, for one taken with a warning. */
export function encodePartialSuccess(encoding: OtlpEncoding, rejected: number, message: string): OtlpBody {
  const json = { partialSuccess: { rejectedSpans: String(Math.trunc(rejected)), errorMessage: message } };
  return answer(encoding, json, () => delimited(1, Buffer.concat([int(1, rejected), text(2, message)])));
}

/** google.rpc.Status; `code` is gRPC's (3 invalid argument, 7 denied, 8 exhausted, 13 internal, 14 unavailable, 16 unauthenticated). */
export function encodeStatus(encoding: OtlpEncoding, code: number, message: string): OtlpBody {
  return answer(encoding, { code, message }, () => Buffer.concat([int(1, code), text(2, message)]));
}
