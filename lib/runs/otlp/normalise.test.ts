import { describe, expect, it } from "vitest";
import { body, type Made, made, NOW, START } from "../fixtures/build";
import { decodeJson } from "./decode";
import { normalise } from "./normalise";

const run = (spans: Made[], resource: Parameters<typeof body>[2] = {}): ReturnType<typeof normalise> =>
  normalise(decodeJson(body(spans, "test", resource)), NOW);
const DAY = 86_400_000_000_000n;
const now = BigInt(NOW.getTime()) * 1_000_000n;

describe("rejections", () => {
  it.each([
    ["traceId", "", "missing"],
    ["traceId", "abc", "32 hex"],
    ["traceId", "0".repeat(32), "zero"],
    ["traceId", "z".repeat(32), "hex"],
    ["traceId", 7, "missing"],
    ["spanId", "", "missing"],
    ["spanId", "00f067aa0ba902b7ff", "16 hex"],
    ["spanId", "0".repeat(16), "zero"],
    ["startTimeUnixNano", "0", "zero"],
    ["startTimeUnixNano", undefined, "zero"],
    ["startTimeUnixNano", "soon", "nanoseconds"],
    ["startTimeUnixNano", "1400000000000000000", "2015"],
    ["startTimeUnixNano", String(now + DAY + 1n), "24 h"],
  ])("refuses %s = %j with its path, and keeps its neighbours", (field, value, message) => {
    const { spans, rejected } = run([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4, raw: { [field]: value } }]);
    expect(spans.length).toBe(3);
    expect(rejected).toEqual([
      { path: `resourceSpans[0].scopeSpans[0].spans[3].${field}`, message: expect.stringContaining(message) },
    ]);
  });

  it("refuses what is no span at all", () => {
    const request = { resourceSpans: [{ scopeSpans: [{ spans: [null, made({ id: 1 }), 5] }] }] };
    const { spans, rejected } = normalise(decodeJson(Buffer.from(JSON.stringify(request))), NOW);
    expect(spans.length).toBe(1);
    expect(rejected.map((entry) => entry.path)).toEqual([
      "resourceSpans[0].scopeSpans[0].spans[0].traceId",
      "resourceSpans[0].scopeSpans[0].spans[2].traceId",
    ]);
  });

  it("takes a start 24 h ahead and one in 2015", () => {
    const { rejected } = run([
      { id: 1, raw: { startTimeUnixNano: String(now + DAY) } },
      { id: 2, raw: { startTimeUnixNano: "1420070400000000000" } },
    ]);
    expect(rejected).toEqual([]);
  });
});

describe("times, names and parents", () => {
  it.each([
    ["0", null],
    [undefined, null],
    [String(START - 1n), null],
    ["18446744073709551615", null],
    [String(START + 5_000_000n), String(START + 5_000_000n)],
  ])("an end of %s is %s", (endTimeUnixNano, expected) => {
    expect(run([{ id: 1, raw: { endTimeUnixNano } }]).spans[0]?.endNano).toBe(expected);
  });

  it("names the unnamed and cuts the long without splitting a character", () => {
    const { spans } = run([
      { id: 1, name: "" },
      { id: 2, name: `${"n".repeat(499)}😀` },
      { id: 3, name: "a\u0000b" },
    ]);
    expect(spans.map((span) => span.name)).toEqual(["unnamed", "n".repeat(499), "ab"]);
  });

  it("survives parents that are zero, themselves, or run in a circle", () => {
    const { spans } = run([
      { id: 1, parent: 2 },
      { id: 2, parent: 1 },
      { id: 3, parent: 3 },
      { id: 4, raw: { parentSpanId: "0".repeat(16) } },
    ]);
    expect(spans.map((span) => span.parentSpanId !== null)).toEqual([true, true, false, false]);
  });

  it("keeps a duplicate once, with the later end", () => {
    const { spans, rejected } = run([
      { id: 1, at: 0, ms: 5 },
      { id: 2 },
      { id: 1, at: 0, ms: 9, name: "later" },
      { id: 1, at: 0, ms: 2 },
    ]);
    expect(rejected).toEqual([]);
    expect(spans.map((span) => span.name)).toEqual(["later", "span 2"]);
  });
});

describe("how a span ended", () => {
  const oi = { "openinference.span.kind": "CHAIN" };
  const interrupt = JSON.stringify([{ id: "a1", value: { approve: "refund?\n[x]" } }], null, 2);

  it.each([
    ["JSON", interrupt, undefined],
    ["JSON before a stack", `${interrupt}\n\nGraphInterrupt: x\n    at y`, undefined],
    ["Python", "GraphInterrupt((Interrupt(value='x'),))", undefined],
    ["the exception's type", "stopped", [{ name: "exception", attrs: { "exception.type": "GraphInterrupt" } }]],
  ])("takes LangGraph's interrupt, told by %s, for a pause", (_, message, events) => {
    const [span] = run([{ id: 1, name: "tools", attrs: oi, code: 2, message, events }]).spans;
    expect(span).toMatchObject({
      kind: "step",
      status: "unset",
      errorType: null,
      errorMessage: null,
      attributes: { suspended: true },
    });
  });

  it.each(['[{"code":"invalid_type","path":["a"],"message":"Required"}]', "[ERROR] database is down", "[]"])(
    "takes %s for the error it is",
    (message) => {
      expect(run([{ id: 1, attrs: oi, code: 2, message }]).spans[0]).toMatchObject({
        status: "error",
        errorMessage: message,
      });
    },
  );

  it("strips stacks, secrets and length from messages, and finds them in the exception", () => {
    const stack = "Error: no token Bearer abcdef123456\n    at file:///srv/x.js:1:1";
    const [own, event, long] = run([
      { id: 1, code: 2, message: stack, attrs: { "error.type": "Http503" } },
      {
        id: 2,
        code: 2,
        events: [
          {
            name: "exception",
            attrs: {
              "exception.type": "ValueError",
              "exception.message": `bad\n${stack}`,
              "exception.stacktrace": stack,
            },
          },
        ],
      },
      { id: 3, code: 2, message: "e".repeat(5_000) },
    ]).spans;
    expect(own).toMatchObject({
      status: "error",
      errorType: "Http503",
      errorMessage: "Error: no token Bearer [redacted]",
    });
    expect(event).toMatchObject({ errorType: "ValueError", errorMessage: "bad" });
    expect(event?.events[0]?.attributes["exception.stacktrace"]).toMatchObject({ bytes: stack.length });
    expect(event?.events[0]?.at).toBe("2026-11-21T11:53:20.002Z");
    expect(long?.errorMessage?.length).toBe(500);
    expect(JSON.stringify([own, event])).not.toContain("abcdef123456");
  });

  it("tells ok from unset", () => {
    expect(run([{ id: 1, code: 1 }, { id: 2 }]).spans.map((span) => span.status)).toEqual(["ok", "unset"]);
  });
});

it("stays quick on a hostile batch", () => {
  const calls = JSON.stringify([{ type: "tool_call", id: "x", name: "t", arguments: {} }]);
  const spans = Array.from(
    { length: 6_000 },
    (_, i): Made => ({
      id: i + 1,
      parent: i === 0 ? undefined : i,
      attrs:
        i % 2 === 0
          ? { "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 1, "gen_ai.output.messages": calls }
          : { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t" },
    }),
  );
  const began = performance.now();
  expect(run(spans).spans.length).toBe(6_000);
  expect(performance.now() - began).toBeLessThan(15_000);
});
