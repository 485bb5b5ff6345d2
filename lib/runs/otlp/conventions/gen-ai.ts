import type { SpanKind } from "../../span";
import type { Convention, TokenFacts } from "../facts";
import { type SpanReader, unflatten } from "../reader";

const KINDS: Record<string, SpanKind> = {
  chat: "model",
  generate_content: "model",
  text_completion: "model",
  completion: "model",
  responses: "model",
  embeddings: "retriever",
  embedding: "retriever",
  retrieval: "retriever",
  rerank: "retriever",
  search_memory: "retriever",
  execute_tool: "tool",
  invoke_agent: "agent",
  evaluate: "evaluator",
  evaluation: "evaluator",
  scorer_run: "evaluator",
  scorer_step: "evaluator",
  rag_embedding: "retriever",
  rag_vector_operation: "retriever",
  generic: "other",
};

/** Operation names are an open set: one unknown to us is a step of something. */
export function operationKind(operation: string | null): SpanKind | null {
  if (operation === null) return null;
  return KINDS[operation.toLowerCase()] ?? "step";
}

/** Older instrumentations name no operation: a model, with usage or messages, is a call. */
function inferredKind(reader: SpanReader): SpanKind | null {
  const method = reader.text("mcp.method.name");
  if (method !== null) return method === "tools/call" ? "tool" : "other";
  if (reader.has("gen_ai.tool.name", "gen_ai.tool.call.id")) return "tool";
  const model = reader.has("gen_ai.request.model", "gen_ai.response.model");
  const usage = reader.hasPrefix("gen_ai.usage.") || reader.hasPrefix("gen_ai.completion");
  return model && usage ? "model" : null;
}

export function genAiTokens(reader: SpanReader): TokenFacts {
  return {
    input: reader.number("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
    output: reader.number("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
    total: reader.number("gen_ai.usage.total_tokens", "llm.usage.total_tokens"),
    cached: reader.number(
      "gen_ai.usage.cache_read.input_tokens",
      "gen_ai.usage.cache_read_input_tokens",
      "gen_ai.usage.cached_input_tokens",
      "gen_ai.usage.details.cache_read_tokens",
      "llm.usage.cache_read_input_tokens",
    ),
    cacheWrite: reader.number(
      "gen_ai.usage.cache_write.input_tokens",
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.cache_creation_input_tokens",
      "gen_ai.usage.cache_write_input_tokens",
      "gen_ai.usage.details.cache_write_tokens",
      "llm.usage.cache_creation_input_tokens",
    ),
    reasoning: reader.number(
      "gen_ai.usage.reasoning.output_tokens",
      "gen_ai.usage.reasoning_tokens",
      "gen_ai.usage.details.reasoning_tokens",
      "ai.usage.outputTokenDetails.reasoningTokens",
    ),
  };
}

function output(reader: SpanReader): unknown {
  return reader.json("gen_ai.output.messages") ?? unflatten(reader.span.attributes, "gen_ai.completion");
}

function finishReasons(reader: SpanReader): string[] | null {
  const said = reader.texts("gen_ai.response.finish_reasons", "gen_ai.response.finish_reason");
  return said ?? reader.texts("gen_ai.completion.0.finish_reason", "llm.response.finish_reason");
}

/** `invoke_agent {name}`, unless the name is the model's: then nobody named the agent. */
function nameInSpan(reader: SpanReader): string | null {
  const name = /^invoke_agent (.+)$/.exec(reader.span.name)?.[1] ?? null;
  return name === reader.peek("gen_ai.request.model") ? null : name;
}

/** OpenTelemetry's own conventions, of every generation, and their MCP branch. */
export const genAi: Convention = {
  name: "gen_ai",
  applies: (reader) => reader.hasPrefix("gen_ai.") || reader.has("mcp.method.name"),
  read: (reader) => {
    const kind = operationKind(reader.text("gen_ai.operation.name")) ?? inferredKind(reader);
    return {
      kind,
      agent: reader.text("gen_ai.agent.name"),
      weakAgent: kind === "agent" ? (nameInSpan(reader) ?? reader.text("gen_ai.agent.id")) : null,
      agentVersion: reader.text("gen_ai.agent.version"),
      conversation: reader.text("gen_ai.conversation.id"),
      model: reader.text("gen_ai.request.model", "gen_ai.response.model"),
      provider: reader.text("gen_ai.provider.name", "gen_ai.system"),
      tokens: genAiTokens(reader),
      costUsd: reader.number("gen_ai.usage.cost", "gen_ai.usage.cost_usd", "gen_ai.usage.total_cost"),
      tool: reader.text("gen_ai.tool.name"),
      toolCallId: reader.text("gen_ai.tool.call.id"),
      args: reader.json("gen_ai.tool.call.arguments"),
      result: kind === "tool" ? reader.json("gen_ai.tool.call.result") : output(reader),
      finishReasons: finishReasons(reader),
    };
  },
};
