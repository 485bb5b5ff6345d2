import { expect, test } from "vitest";
import { estimated } from "../../src/adapters/gate";
import { readable, useOf } from "../../src/adapters/readable";

test("a picture counts as a picture, by its bytes or its address; a file by its bytes", () => {
  const bytes = "A".repeat(1_000_000);
  const pictures = [
    { type: "input_image", image: "https://example.com/a.png" },
    { type: "image_url", image_url: { url: `data:image/png;base64,${bytes}` } },
    { type: "file", mime_type: "image/png", data: bytes },
    `data:image/png;base64,${bytes}`,
  ];
  for (const one of pictures) expect(estimated(readable([{ content: [one] }]))).toBeLessThan(8_100);
  for (const one of pictures) expect(estimated(readable([{ content: [one] }]))).toBeGreaterThan(7_900);
  expect(estimated(readable({ file: new Uint8Array(3_000) }))).toBeGreaterThan(1_000);
});

test("what is inside of itself is read once, and what stands twice counts twice", () => {
  const schema: Record<string, unknown> = { name: "schema" };
  schema.self = schema;
  expect(readable([schema])).toBe('[{"name":"schema"}]');
  const twice = { a: 1 };
  expect(readable({ x: twice, y: { z: twice }, big: 1n })).toBe('{"x":{"a":1},"y":{"z":{"a":1}},"big":"1"}');
});

test("nothing said of what was used is not zero", () => {
  expect(useOf(undefined, undefined)).toBeUndefined();
  expect(useOf(0, 0)).toBeUndefined();
  expect(useOf(10, 0, 4)).toEqual({ input: 10, output: 0, cached: 4 });
  expect(useOf(Number.NaN, 3)).toEqual({ input: 0, output: 3 });
});
