import { isDeepStrictEqual } from "node:util";
import type { DiffShape } from "./schema";

type Json = Record<string, unknown>;
const isObject = (v: unknown): v is Json => typeof v === "object" && v !== null && !Array.isArray(v);

/** What changed from one document to the other, key by key. */
export function diffOf(before: unknown, after: unknown, path = ""): DiffShape {
  if (!isObject(before) || !isObject(after)) {
    if (isDeepStrictEqual(before, after)) return [];
    const kind = before === undefined ? "added" : after === undefined ? "removed" : "changed";
    return [{ path, kind, before: before ?? null, after: after ?? null }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => diffOf(before[key], after[key], path ? `${path}.${key}` : key));
}
