import type { SpanKind } from "../../span";
import type { Convention, Facts } from "../facts";
import type { SpanReader } from "../reader";
import { fromJson, isRecord } from "../text";
import { operationKind } from "./gen-ai";
import { toolMessage } from "./langchain";

const KINDS: Record<string, SpanKind> = {
  workflow: "step",
  task: "step",
  agent: "agent",
  tool: "tool",
  session: "step",
};
const REQUESTS: Record<string, SpanKind> = {
  chat: "model",
  completion: "model",
  embedding: "retriever",
  rerank: "retriever",
};

/** LangChain's class stands where the tool's name should. */
export function isNamelessTool(name: string | null): boolean {
  return name === null || /^(Dynamic(Structured)?|Structured)?Tool$/.test(name);
}

function kindOf(reader: SpanReader): SpanKind | null {
  const operation = operationKind(reader.text("gen_ai.operation.name"));
  if (operation !== null && operation !== "step") return operation;
  const request = REQUESTS[(reader.text("llm.request.type") ?? "").toLowerCase()];
  return request ?? KINDS[reader.text("traceloop.span.kind") ?? ""] ?? operation;
}

/** `{args, kwargs}` of a decorator, `{tool_name, arguments}` of MCP, `{input_str, inputs}` of Python LangChain. */
function unwrap(value: unknown): unknown {
  if (!isRecord(value)) return value;
  if ("tool_name" in value && "arguments" in value) return fromJson(value.arguments);
  if ("input_str" in value) return value.inputs ?? fromJson(value.input_str);
  const keys = Object.keys(value);
  if (keys.length === 0 || keys.some((key) => key !== "args" && key !== "kwargs")) return value;
  const args = Array.isArray(value.args) ? value.args.map(fromJson) : [];
  const kwargs = isRecord(value.kwargs) ? value.kwargs : {};
  if (args.length === 0) return kwargs;
  if (Object.keys(kwargs).length > 0) return { args, kwargs };
  return args.length === 1 ? args[0] : args;
}

function tool(reader: SpanReader): Facts {
  const input = reader.json("traceloop.entity.input");
  const result = reader.json("traceloop.entity.output");
  const message = toolMessage(result);
  const said = reader.text("gen_ai.tool.name", "traceloop.entity.name");
  const inInput = isRecord(input) && typeof input.tool_name === "string" ? input.tool_name : null;
  const name = inInput ?? (isNamelessTool(said) ? (message?.name ?? said) : said);
  return {
    tool: name ?? reader.span.name.replace(/\.tool$/, ""),
    toolCallId: message?.toolCallId,
    args: unwrap(input),
    result: message === null ? result : message.content,
  };
}

/** OpenLLMetry (Traceloop), JS and Python, its decorators and its MCP and LangChain instrumentations. */
export const openLlmetry: Convention = {
  name: "openllmetry",
  applies: (reader) =>
    reader.hasPrefix("traceloop.") || reader.has("llm.request.type") || reader.scope.name.startsWith("@traceloop/"),
  read: (reader) => {
    const kind = kindOf(reader);
    const agent = reader.text("gen_ai.agent.name") ?? (kind === "agent" ? reader.text("traceloop.entity.name") : null);
    const of: Facts = kind === "tool" ? tool(reader) : {};
    if (kind === "agent") of.result = reader.json("traceloop.entity.output");
    return {
      kind: kind ?? (reader.span.name.endsWith(".mcp") ? "other" : null),
      agent,
      agentVersion: kind === "agent" ? reader.text("traceloop.entity.version") : null,
      conversation:
        reader.text("gen_ai.conversation.id") ?? reader.bag("sessionid", "threadid", "conversationid", "chatid"),
      ...of,
    };
  },
};
