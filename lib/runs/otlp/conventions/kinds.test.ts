import { describe, expect, it } from "vitest";
import { one, spansOf } from "../../fixtures/spans";
import { argsHash } from "../fingerprint";

describe("kinds", () => {
  it.each([
    ["gen_ai.operation.name", "chat", "model"],
    ["gen_ai.operation.name", "generate_content", "model"],
    ["gen_ai.operation.name", "text_completion", "model"],
    ["gen_ai.operation.name", "embeddings", "retriever"],
    ["gen_ai.operation.name", "retrieval", "retriever"],
    ["gen_ai.operation.name", "execute_tool", "tool"],
    ["gen_ai.operation.name", "invoke_agent", "agent"],
    ["gen_ai.operation.name", "agent_step", "step"],
    ["gen_ai.operation.name", "model_generation", "step"],
    ["gen_ai.operation.name", "handle_conversation_turn", "step"],
    ["mcp.method.name", "tools/call", "tool"],
    ["mcp.method.name", "tools/list", "other"],
    ["openinference.span.kind", "LLM", "model"],
    ["openinference.span.kind", "TOOL", "tool"],
    ["openinference.span.kind", "AGENT", "agent"],
    ["openinference.span.kind", "CHAIN", "step"],
    ["openinference.span.kind", "RETRIEVER", "retriever"],
    ["openinference.span.kind", "EMBEDDING", "retriever"],
    ["openinference.span.kind", "RERANKER", "retriever"],
    ["openinference.span.kind", "GUARDRAIL", "evaluator"],
    ["openinference.span.kind", "EVALUATOR", "evaluator"],
    ["openinference.span.kind", "PROMPT", "other"],
    ["traceloop.span.kind", "workflow", "step"],
    ["traceloop.span.kind", "task", "step"],
    ["traceloop.span.kind", "agent", "agent"],
    ["traceloop.span.kind", "tool", "tool"],
    ["traceloop.span.kind", "session", "step"],
    ["llm.request.type", "chat", "model"],
    ["ai.operationId", "ai.generateText", "agent"],
    ["ai.operationId", "ai.streamObject.doStream", "model"],
    ["ai.operationId", "ai.toolCall", "tool"],
    ["ai.operationId", "ai.embed.doEmbed", "retriever"],
    ["langfuse.observation.type", "generation", "model"],
    ["langfuse.observation.type", "tool", "tool"],
    ["langfuse.observation.type", "guardrail", "evaluator"],
    ["langsmith.span.kind", "llm", "model"],
    ["langsmith.span.kind", "tool", "tool"],
    ["langsmith.span.kind", "retriever", "retriever"],
    ["http.request.method", "GET", "other"],
  ])("%s=%s is a %s", (key, value, kind) => {
    expect(one({ [key]: value }).kind).toBe(kind);
  });

  it.each(["__start__", "RunnableLambda", "ChannelWrite<x>"])("LangGraph's %s is other", (name) => {
    expect(one({ "openinference.span.kind": "CHAIN" }, { name }).kind).toBe("other");
  });

  it("calls a handoff a message to its receiver", () => {
    const span = one({ "openinference.span.kind": "TOOL" }, { name: "handoff to Billing Agent" });
    expect(span).toMatchObject({ kind: "message", to: "Billing Agent", tool: null });
  });
});

describe("the seed's own attributes", () => {
  it("reads agent, task, run, model, prompt and environment", () => {
    const attrs = {
      "agent.id": "summarizer-12",
      "task.type": "document-summarize",
      "run.id": "run-20260529-01",
      "model.name": "gpt-4o",
      "prompt.hash": "sha256:ab",
    };
    const [root, child] = spansOf(
      [
        { id: 1, name: "agent.execute.task", attrs },
        { id: 2, parent: 1, attrs: { "tool.name": "fetch", "tool.args": '{"a":1}' } },
      ],
      "hand",
      { deployment_env: "production", "service.name": "agent-runner", "tenant.id": "acme" },
    );
    const shared = {
      agentId: "summarizer-12",
      taskType: "document-summarize",
      runId: "run-20260529-01",
      tenantId: "acme",
      deploymentEnv: "production",
    };
    expect(root).toMatchObject({ ...shared, kind: "agent", model: "gpt-4o", promptHash: "sha256:ab" });
    expect(child).toMatchObject({ ...shared, kind: "tool", tool: "fetch", argsHash: argsHash({ a: 1 }) });
  });

  it.each(["interlock.run.id", "acp.run.id", "run.id", "ai.settings.context.runId", "mastra.metadata.runId"])(
    "takes %s for the run of the trace",
    (key) => {
      const [root, child] = spansOf([
        { id: 1, attrs: { [key]: "r-1" } },
        { id: 2, parent: 1 },
      ]);
      expect([root?.runId, child?.runId]).toEqual(["r-1", "r-1"]);
    },
  );

  it("takes the run from the resource, and none from a conversation", () => {
    expect(spansOf([{ id: 1 }], "s", { "acp.run.id": "r-2" })[0]?.runId).toBe("r-2");
    expect(one({ "gen_ai.conversation.id": "c" })).toMatchObject({ runId: null, conversationId: "c" });
  });
});
