/** The body is no OTLP request: answer 400. The message names the byte offset or the path, never content. */
export class OtlpDecodeError extends Error {
  override readonly name = "OtlpDecodeError";
  constructor(
    readonly reason: string,
    readonly path = "",
  ) {
    super(path === "" ? reason : `${path}: ${reason}`);
  }
}

/** The body, as sent or decompressed, is larger than allowed: answer 413. */
export class PayloadTooLarge extends Error {
  override readonly name = "PayloadTooLarge";
  constructor(readonly maxBytes: number) {
    super(`The body is larger than ${maxBytes} bytes.`);
  }
}

/** A Content-Encoding other than identity, gzip and deflate: answer 415. */
export class UnsupportedEncoding extends Error {
  override readonly name = "UnsupportedEncoding";
  constructor(readonly encoding: string) {
    super(`The content encoding ${JSON.stringify(encoding.slice(0, 40))} is not supported.`);
  }
}
