import { createHash } from "node:crypto";
import { InvalidRequest } from "./errors.js";

/** RFC 8785: keys sorted by UTF-16, numbers and strings as JSON.stringify writes them. @throws InvalidRequest for what JSON cannot say */
export function canonical(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new InvalidRequest(`${value} cannot be said in JSON.`, 0);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((v) => canonical(v === undefined ? null : v)).join(",")}]`;
  if (typeof value === "object") {
    if ("toJSON" in value && typeof value.toJSON === "function") return canonical(value.toJSON());
    const entries = Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(",")}}`;
  }
  throw new InvalidRequest(`A ${typeof value} cannot be said in JSON.`, 0);
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
/** What a saved state is known by. */
export const stateHash = (state: unknown): string => `sha256:${sha256(canonical(state))}`;
