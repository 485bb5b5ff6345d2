import type { ModelUse } from "../../index.js";
import type { CallParams, Usage } from "./types.js";

/** What a picture counts as, in characters: its bytes say nothing of its tokens. About 8,000 tokens. */
const PICTURE = "x".repeat(24_000);

const isPicture = (thing: unknown): boolean =>
  typeof thing === "object" &&
  thing !== null &&
  "data" in thing &&
  String((thing as { mediaType?: unknown }).mediaType).startsWith("image");

/** What the model will read, as text whose length tells its tokens: a picture as a fixed size, another file by its bytes. */
export function readable({ prompt, tools }: CallParams): string {
  return JSON.stringify({ prompt, tools }, (_, value: unknown) => {
    if (isPicture(value)) return PICTURE;
    if (ArrayBuffer.isView(value)) return "x".repeat(value.byteLength);
    return typeof value === "bigint" ? String(value) : value;
  });
}

const count = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;
const total = (of: number | { total?: number } | undefined): number | undefined =>
  count(typeof of === "object" ? of.total : of);

/** What the provider says was used. Undefined where it does not say: then what was estimated counts, and not zero. */
export function used(usage: Usage | undefined): ModelUse | undefined {
  const input = total(usage?.inputTokens);
  const output = total(usage?.outputTokens);
  if (input === undefined || output === undefined) return undefined;
  const read = typeof usage?.inputTokens === "object" ? usage.inputTokens.cacheRead : usage?.cachedInputTokens;
  const cached = count(read);
  return { input, output, ...(cached === undefined ? {} : { cached }) };
}
