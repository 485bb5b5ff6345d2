import { OtlpDecodeError } from "./errors";

const MAX_DEPTH = 100;

/** Reads protobuf wire format. Every method throws OtlpDecodeError with the byte offset, and nothing else. */
export class Wire {
  private readonly view: DataView;
  pos = 0;

  constructor(private readonly bytes: Buffer) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  fail(what: string): never {
    throw new OtlpDecodeError(`${what} at byte ${this.pos}`);
  }

  private byte(end: number): number {
    if (this.pos >= end) this.fail("truncated varint");
    const value = this.bytes[this.pos] ?? 0;
    this.pos += 1;
    return value;
  }

  varint(end: number): bigint {
    const first = this.byte(end);
    if (first < 0x80) return BigInt(first);
    let result = BigInt(first & 0x7f);
    for (let shift = 7n; shift < 70n; shift += 7n) {
      const next = this.byte(end);
      result |= BigInt(next & 0x7f) << shift;
      if (next < 0x80) return BigInt.asUintN(64, result);
    }
    return this.fail("varint longer than 10 bytes");
  }

  /** A varint that must fit 32 bits: tags and lengths. */
  private small(end: number, what: string): number {
    let result = 0;
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      const next = this.byte(end);
      result += (next & 0x7f) * scale;
      if (next < 0x80) return result;
    }
    return this.fail(`${what} out of range`);
  }

  private take(end: number, size: number): number {
    const start = this.pos;
    if (size > end - start) this.fail("truncated field");
    this.pos = start + size;
    return start;
  }

  /** The end of a length-delimited field that begins here. */
  delimited(end: number): number {
    const size = this.small(end, "length");
    if (size > end - this.pos) this.fail("length beyond the message");
    return this.pos + size;
  }

  text(end: number): string {
    const stop = this.delimited(end);
    return this.bytes.toString("utf8", this.take(stop, stop - this.pos), stop);
  }

  encoded(end: number, as: "hex" | "base64"): string {
    const stop = this.delimited(end);
    return this.bytes.toString(as, this.take(stop, stop - this.pos), stop);
  }

  fixed64(end: number): bigint {
    return this.view.getBigUint64(this.take(end, 8), true);
  }

  double(end: number): number {
    return this.view.getFloat64(this.take(end, 8), true);
  }

  /** Field by field to `visit`, which reads the value and answers true; what it does not know is skipped. */
  message(end: number, depth: number, visit: (tag: number, end: number, depth: number) => boolean): void {
    if (depth > MAX_DEPTH) this.fail("nested too deeply");
    while (this.pos < end) {
      const tag = this.small(end, "tag");
      if (tag < 8) this.fail("field number 0");
      if (!visit(tag, end, depth)) this.skip(tag, end, depth);
    }
  }

  private skip(tag: number, end: number, depth: number): void {
    const wire = tag & 7;
    if (wire === 0) this.varint(end);
    else if (wire === 1) this.take(end, 8);
    else if (wire === 2) this.pos = this.delimited(end);
    else if (wire === 5) this.take(end, 4);
    else if (wire === 3) this.group(tag + 1, end, depth + 1);
    else this.fail(`wire type ${wire}`);
  }

  private group(close: number, end: number, depth: number): void {
    if (depth > MAX_DEPTH) this.fail("nested too deeply");
    for (;;) {
      const tag = this.small(end, "tag");
      if (tag === close) return;
      if (tag < 8) this.fail("field number 0");
      this.skip(tag, end, depth);
    }
  }
}
