import type { SpanKind } from "../../span";
import type { Convention, Facts } from "../facts";
import { type SpanReader, unflatten } from "../reader";
import { fromJson, isRecord } from "../text";
import { isPlumbing, toolMessage } from "./langchain";

const KINDS: Record<string, SpanKind> = {
  LLM: "model",
  TOOL: "tool",
  AGENT: "agent",
  CHAIN: "step",
  RETRIEVER: "retriever",
  EMBEDDING: "retriever",
  RERANKER: "retriever",
  GUARDRAIL: "evaluator",
  EVALUATOR: "evaluator",
  PROMPT: "other",
};

/** smolagents wraps a call's arguments together with its own switches. */
function unwrap(value: unknown): unknown {
  if (!isRecord(value) || !("sanitize_inputs_outputs" in value)) return value;
  const kwargs = isRecord(value.kwargs) ? value.kwargs : {};
  if (isRecord(kwargs.arguments) && Object.keys(kwargs).every((key) => key === "arguments" || key === "")) {
    return kwargs.arguments;
  }
  const args = Array.isArray(value.args) ? value.args : [];
  if (args.length === 0) return kwargs;
  if (Object.keys(kwargs).length > 0) return { args, kwargs };
  return args.length === 1 ? args[0] : args;
}

function tool(reader: SpanReader): Facts {
  const result = reader.json("output.value");
  const message = toolMessage(result);
  const handoff = /^handoff[ _]to[ _](.+)$/i.exec(reader.span.name)?.[1] ?? null;
  const name = reader.text("tool.name", "tool_call.function.name");
  return {
    kind: handoff !== null && name === null ? "message" : "tool",
    to: handoff,
    tool: name ?? message?.name ?? reader.span.name,
    toolCallId: reader.text("tool.id", "tool_call.id") ?? message?.toolCallId,
    args: unwrap(reader.json("input.value", "tool_call.function.arguments", "tool.parameters")),
    result: message === null ? result : message.content,
  };
}

/** The answer's texts and calls; where the 128-attribute limit dropped them, the whole output. */
function output(reader: SpanReader): unknown {
  const messages = unflatten(reader.span.attributes, "llm.output_messages");
  const texts = Object.entries(reader.span.attributes)
    .filter(([key]) => /^llm\.output_messages\.\d+\.message\.(content|contents\.\d+\.message_content\.text)$/.test(key))
    .map(([, value]) => value)
    .filter((value) => typeof value === "string" && value !== "");
  const calls = reader.hasPrefix("llm.output_messages.0.message.tool_calls.");
  if (messages === undefined || (texts.length === 0 && !calls)) return reader.json("output.value");
  return calls ? messages : texts.join("\n");
}

function agentName(reader: SpanReader, kind: SpanKind): Pick<Facts, "agent" | "weakAgent"> {
  const named = reader.text("agent.name") ?? (kind === "agent" ? reader.text("graph.node.id") : null);
  const metadata = fromJson(reader.peek("metadata"));
  const langchain = isRecord(metadata) && typeof metadata.lc_agent_name === "string" ? metadata.lc_agent_name : null;
  return {
    agent: named ?? reader.bag("lcagentname") ?? (langchain === "" ? null : langchain),
    weakAgent: kind === "agent" ? reader.span.name : null,
  };
}

/** OpenInference (Arize): OpenAI Agents, LangChain, smolagents and many more. */
export const openInference: Convention = {
  name: "openinference",
  applies: (reader) => reader.has("openinference.span.kind") || reader.scope.name.includes("openinference"),
  read: (reader) => {
    const said = KINDS[(reader.text("openinference.span.kind") ?? "").toUpperCase()] ?? null;
    const kind = said === "step" && isPlumbing(reader.span.name) ? "other" : said;
    const named = agentName(reader, kind ?? "other");
    const of: Facts = kind === "tool" ? tool(reader) : kind === "model" ? { result: output(reader) } : {};
    if (kind === "agent" || kind === "retriever" || kind === "evaluator") of.result = reader.json("output.value");
    return {
      kind,
      ...named,
      agentVersion: reader.text("agent.version"),
      conversation: reader.text("session.id") ?? reader.bag("threadid", "sessionid"),
      model: reader.text("llm.request.model_name", "llm.model_name", "llm.response.model_name", "embedding.model_name"),
      provider: reader.text("llm.provider", "llm.system"),
      tokens: {
        input: reader.number("llm.token_count.prompt"),
        output: reader.number("llm.token_count.completion"),
        total: reader.number("llm.token_count.total"),
        cached: reader.number(
          "llm.token_count.prompt_details.cache_read",
          "llm.token_count.prompt_details.cache_input",
        ),
        cacheWrite: reader.number("llm.token_count.prompt_details.cache_write"),
        reasoning: reader.number("llm.token_count.completion_details.reasoning"),
      },
      costUsd: reader.number("llm.cost.total"),
      finishReasons: reader.texts("llm.finish_reason"),
      ...of,
    };
  },
};
