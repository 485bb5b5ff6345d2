import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Failure } from "../platform/errors";
import { canonicalArgs, parseStrict } from "./canonical";

const double = (hex: string): number => Buffer.from(hex, "hex").readDoubleBE();
const problem = (ask: () => unknown): unknown => {
  try {
    return { none: ask() };
  } catch (err) {
    const { code, errors } = err as Failure;
    return { code, path: errors?.[0]?.path };
  }
};

describe("RFC 8785, appendix B: numbers by their IEEE 754 bits", () => {
  test.each([
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555554", "333333333.33333325"],
    ["41b3de4355555555", "333333333.3333333"],
    ["41b3de4355555556", "333333333.3333334"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
    ["433fffffffffffff", "9007199254740991"],
  ])("%s is %s", (bits, text) => expect(canonicalArgs([double(bits)])).toBe(`[${text}]`));

  test.each([
    ["4340000000000000", "2^53"],
    ["c340000000000000", "-2^53"],
    ["4430000000000000", "295147905179352830000"],
    ["444b1ae4d6e2ef4f", "999999999999999900000"],
    ["44b52d02c7e14af6", "1e+23"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["7fffffffffffffff", "NaN"],
    ["7ff0000000000000", "Infinity"],
  ])("%s (%s) is refused: another reader may take another number from it", (bits) =>
    expect(problem(() => canonicalArgs({ a: [double(bits)] }))).toEqual({
      code: "args_not_canonical",
      path: "args.a[0]",
    }),
  );
});

describe("RFC 8785, section 3.2", () => {
  test("3.2.2: literals, numbers and strings, escapes as short as may be", () => {
    const value = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    );
    expect(canonicalArgs(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  test("3.2.3: keys sort by UTF-16 code units, deep and in arrays; arrays keep their order", () => {
    const names = ["\u20ac", "\r", "\ufb33", "1", "\u{1f600}", "\u0080", "\u00f6"];
    const sorted = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\u{1f600}", "\ufb33"];
    const text = canonicalArgs([{ deep: Object.fromEntries(names.map((n) => [n, 1])) }, 2, 1]);
    expect(text).toBe(`[{"deep":{${sorted.map((n) => `${JSON.stringify(n)}:1`).join(",")}}},2,1]`);
  });

  test("equal arguments hash alike, however they were written", () => {
    const hash = (text: string) =>
      createHash("sha256")
        .update(canonicalArgs(parseStrict(text)))
        .digest("hex");
    expect(hash("{}")).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    expect(hash('{"b":2.0,"a":"\\u00e9"}')).toBe(hash(' { "a" : "é" , "b" : 2e0 }'));
    expect(hash('{"a":"e\\u0301"}')).not.toBe(hash('{"a":"é"}'));
  });
});

describe("what has no one canonical form", () => {
  test.each([
    ["a lone surrogate", '{"a":{"b":"\\ud800"}}', "args.a.b"],
    ["one in a key", '{"a":{"\\udc00":1}}', "args.a"],
    ["a large integer", '{"a":[{"id":9007199254740993}]}', "args.a[0].id"],
    ["nesting without end", `${"[".repeat(70)}${"]".repeat(70)}`, `args${"[0]".repeat(65)}`],
  ])("%s", (_name, text, path) =>
    expect(problem(() => canonicalArgs(parseStrict(text)))).toEqual({ code: "args_not_canonical", path }),
  );
});

describe("keys that stand twice", () => {
  test.each([
    ['{"a":1,"a":1}', "a"],
    ['{"x":{"y":[0,{"k":1,"k":2}]}}', "x.y[1].k"],
    ['{"a":1,"\\u0061":2}', "a"],
    ['{"a" :1, "a"\n:2}', "a"],
    ['{"":1,"":2}', ""],
    ['{"s":":x","a":1,"a":2}', "a"],
    ['{"__proto__":1,"__proto__":2}', "__proto__"],
  ])("%s", (text, path) => expect(problem(() => parseStrict(text))).toEqual({ code: "args_not_canonical", path }));

  test.each([
    '{"a":{"k":1},"b":{"k":1},"c":[{"k":1},{"k":1}]}',
    '{"a":":smile:"}',
    '{"a":" : "}',
    '{":":1}',
    '[":", "\\":", "a\\\\", "{\\"k\\":1,\\"k\\":2}"]',
    '{"a\\"":1,"a\\\\":2}',
    '"text"',
    "[]",
  ])("once is once: %s", (text) => expect(parseStrict(text)).toEqual(JSON.parse(text)));

  test("a long text beside a colon is read in one go", () => {
    const text = JSON.stringify({ a: `:${"x\n".repeat(1_000_000)}` });
    expect(parseStrict(text)).toEqual(JSON.parse(text));
  });
});
