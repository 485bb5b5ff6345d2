import { describe, expect, it } from "vitest";
import { spansOf, tokens } from "../../fixtures/spans";
import { argsHash } from "../fingerprint";

describe("Langfuse and LangSmith", () => {
  it("reads Langfuse's observations", () => {
    const [generation, tool] = spansOf([
      {
        id: 1,
        attrs: {
          "langfuse.observation.type": "generation",
          "langfuse.trace.name": "bot",
          "langfuse.session.id": "s",
          "langfuse.observation.model.name": "gpt",
          "langfuse.observation.usage_details": '{"input":10,"output":2,"total":17,"input_cached_tokens":5}',
          "langfuse.observation.cost_details": '{"total":0.25}',
          "langfuse.environment": "prod",
        },
      },
      {
        id: 2,
        parent: 1,
        name: "search",
        attrs: {
          "langfuse.observation.type": "tool",
          "langfuse.observation.input": '{"q":1}',
          "langfuse.observation.output": "none",
          "langfuse.observation.level": "ERROR",
          "langfuse.observation.status_message": "boom\n at x",
        },
      },
    ]);
    expect(generation).toMatchObject({
      tokens: tokens(15, 2, 5),
      costUsd: 0.25,
      model: "gpt",
      conversationId: "s",
      agentId: "bot",
      deploymentEnv: "prod",
    });
    expect(tool).toMatchObject({
      kind: "tool",
      tool: "search",
      argsHash: argsHash({ q: 1 }),
      status: "error",
      errorMessage: "boom",
      agentId: "bot",
    });
  });

  it("reads LangSmith's exporter", () => {
    const [llm, tool] = spansOf([
      {
        id: 1,
        attrs: {
          "langsmith.span.kind": "llm",
          "langsmith.trace.name": "bot",
          "langsmith.metadata.thread_id": "t",
          "langsmith.usage_metadata": '{"input_tokens":9,"output_tokens":2,"input_token_details":{"cache_read":4}}',
          "gen_ai.request.model": "m",
          "gen_ai.system": "openai",
        },
      },
      {
        id: 2,
        parent: 1,
        name: "lookup",
        attrs: {
          "langsmith.span.kind": "tool",
          "gen_ai.prompt": '{"input":"{\\"q\\":1}"}',
          "gen_ai.completion": '{"output":"x"}',
        },
      },
    ]);
    expect(llm).toMatchObject({
      kind: "model",
      tokens: tokens(9, 2, 4),
      conversationId: "t",
      agentId: "bot",
      model: "m",
    });
    expect(tool).toMatchObject({ kind: "tool", tool: "lookup", argsHash: argsHash({ q: 1 }) });
  });
});
