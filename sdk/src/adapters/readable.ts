import type { ModelUse } from "../index.js";

/** What a picture counts as, in characters: its bytes, or its address, say nothing of its tokens. About 8,000 tokens. */
const PICTURE = "x".repeat(24_000);
const PICTURES = ["image", "image_url", "input_image"];

function isPicture(thing: unknown): boolean {
  if (typeof thing === "string") return thing.startsWith("data:image/");
  if (typeof thing !== "object" || thing === null || ArrayBuffer.isView(thing)) return false;
  const { type, mimeType, mime_type, media_type } = thing as Record<string, unknown>;
  return (
    PICTURES.includes(String(type)) || [mimeType, mime_type, media_type].some((m) => String(m).startsWith("image/"))
  );
}

/** What a model will read, as text whose length tells its tokens: a picture as a fixed size, another file by its bytes. */
export function readable(prompt: unknown): string {
  const above: object[] = [];
  return JSON.stringify(prompt, function (this: object, _, value: unknown) {
    if (isPicture(value)) return PICTURE;
    if (ArrayBuffer.isView(value)) return "x".repeat(value.byteLength);
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null) return value;
    // What is inside of itself, such as a schema of a library, is read once.
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    if (above.includes(value)) return undefined;
    above.push(value);
    return value;
  });
}

/** What was used, as far as the provider says it. Nothing at all is nothing said: then what was estimated counts, and not zero. */
export function useOf(input: unknown, output: unknown, cached?: unknown): ModelUse | undefined {
  const [read, said, kept] = [input, output, cached].map((n) => (Number.isFinite(n) ? Math.round(Number(n)) : 0));
  if (!read && !said) return undefined;
  return { input: read ?? 0, output: said ?? 0, ...(kept ? { cached: kept } : {}) };
}
