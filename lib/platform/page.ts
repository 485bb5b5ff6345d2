import { z } from "zod";
import { Failure } from "./errors";

/** `limit` and `cursor` of every list. */
export const pageInput = {
  limit: z.coerce.number().int().min(1).max(500).default(50).describe("Rows a page."),
  cursor: z.string().max(400).optional().describe("`next_cursor` of the page before."),
};
export type Page<T> = { items: T[]; next_cursor: string | null };

/** The shape of every list. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });

export const encodeCursor = (parts: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(parts)).toString("base64url");

/** @throws Failure `invalid_input` where the cursor is not one of ours */
export function decodeCursor(cursor: string | undefined, length: number): (string | number)[] | null {
  if (cursor === undefined) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(parts) && parts.length === length) return parts as (string | number)[];
  } catch {
    // falls through to the refusal
  }
  throw new Failure("invalid_input", "The cursor is not valid.", {
    errors: [{ path: "cursor", message: "Take it from next_cursor, unchanged." }],
  });
}

/** One row more than asked tells whether there is a next page. */
export function pageOf<R, T>(
  rows: R[],
  limit: number,
  cursor: (row: R) => (string | number)[],
  shape: (row: R) => T,
): Page<T> {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(shape),
    next_cursor: last === undefined ? null : encodeCursor(cursor(last)),
  };
}
