import { describe, expect, it } from "vitest";
import { body, type Made, NOW } from "../../fixtures/build";
import { one, spansOf, tokens } from "../../fixtures/spans";
import { decodeJson } from "../decode";
import { argsHash } from "../fingerprint";
import { normalise } from "../normalise";

describe("OpenLLMetry", () => {
  it("reads Python's numbered prompts and old token names", () => {
    const span = one(
      {
        "llm.request.type": "chat",
        "gen_ai.system": "OpenAI",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.prompt_tokens": 12,
        "gen_ai.usage.completion_tokens": 3,
        "llm.usage.total_tokens": 15,
        "gen_ai.prompt.0.content": "secret prompt",
        "gen_ai.completion.0.content": "hello",
        "gen_ai.completion.0.finish_reason": "stop",
      },
      { name: "openai.chat" },
      "opentelemetry.instrumentation.openai.v1",
    );
    expect(span).toMatchObject({
      kind: "model",
      provider: "openai",
      model: "gpt-4o",
      tokens: tokens(12, 3),
      finishReasons: ["stop"],
    });
    expect(span.attributes["gen_ai.prompt"]).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      bytes: expect.any(Number),
    });
  });

  it("unwraps the arguments of decorators, MCP and Python LangChain", () => {
    const args = (input: object, more: object = {}): string | null =>
      one({
        "traceloop.span.kind": "tool",
        "traceloop.entity.name": "t",
        "traceloop.entity.input": JSON.stringify(input),
        ...more,
      }).argsHash;
    const expected = argsHash({ orderId: "A" });
    expect(args({ args: [], kwargs: { orderId: "A" } })).toBe(expected);
    expect(args({ args: [{ orderId: "A" }], kwargs: {} })).toBe(expected);
    expect(args({ tool_name: "t", arguments: { orderId: "A" } })).toBe(expected);
    expect(args({ input_str: "{'orderId': 'A'}", inputs: { orderId: "A" }, kwargs: { name: "t" } })).toBe(expected);
    expect(args({ orderId: "A" })).toBe(expected);
  });

  it("finds a lost tool name in the model's own calls, else keeps what is said", () => {
    const tool = {
      "gen_ai.operation.name": "execute_tool",
      "traceloop.span.kind": "task",
      "traceloop.entity.name": "DynamicStructuredTool",
      "traceloop.entity.input": '{"args":["{\\"q\\":1}"]}',
    };
    const output = JSON.stringify([
      { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "search", arguments: { q: 1 } }] },
    ]);
    const [, found] = spansOf([
      { id: 1, attrs: { "gen_ai.operation.name": "chat", "gen_ai.output.messages": output } },
      { id: 2, attrs: tool },
    ]);
    expect(found).toMatchObject({ tool: "search", toolCallId: "c1" });
    expect(one(tool).tool).toBe("DynamicStructuredTool");
  });

  it("counts a call that two instrumentations saw side by side once, and two equal calls twice", () => {
    const chat = (id: number, at: number, ms: number): Made => ({
      id,
      parent: 9,
      at,
      ms,
      attrs: { "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 42, "gen_ai.usage.output_tokens": 11 },
    });
    const spans = (inner: Made): Uint8Array => {
      const [outer, other] = [body([chat(1, 0, 30)], "langchain"), body([inner], "openai")].map(
        (bytes) => JSON.parse(Buffer.from(bytes).toString()).resourceSpans[0],
      );
      return Buffer.from(JSON.stringify({ resourceSpans: [outer, other] }));
    };
    const sum = (bytes: Uint8Array): number =>
      normalise(decodeJson(bytes), NOW).spans.reduce((n, span) => n + (span.tokens?.input ?? 0), 0);
    expect(sum(spans(chat(2, 5, 20)))).toBe(42);
    expect(sum(spans(chat(2, 40, 20)))).toBe(84);
  });
});
