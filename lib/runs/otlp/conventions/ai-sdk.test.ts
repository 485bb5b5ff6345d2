import { describe, expect, it } from "vitest";
import type { Made } from "../../fixtures/build";
import { one, spansOf, tokens } from "../../fixtures/spans";
import { argsHash } from "../fingerprint";

describe("AI SDK", () => {
  it("reads v4: prompt and completion tokens, and calls only on doGenerate", () => {
    const usage = { "ai.usage.promptTokens": 30, "ai.usage.completionTokens": 7 };
    const [root, call, tool] = spansOf(
      [
        { id: 1, attrs: { "ai.operationId": "ai.generateText", ...usage } },
        {
          id: 2,
          parent: 1,
          attrs: {
            "ai.operationId": "ai.generateText.doGenerate",
            "ai.model.provider": "anthropic.messages",
            "ai.model.id": "claude",
            "ai.telemetry.functionId": "bot",
            "gen_ai.usage.input_tokens": 30,
            "ai.telemetry.metadata.sessionId": "s",
            ...usage,
          },
        },
        {
          id: 3,
          parent: 1,
          attrs: {
            "ai.operationId": "ai.toolCall",
            "ai.toolCall.name": "t",
            "ai.toolCall.id": "",
            "ai.toolCall.args": '{"reason":"x","q":1}',
          },
        },
      ],
      "ai",
    );
    expect(root?.tokens).toBeNull();
    expect(call).toMatchObject({ tokens: tokens(30, 7), provider: "anthropic", model: "claude", conversationId: "s" });
    expect(tool).toMatchObject({
      tool: "t",
      toolCallId: null,
      agentId: "bot",
      argsHash: argsHash({ q: 1, reason: "x" }),
    });
    expect(tool?.argsFingerprint).toBe(argsHash({ q: 1 }));
  });

  it("adds the cache that v5 left out of Anthropic's input, and not v6's", () => {
    const base = {
      "ai.operationId": "ai.streamText.doStream",
      "ai.model.provider": "anthropic.messages",
      "ai.usage.inputTokens": 100,
      "ai.usage.outputTokens": 5,
      "ai.usage.cachedInputTokens": 40,
    };
    expect(one(base, {}, "ai").tokens).toEqual(tokens(140, 5, 40));
    expect(one({ ...base, "ai.usage.inputTokenDetails.noCacheTokens": 60 }, {}, "ai").tokens).toEqual(
      tokens(100, 5, 40),
    );
  });

  it("says nothing of tokens that are NaN", () => {
    const span = one(
      { "ai.operationId": "ai.streamText.doStream" },
      {
        raw: {
          attributes: [
            { key: "ai.operationId", value: { stringValue: "ai.streamText.doStream" } },
            { key: "ai.usage.promptTokens", value: { doubleValue: "NaN" } },
          ],
        },
      },
    );
    expect(span.tokens).toBeNull();
  });

  it("does not take an outer doGenerate for the wrapper of a call made inside its tool", () => {
    const call = (id: number, parent: number | undefined, input: number): Made => ({
      id,
      parent,
      attrs: {
        "ai.operationId": "ai.generateText.doGenerate",
        "ai.usage.inputTokens": input,
        "ai.usage.outputTokens": 1,
      },
    });
    const spans = spansOf(
      [
        call(1, undefined, 10),
        { id: 2, parent: 1, attrs: { "ai.operationId": "ai.toolCall", "ai.toolCall.name": "sub" } },
        call(3, 2, 20),
      ],
      "ai",
    );
    expect(spans.map((span) => span.tokens?.input ?? 0)).toEqual([10, 0, 20]);
  });
});
