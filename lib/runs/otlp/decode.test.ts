import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import { NOW } from "../fixtures/build";
import { OTLP_PROTO } from "../fixtures/otlp.proto";
import { decodeJson, decodeProtobuf } from "./decode";
import { OtlpDecodeError } from "./errors";
import { normalise } from "./normalise";

const FOLDER = join(import.meta.dirname, "../fixtures/otlp");
const Request = protobuf.parse(OTLP_PROTO).root.lookupType("Request");
const samples = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".pb"))
  .map((file) => ({ file, bytes: readFileSync(join(FOLDER, file)) }));

type Raw = Record<string, unknown>;
const raw = (value: unknown): Raw => (typeof value === "object" && value !== null ? (value as Raw) : {});
const all = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** protobufjs' own reading, as OTLP/JSON, which the other decoder then reads. */
function asJson(bytes: Uint8Array): Uint8Array {
  const object = Request.toObject(Request.decode(bytes), { longs: String, bytes: Array, arrays: true });
  const hex = (value: unknown): string => Buffer.from(all(value) as number[]).toString("hex");
  const ids = (value: unknown): Raw => ({
    ...raw(value),
    traceId: hex(raw(value).traceId),
    spanId: hex(raw(value).spanId),
  });
  const scopes = (value: unknown): unknown =>
    all(value).map((ss) => ({
      ...raw(ss),
      spans: all(raw(ss).spans).map((span) => ({
        ...ids(span),
        parentSpanId: hex(raw(span).parentSpanId),
        links: all(raw(span).links).map(ids),
      })),
    }));
  const resourceSpans = all(object.resourceSpans).map((rs) => ({ ...raw(rs), scopeSpans: scopes(raw(rs).scopeSpans) }));
  return Buffer.from(JSON.stringify({ resourceSpans }));
}

function wire(value: object): Uint8Array {
  const span = {
    traceId: Buffer.from("0af7651916cd43dd8448eb211c80319c", "hex"),
    spanId: Buffer.from("00f067aa0ba902b7", "hex"),
    name: "x",
    startTimeUnixNano: "1795262000000000001",
    attributes: [{ key: "v", value }],
  };
  return Request.encode(Request.fromObject({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })).finish();
}

const first = (bytes: Uint8Array): unknown =>
  decodeProtobuf(bytes).resourceSpans[0]?.scopeSpans[0]?.spans[0]?.attributes.v;

describe("the protobuf reader", () => {
  it.each(samples)("agrees with protobufjs on $file", ({ bytes }) => {
    expect(decodeProtobuf(bytes)).toEqual(decodeJson(asJson(bytes)));
  });

  it.each([
    ["beyond 2^53", { intValue: "9007199254740993" }, "9007199254740993"],
    ["the largest", { intValue: "9223372036854775807" }, "9223372036854775807"],
    ["the smallest", { intValue: "-9223372036854775808" }, "-9223372036854775808"],
    ["negative", { intValue: "-1" }, -1],
    ["2^53 - 1", { intValue: "9007199254740991" }, 9007199254740991],
    ["NaN", { doubleValue: Number.NaN }, "NaN"],
    ["bytes", { bytesValue: Buffer.from("hi") }, "aGk="],
    ["nothing", {}, null],
    [
      "a map",
      { kvlistValue: { values: [{ key: "a", value: { arrayValue: { values: [{ boolValue: true }] } } }] } },
      { a: [true] },
    ],
    ["__proto__", { kvlistValue: { values: [{ key: "__proto__", value: { intValue: 1 } }] } }, {}],
  ])("reads %s exactly", (_, value, expected) => {
    expect(first(wire(value))).toEqual(expected);
  });

  it("keeps nanoseconds that fit no number", () => {
    const [span] = decodeProtobuf(wire({})).resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    expect(span?.startTimeUnixNano).toBe("1795262000000000001");
  });

  it("skips unknown fields of every wire type, groups too", () => {
    const unknown = Buffer.from([
      0x98,
      0x06,
      1,
      0x99,
      0x06,
      ...Array(8).fill(7),
      0x9a,
      0x06,
      2,
      1,
      1,
      0x9d,
      0x06,
      1,
      2,
      3,
      4,
      0x9b,
      0x06,
      0x98,
      0x06,
      1,
      0x9c,
      0x06,
    ]);
    const sample = samples[0]?.bytes ?? Buffer.alloc(0);
    expect(decodeProtobuf(Buffer.concat([unknown, sample, unknown]))).toEqual(decodeProtobuf(sample));
  });

  it("names byte and path of what it cannot read", () => {
    expect(() => decodeProtobuf(Buffer.from([0x0a, 0x04, 0x12, 0x02, 0x12, 0x05]))).toThrow(
      /^resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]: length beyond the message at byte 6$/,
    );
    expect(() => decodeProtobuf(Buffer.from("not protobuf at all"))).toThrow(OtlpDecodeError);
  });

  it("refuses bottomless nesting and a bomb of empty spans, quickly", () => {
    let nested = Buffer.from([0x12, 0x00]);
    for (let i = 0; i < 400; i += 1) {
      const size = nested.length;
      const length = size < 128 ? [size] : [(size & 127) | 128, size >> 7];
      nested = Buffer.concat([Buffer.from([i % 2 === 1 ? 0x2a : 0x0a, ...length]), nested]);
    }
    const wrap = (tag: number, content: Buffer): Buffer => {
      const length = [(content.length & 127) | 128, ((content.length >> 7) & 127) | 128, content.length >> 14];
      return Buffer.concat([Buffer.from([tag, ...length]), content]);
    };
    const attribute = wrap(0x4a, wrap(0x12, nested));
    expect(() => decodeProtobuf(wrap(0x0a, wrap(0x12, wrap(0x12, attribute))))).toThrow(/nested too deeply/);
    const empty = wrap(0x0a, wrap(0x12, Buffer.alloc(1_000_000, Buffer.from([0x12, 0x00]))));
    expect(() => decodeProtobuf(empty)).toThrow(/more than 200000 records/);
  });

  it("answers 1,000 seeded mutations and every kind of cut of each sample with a result or OtlpDecodeError", {
    timeout: 60_000,
  }, () => {
    let seed = 42;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    let worst = 0;
    const outcomes = { read: 0, refused: 0 };
    for (const { bytes } of samples) {
      for (let round = 0; round < 1_000; round += 1) {
        const mutated = Buffer.from(round % 4 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes);
        for (let hits = 0; hits <= random(8) && mutated.length > 0; hits += 1)
          mutated[random(mutated.length)] = random(256);
        const began = performance.now();
        try {
          const request = decodeProtobuf(mutated);
          if (round % 40 === 1) normalise(request, NOW);
          outcomes.read += 1;
        } catch (error) {
          expect(error).toBeInstanceOf(OtlpDecodeError);
          outcomes.refused += 1;
        }
        worst = Math.max(worst, performance.now() - began);
      }
    }
    expect(outcomes.read + outcomes.refused).toBe(samples.length * 1_000);
    expect(outcomes.refused).toBeGreaterThan(100);
    expect(worst).toBeLessThan(2_000);
  });

  it("answers arbitrary bytes with a result or OtlpDecodeError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          normalise(decodeProtobuf(bytes), NOW);
        } catch (error) {
          if (!(error instanceof OtlpDecodeError)) throw error;
        }
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });
});
