import { describe, expect, it } from "vitest";
import { body, type Made, NOW, TRACE } from "../fixtures/build";
import { decodeJson } from "./decode";
import { normalise } from "./normalise";

const run = (spans: Made[], resource: Parameters<typeof body>[2] = {}): ReturnType<typeof normalise> =>
  normalise(decodeJson(body(spans, "test", resource)), NOW);

describe("attributes that are kept", () => {
  it("replaces content by fingerprint, size and preview, redacted", () => {
    const [span] = run([
      {
        id: 1,
        attrs: {
          "gen_ai.operation.name": "chat",
          "gen_ai.input.messages": '[{"role":"user","password":"hunter2"}]',
          "gen_ai.tool.definitions": ["x"],
          custom: "y".repeat(1_001),
          small: "z",
          api_key: "k",
          "a.b": 1,
        },
      },
    ]).spans;
    expect(span?.attributes["gen_ai.input.messages"]).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      bytes: 38,
    });
    expect(span?.attributes).toMatchObject({
      small: "z",
      api_key: "[redacted]",
      "a.b": 1,
      custom: { bytes: 1_001, preview: "y".repeat(200) },
    });
    expect(JSON.stringify(span)).not.toContain("hunter2");
    expect(span?.attributes["gen_ai.operation.name"]).toBeUndefined();
  });

  it("holds 128 attributes and 32 KB, and says how many it cut", () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i]));
    const large = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, "\u20ac".repeat(900)]));
    const [a, b] = run(
      [
        { id: 1, attrs: many },
        { id: 2, attrs: large },
      ],
      { "service.name": "s" },
    ).spans;
    expect(Object.keys(a?.attributes ?? {}).length).toBe(128);
    expect(a?.attributes["interlock.attributes_cut"]).toBe(175);
    expect(Buffer.byteLength(JSON.stringify(b?.attributes))).toBeLessThanOrEqual(32 * 1024);
  });

  it("drops what a resource says of people and machines, and keeps links", () => {
    const resource = {
      "service.name": "s",
      "process.command_args": ["--key", "x"],
      "process.owner": "ann",
      "host.id": "h",
      region: "eu",
    };
    const [span] = run(
      [
        {
          id: 1,
          raw: {
            links: [
              {
                traceId: TRACE,
                spanId: "00f067aa0ba902b7",
                attributes: [{ key: "kind", value: { stringValue: "retry_of" } }],
              },
            ],
          },
        },
      ],
      resource,
    ).spans;
    expect(span?.attributes).toMatchObject({
      resource: { "service.name": "s", region: "eu" },
      links: [{ traceId: TRACE, spanId: "00f067aa0ba902b7", attributes: { kind: "retry_of" } }],
    });
    expect(JSON.stringify(span)).not.toMatch(/command_args|"ann"|host\.id/);
  });

  it("lets no NUL and no lone surrogate through, of JSON inside JSON neither", () => {
    const [span] = run([
      {
        id: 1,
        attrs: {
          "openinference.span.kind": "TOOL",
          "tool.name": "t\u0000",
          "input.value": '{"a":"x\\u0000y\\ud800"}',
          "k\u0000": "v\u0000\ud800",
        },
      },
    ]).spans;
    expect(span).toMatchObject({ tool: "t", attributes: { k: "v\ufffd" } });
    expect(JSON.stringify(span)).not.toMatch(/\\u0000|\\ud800/);
  });
});
