import { expect, test } from "vitest";
import { readable, used } from "../../src/adapters/ai-sdk/prompt";
import { estimated } from "../../src/adapters/gate";

const tokens = (part: unknown, tools?: unknown) =>
  estimated(readable({ prompt: [{ role: "user", content: [part] }], tools }));

test("a picture counts the same whatever its size, another file by its bytes, a tool by its description", () => {
  for (const data of [new Uint8Array(3_000_000), "A".repeat(3_000_000), { type: "data", data: "A".repeat(9_000) }])
    expect(tokens({ type: "file", mediaType: "image/png", data })).toBeLessThan(8_100);
  expect(tokens({ type: "image-data", mediaType: "image/png", data: "A".repeat(90_000) })).toBeLessThan(8_100);
  expect(tokens({ type: "file", mediaType: "application/pdf", data: new Uint8Array(30_000) })).toBeGreaterThan(9_999);
  expect(tokens({ type: "text", text: "go" }, [{ name: "a", description: "x".repeat(3_000) }])).toBeGreaterThan(1_000);
  expect(() => tokens({ type: "text", text: 1n })).not.toThrow();
});

test("what was used, as each version of the specification says it; nothing where a half is missing", () => {
  expect(used({ inputTokens: 7, outputTokens: 3, cachedInputTokens: 2 })).toEqual({ input: 7, output: 3, cached: 2 });
  const nested = { inputTokens: { total: 7, cacheRead: 2 }, outputTokens: { total: 3 } };
  expect(used(nested)).toEqual({ input: 7, output: 3, cached: 2 });
  expect(used({ inputTokens: 0, outputTokens: 0 })).toEqual({ input: 0, output: 0 });
  for (const none of [undefined, {}, { inputTokens: 7 }, { inputTokens: { total: Number.NaN }, outputTokens: 1 }])
    expect(used(none)).toBeUndefined();
});
