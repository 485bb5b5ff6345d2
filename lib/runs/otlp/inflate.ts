import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { OtlpDecodeError, PayloadTooLarge, UnsupportedEncoding } from "./errors";

const gunzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const inflateZlib = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.inflate);
const inflateRaw = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);

/**
 * The body without its Content-Encoding (identity, gzip, deflate; null is identity), at most `maxBytes` bytes.
 * Throws PayloadTooLarge, UnsupportedEncoding, or OtlpDecodeError where the compressed data is corrupt.
 */
export async function inflate(body: Uint8Array, encoding: string | null, maxBytes: number): Promise<Uint8Array> {
  const name = (encoding ?? "").trim().toLowerCase();
  if (name === "" || name === "identity") {
    if (body.byteLength > maxBytes) throw new PayloadTooLarge(maxBytes);
    return body;
  }
  const options = { maxOutputLength: Math.max(1, maxBytes) };
  try {
    if (name === "gzip" || name === "x-gzip") return await gunzip(body, options);
    // "deflate" means zlib, yet some senders leave its header off: the low nibble of the first byte tells.
    if (name === "deflate") return await (((body[0] ?? 0) & 15) === 8 ? inflateZlib : inflateRaw)(body, options);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ERR_BUFFER_TOO_LARGE") throw new PayloadTooLarge(maxBytes);
    throw new OtlpDecodeError(`The ${name} body is corrupt or truncated.`);
  }
  throw new UnsupportedEncoding(name);
}
