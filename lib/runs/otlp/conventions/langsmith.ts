import type { SpanKind } from "../../span";
import type { Convention, TokenFacts } from "../facts";
import { amount, type SpanReader } from "../reader";
import { isRecord } from "../text";
import { isPlumbing, toolMessage } from "./langchain";

const KINDS: Record<string, SpanKind> = {
  llm: "model",
  chat: "model",
  tool: "tool",
  chain: "step",
  agent: "agent",
  retriever: "retriever",
  embedding: "retriever",
  prompt: "other",
  parser: "other",
};

function tokens(reader: SpanReader): TokenFacts {
  const usage = reader.json("langsmith.usage_metadata");
  if (!isRecord(usage)) return {};
  const input = isRecord(usage.input_token_details) ? usage.input_token_details : {};
  const output = isRecord(usage.output_token_details) ? usage.output_token_details : {};
  return {
    input: amount(usage.input_tokens),
    output: amount(usage.output_tokens),
    total: amount(usage.total_tokens),
    cached: amount(input.cache_read),
    cacheWrite: amount(input.cache_creation),
    reasoning: amount(output.reasoning),
  };
}

/** LangChain's inputs of a tool: `{input: "…"}`, which is itself JSON more often than not. */
function args(reader: SpanReader): unknown {
  const value = reader.json("gen_ai.tool.call.arguments", "gen_ai.prompt", "input.value");
  if (!isRecord(value) || Object.keys(value).length !== 1 || typeof value.input !== "string") return value;
  try {
    return JSON.parse(value.input);
  } catch {
    return value.input;
  }
}

/** LangSmith's exporter: gen_ai attributes, with inputs and outputs under the old prompt and completion keys. */
export const langsmith: Convention = {
  name: "langsmith",
  applies: (reader) => reader.hasPrefix("langsmith."),
  read: (reader) => {
    const said = KINDS[(reader.text("langsmith.span.kind") ?? "").toLowerCase()] ?? null;
    const kind = said === "step" && isPlumbing(reader.span.name) ? "other" : said;
    const wanted = kind !== null && kind !== "step" && kind !== "other";
    const result = wanted ? reader.json("gen_ai.tool.call.result", "gen_ai.completion", "output.value") : undefined;
    const message = kind === "tool" ? toolMessage(result) : null;
    return {
      kind,
      agent: reader.bag("lcagentname"),
      weakAgent: reader.text("langsmith.trace.name"),
      runId: reader.text("langsmith.trace.id"),
      conversation: reader.bag("sessionid", "threadid", "conversationid") ?? reader.text("session.id"),
      model: reader.bag("lsmodelname"),
      provider: reader.bag("lsprovider"),
      tokens: tokens(reader),
      tool: kind === "tool" ? (reader.text("gen_ai.tool.name") ?? reader.span.name) : null,
      toolCallId: message?.toolCallId,
      args: kind === "tool" ? args(reader) : undefined,
      result: message === null ? result : message.content,
    };
  },
};
