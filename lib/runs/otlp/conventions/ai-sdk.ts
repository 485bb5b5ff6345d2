import type { SpanKind } from "../../span";
import type { Convention } from "../facts";
import type { SpanReader } from "../reader";

function kindOf(operation: string): SpanKind {
  if (/\.(doGenerate|doStream)$/.test(operation)) return "model";
  if (operation === "ai.toolCall") return "tool";
  if (/^ai\.(embed|embedMany|rerank)\b/.test(operation)) return "retriever";
  return /^ai\.(generate|stream)(Text|Object)$/.test(operation) ? "agent" : "step";
}

/** Up to v5 Anthropic's count left the cache out; v6 tells the parts apart and counts it in. */
function exclusive(reader: SpanReader): boolean | undefined {
  if (reader.hasPrefix("ai.usage.inputTokenDetails.")) return undefined;
  return String(reader.peek("ai.model.provider") ?? "").startsWith("anthropic") ? true : undefined;
}

function output(reader: SpanReader): unknown {
  const text = reader.text("ai.response.text");
  const calls = reader.json("ai.response.toolCalls");
  if (calls !== undefined) return text === null ? calls : { text, tool_calls: calls };
  return text ?? reader.json("ai.response.object");
}

/** Vercel AI SDK 4 to 6, and 7 with LegacyOpenTelemetry. Totals stand on `ai.generateText`, calls on `.doGenerate`. */
export const aiSdk: Convention = {
  name: "ai_sdk",
  applies: (reader) => reader.has("ai.operationId"),
  read: (reader) => {
    const kind = kindOf(reader.text("ai.operationId") ?? "");
    return {
      kind,
      agent: reader.text("ai.telemetry.functionId", "resource.name"),
      model: reader.text("ai.model.id", "ai.response.model"),
      provider: reader.text("ai.model.provider"),
      tokens: {
        input: reader.number("ai.usage.inputTokens", "ai.usage.promptTokens"),
        output: reader.number("ai.usage.outputTokens", "ai.usage.completionTokens"),
        total: reader.number("ai.usage.totalTokens"),
        cached: reader.number("ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens"),
        cacheWrite: reader.number("ai.usage.inputTokenDetails.cacheWriteTokens"),
        reasoning: reader.number("ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens"),
        exclusive: exclusive(reader),
      },
      tool: reader.text("ai.toolCall.name"),
      toolCallId: reader.text("ai.toolCall.id"),
      args: reader.json("ai.toolCall.args", "ai.toolCall.input"),
      result: kind === "tool" ? reader.json("ai.toolCall.result", "ai.toolCall.output") : output(reader),
      finishReasons: reader.texts("ai.response.finishReason"),
    };
  },
};
