import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyValue, body, NOW } from "../fixtures/build";
import { decodeJson, decodeProtobuf } from "./decode";
import { OtlpDecodeError } from "./errors";
import { normalise } from "./normalise";

describe("the JSON reader", () => {
  const attribute = (value: object): unknown => {
    const request = { resourceSpans: [{ scopeSpans: [{ spans: [{ attributes: [{ key: "v", value }] }] }] }] };
    return decodeJson(Buffer.from(JSON.stringify(request))).resourceSpans[0]?.scopeSpans[0]?.spans[0]?.attributes.v;
  };

  it.each([
    [{ intValue: 5 }, 5],
    [{ intValue: "5" }, 5],
    [{ intValue: "9007199254740993" }, "9007199254740993"],
    [{ doubleValue: "NaN" }, "NaN"],
    [{ doubleValue: 1.5 }, 1.5],
    [{ bytesValue: "aGk=" }, "aGk="],
    [{ boolValue: false }, false],
    [{ stringValue: "a\u0000b\ud800" }, "ab\ufffd"],
    [{}, null],
    [anyValue({ a: [1, null, { b: "c" }] }), { a: [1, null, { b: "c" }] }],
  ])("reads %j as %j", (value, expected) => {
    expect(attribute(value)).toEqual(expected);
  });

  it("takes ids in any case and ignores unknown fields", () => {
    const bytes = body([{ id: 1, raw: { traceId: "0AF7651916CD43DD8448EB211C80319C", novelty: 1 } }]);
    expect(normalise(decodeJson(bytes), NOW).spans[0]?.traceId).toBe("0af7651916cd43dd8448eb211c80319c");
  });

  it.each([
    ["{", /not JSON/],
    ["[]", /^body: expected an object/],
    ['"x"', /^body: expected an object/],
    ['{"resourceSpans":{}}', /^resourceSpans: expected a list/],
    ['{"resourceSpans":[null]}', /^resourceSpans\[0\]: expected an object/],
    [
      '{"resourceSpans":[{"scopeSpans":[{"spans":7}]}]}',
      /^resourceSpans\[0\]\.scopeSpans\[0\]\.spans: expected a list/,
    ],
  ])("refuses %s with its path", (text, message) => {
    expect(() => decodeJson(Buffer.from(text))).toThrow(OtlpDecodeError);
    expect(() => decodeJson(Buffer.from(text))).toThrow(message);
  });

  it("takes an empty request", () => {
    expect(decodeJson(Buffer.from("{}"))).toEqual({ resourceSpans: [] });
    expect(decodeProtobuf(new Uint8Array())).toEqual({ resourceSpans: [] });
  });

  it("answers any JSON with a result or OtlpDecodeError", () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (a, b) => {
        for (const text of [
          a,
          `{"resourceSpans":[{"scopeSpans":[{"spans":[${a},{"attributes":${b},"status":${a}}]}]}]}`,
        ]) {
          try {
            normalise(decodeJson(Buffer.from(text)), NOW);
          } catch (error) {
            if (!(error instanceof OtlpDecodeError)) throw error;
          }
        }
      }),
      { numRuns: 1_000, seed: 7 },
    );
  });
});
