import { describe, expect, it } from "vitest";
import type { Made } from "../../fixtures/build";
import { spansOf, tokens } from "../../fixtures/spans";
import { argsHash } from "../fingerprint";

describe("Mastra", () => {
  it("counts the chat, not the generation that holds the totals", () => {
    const usage = (input: number): Made["attrs"] => ({
      "gen_ai.usage.input_tokens": input,
      "gen_ai.usage.output_tokens": 3,
      "gen_ai.usage.reasoning_tokens": 2,
    });
    const spans = spansOf(
      [
        {
          id: 1,
          attrs: {
            "gen_ai.operation.name": "invoke_agent",
            "mastra.span.type": "agent_run",
            "gen_ai.agent.id": "weather-agent",
            "gen_ai.agent.name": "Weather",
            "mastra.metadata.runId": "run-7",
            ...usage(30),
          },
        },
        {
          id: 2,
          parent: 1,
          attrs: { "gen_ai.operation.name": "model_generation", "mastra.span.type": "model_generation", ...usage(30) },
        },
        {
          id: 3,
          parent: 2,
          attrs: { "gen_ai.operation.name": "agent_step", "mastra.span.type": "model_step", ...usage(30) },
        },
        {
          id: 4,
          parent: 3,
          attrs: {
            "gen_ai.operation.name": "chat",
            "mastra.span.type": "model_inference",
            "gen_ai.request.model": "m",
            "gen_ai.response.finish_reasons": '["stop"]',
            ...usage(30),
          },
        },
        { id: 5, parent: 4, attrs: { "gen_ai.operation.name": "model_chunk", "mastra.span.type": "model_chunk" } },
        {
          id: 6,
          parent: 3,
          attrs: {
            "gen_ai.operation.name": "execute_tool",
            "mastra.span.type": "tool_call",
            "gen_ai.tool.name": "w",
            "gen_ai.tool.call.id": "c",
            "gen_ai.tool.call.arguments": '{"city":"X"}',
          },
        },
      ],
      "@mastra/otel-exporter",
    );
    expect(spans.map((span) => span.kind)).toEqual(["agent", "step", "step", "model", "step", "tool"]);
    expect(spans.flatMap((span) => span.tokens ?? [])).toEqual([tokens(30, 3, 0, 0, 2)]);
    expect(new Set(spans.map((span) => `${span.agentId}/${span.runId}`))).toEqual(new Set(["Weather/run-7"]));
    expect(spans[3]).toMatchObject({ finishReasons: ["stop"], convention: "mastra" });
    expect(spans[5]).toMatchObject({ tool: "w", toolCallId: "c", argsHash: argsHash({ city: "X" }) });
  });
});

describe("Claude Code", () => {
  const scope = "com.anthropic.claude_code.tracing";
  it("adds the cache to unprefixed counts and reads span types", () => {
    const spans = spansOf(
      [
        {
          id: 1,
          name: "claude_code.interaction",
          attrs: {
            "span.type": "interaction",
            "gen_ai.operation.name": "invoke_agent",
            "session.id": "s",
            "gen_ai.conversation.id": "s",
          },
        },
        {
          id: 2,
          parent: 1,
          name: "claude_code.llm_request",
          attrs: {
            "span.type": "llm_request",
            model: "claude-x",
            input_tokens: 10,
            output_tokens: "4",
            cache_read_tokens: 900,
            cache_creation_tokens: 50,
            stop_reason: "tool_use",
          },
        },
        {
          id: 3,
          parent: 1,
          name: "claude_code.tool",
          attrs: { "span.type": "tool", "gen_ai.tool.name": "Bash", "gen_ai.tool.call.id": "toolu_1" },
        },
        {
          id: 4,
          parent: 3,
          name: "claude_code.tool.blocked_on_user",
          attrs: { "span.type": "tool.blocked_on_user", decision: "reject", source: "hook" },
        },
        {
          id: 5,
          parent: 1,
          name: "claude_code.tool",
          attrs: { "gen_ai.tool.name": "Read", "gen_ai.tool.call.id": "toolu_2" },
        },
        { id: 6, parent: 5, name: "claude_code.tool.execution", attrs: { "gen_ai.tool.name": "Read" } },
      ],
      scope,
      { "service.name": "claude-code" },
    );
    expect(spans.map((span) => span.kind)).toEqual(["agent", "model", "tool", "decision", "tool", "step"]);
    expect(spans[1]).toMatchObject({
      tokens: tokens(960, 4, 900, 50),
      model: "claude-x",
      provider: "anthropic",
      finishReasons: ["tool_use"],
      conversationId: "s",
    });
    expect(spans[2]).toMatchObject({ tool: "Bash", toolCallId: "toolu_1", attributes: { denied: true } });
    expect(spans[4]?.attributes.denied).toBeUndefined();
    expect(new Set(spans.map((span) => span.agentId))).toEqual(new Set(["claude-code"]));
  });
});
