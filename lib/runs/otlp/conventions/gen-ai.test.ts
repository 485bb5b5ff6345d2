import { describe, expect, it } from "vitest";
import { START, TRACE } from "../../fixtures/build";
import { one, spansOf, tokens } from "../../fixtures/spans";
import { argsHash } from "../fingerprint";

describe("plain gen_ai", () => {
  it("proves from the counts that an input left the cache out", () => {
    const chat = {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "anthropic",
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 1,
      "gen_ai.usage.cache_read.input_tokens": 900,
    };
    expect(one(chat).tokens).toEqual(tokens(910, 1, 900));
    expect(one({ ...chat, "gen_ai.usage.input_tokens": 1000 }).tokens).toEqual(tokens(1000, 1, 900));
  });

  it.each([
    ["openai.chat", "openai"],
    ["az.ai.openai", "azure.ai.openai"],
    ["aws.bedrock", "aws.bedrock"],
    ["google.generative-ai", "google"],
    ["langchain", null],
  ])("knows the provider of %s", (said, provider) => {
    expect(one({ "gen_ai.operation.name": "chat", "gen_ai.system": said }).provider).toBe(provider);
  });

  it("accepts arguments as map, as list and as JSON", () => {
    const tool = (args: Parameters<typeof one>[0]): string | null =>
      one({ "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t", ...args }).argsHash;
    expect(tool({ "gen_ai.tool.call.arguments": { a: [1, null] } })).toBe(argsHash({ a: [1, null] }));
    expect(tool({ "gen_ai.tool.call.arguments": '{"a":[1,null]}' })).toBe(argsHash({ a: [1, null] }));
    expect(tool({ "gen_ai.tool.call.arguments": '{"id":12345678901234567}' })).toBe(
      argsHash({ id: "12345678901234567" }),
    );
    expect(tool({})).toBeNull();
  });

  it("counts an MCP call that agent, client and server saw once", () => {
    const call = { "mcp.method.name": "tools/call", "gen_ai.tool.name": "t" };
    const spans = spansOf([
      { id: 1, attrs: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t" } },
      { id: 2, parent: 1, attrs: call },
      { id: 3, parent: 2, attrs: call },
    ]);
    expect(spans.map((span) => span.kind)).toEqual(["tool", "step", "step"]);
  });

  it("invents no tool span for a denied call", () => {
    const output = JSON.stringify([
      { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "refund", arguments: {} }] },
    ]);
    const span = one({
      "gen_ai.operation.name": "chat",
      "gen_ai.output.messages": output,
      "gen_ai.response.finish_reasons": ["tool-calls"],
    });
    expect(span).toMatchObject({
      kind: "model",
      finishReasons: ["tool-calls"],
      traceId: TRACE,
      startNano: String(START + 1_000_000n),
    });
  });
});
