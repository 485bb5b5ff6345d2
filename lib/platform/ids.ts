import { hash, randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

function base32(bytes: Uint8Array): string {
  let out = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += ALPHABET[(value >> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? out + ALPHABET[(value << (5 - bits)) & 31] : out;
}

export type IdPrefix =
  | "run"
  | "sw"
  | "env"
  | "per"
  | "key"
  | "mem"
  | "req"
  | "lease"
  | "dec"
  | "eff"
  | "apr"
  | "grant"
  | "ntf"
  | "dlv"
  | "al"
  | "inc"
  | "evl"
  | "cp"
  | "prb"
  | "chs"
  | "wvr"
  | "drl";

/** `run_` and 26 characters: 48 bits of milliseconds first, so that new rows land side by side in an index. */
export function newId(prefix: IdPrefix, now = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  return `${prefix}_${base32(bytes)}`;
}

/** An agent key: `ilk_` and 43 characters of base64url, 256 bits. */
export const newKey = (): string => `ilk_${randomBytes(32).toString("base64url")}`;

export const sha256 = (text: string): string => hash("sha256", text);
