import type { SpanKind } from "../../span";
import type { Convention } from "../facts";
import type { SpanReader } from "../reader";
import { operationKind } from "./gen-ai";

const TYPES: Record<string, SpanKind> = {
  agent_run: "agent",
  tool_call: "tool",
  mcp_tool_call: "tool",
  client_tool_call: "tool",
  provider_tool_call: "tool",
  scorer_run: "evaluator",
  scorer_step: "evaluator",
  rag_embedding: "retriever",
  rag_vector_operation: "retriever",
  model_inference: "model",
  generic: "other",
};

/** `chat` says which of Mastra's nested model spans is the call; `model_generation` without it holds a run's totals. */
function kindOf(reader: SpanReader): SpanKind {
  const said = operationKind(reader.text("gen_ai.operation.name"));
  if (said !== null && said !== "step") return said;
  return TYPES[reader.text("mastra.span.type") ?? ""] ?? "step";
}

/** Mastra's own exporter: gen_ai attributes under its own operation names. */
export const mastra: Convention = {
  name: "mastra",
  applies: (reader) =>
    reader.has("mastra.span.type") || reader.hasPrefix("mastra.") || reader.scope.name.startsWith("@mastra/"),
  read: (reader) => {
    const kind = kindOf(reader);
    const id = reader.text("gen_ai.agent.name") === null ? reader.text("gen_ai.agent.id") : null;
    return {
      kind,
      agent: id,
      conversation: reader.text("gen_ai.conversation.id") ?? reader.bag("threadid", "sessionid"),
      result: kind === "agent" ? reader.json("mastra.agent_run.output") : undefined,
    };
  },
};
