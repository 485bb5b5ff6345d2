import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { env } from "./env";

const key = (): Buffer => Buffer.from(hkdfSync("sha256", env().NEXTAUTH_SECRET ?? "", "", "interlock results", 32));

/** AES-256-GCM: 12 bytes of nonce, 16 of tag, then the text. */
export function seal(value: unknown): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key(), nonce);
  const body = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** null where the secret has changed since: the result is lost, not the run. */
export function unseal(sealed: Buffer): unknown {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key(), sealed.subarray(0, 12));
    decipher.setAuthTag(sealed.subarray(12, 28));
    return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString("utf8"));
  } catch {
    return null;
  }
}
