import { describe, expect, it } from "vitest";
import type { Made } from "../../fixtures/build";
import { one, spansOf, tokens } from "../../fixtures/spans";

describe("OpenInference", () => {
  it("falls back to output.value where the attribute limit dropped the messages", () => {
    const span = one(
      {
        "openinference.span.kind": "LLM",
        "llm.input_messages.0.message.content": "x",
        "output.value": "the answer",
        "llm.token_count.prompt": 5,
      },
      { raw: { droppedAttributesCount: 48 } },
    );
    expect(span).toMatchObject({ resultPreview: "the answer", droppedAttributes: 48, tokens: tokens(5, 0) });
  });

  it("counts the inner of two nested LLM spans", () => {
    const llm = (id: number, parent: number | undefined): Made => ({
      id,
      parent,
      attrs: { "openinference.span.kind": "LLM", "llm.token_count.prompt": 7, "llm.token_count.completion": 1 },
    });
    const spans = spansOf([
      llm(1, undefined),
      { id: 2, parent: 1, attrs: { "openinference.span.kind": "CHAIN" } },
      llm(3, 2),
    ]);
    expect(spans.map((span) => span.tokens?.input ?? null)).toEqual([null, null, 7]);
  });

  it("prefers the agents' own names over the workflow's, and gives an orphan the trace's agent", () => {
    const spans = spansOf(
      [
        { id: 1, name: "workflow", attrs: { "openinference.span.kind": "AGENT" } },
        { id: 2, parent: 1, name: "A", attrs: { "openinference.span.kind": "AGENT", "graph.node.id": "A" } },
        { id: 3, parent: 2, attrs: { "openinference.span.kind": "TOOL", "tool.name": "t", "input.value": "x" } },
        { id: 4, parent: 99, attrs: { "openinference.span.kind": "LLM" } },
      ],
      "s",
      { "service.name": "svc" },
    );
    expect(spans.map((span) => span.agentId)).toEqual(["A", "A", "A", "A"]);
    expect(spansOf([{ id: 1, attrs: {} }], "s", { "service.name": "svc" })[0]).toMatchObject({
      agentId: "svc",
      attributes: { "interlock.agent_from": "service.name" },
    });
  });

  it("reads metadata as object, as JSON and as attributes", () => {
    const kind = { "openinference.span.kind": "CHAIN" };
    expect(one({ ...kind, metadata: '{"thread_id":"t1","lc_agent_name":"bot"}' })).toMatchObject({
      conversationId: "t1",
      agentId: "bot",
    });
    expect(one({ ...kind, metadata: { thread_id: "t2", lc_agent_name: "bot" } })).toMatchObject({
      conversationId: "t2",
      agentId: "bot",
    });
  });
});
