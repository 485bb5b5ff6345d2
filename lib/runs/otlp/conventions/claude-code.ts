import type { SpanKind } from "../../span";
import type { Convention } from "../facts";
import type { SpanReader } from "../reader";

const KINDS: Record<string, SpanKind> = {
  interaction: "agent",
  llm_request: "model",
  tool: "tool",
  "tool.blocked_on_user": "decision",
  "tool.execution": "step",
  hook: "step",
};

function type(reader: SpanReader): string {
  const said = reader.text("span.type") ?? reader.span.name;
  return said.replace(/^claude_code\./, "");
}

function agent(reader: SpanReader): string | null {
  const service = reader.resource["service.name"];
  return reader.text("agent.name", "agent_name") ?? (typeof service === "string" && service !== "" ? service : null);
}

/** MCP tools are all `mcp_tool`; their own name stands beside it. */
function toolName(reader: SpanReader): string | null {
  const said = reader.text("gen_ai.tool.name", "tool_name", "tool.name");
  const own = said === "mcp_tool" ? reader.text("mcp_tool_name", "mcp_tool.name") : null;
  return own ?? said;
}

/** Claude Code and the Claude Agent SDK: counts without prefix, and input without the cache. */
export const claudeCode: Convention = {
  name: "claude_code",
  applies: (reader) =>
    reader.scope.name.startsWith("com.anthropic.claude_code") || reader.span.name.startsWith("claude_code."),
  read: (reader) => {
    const kind = KINDS[type(reader)] ?? "step";
    const decision = reader.text("decision");
    return {
      kind,
      weakAgent: agent(reader),
      conversation: reader.text("gen_ai.conversation.id", "session.id"),
      model: reader.text("gen_ai.request.model", "model"),
      provider: kind === "model" ? (reader.text("gen_ai.provider.name", "gen_ai.system") ?? "anthropic") : null,
      tokens: {
        input: reader.number("input_tokens"),
        output: reader.number("output_tokens"),
        cached: reader.number("cache_read_tokens", "cache_read_input_tokens"),
        cacheWrite: reader.number("cache_creation_tokens", "cache_creation_input_tokens"),
        exclusive: reader.has("input_tokens") ? true : undefined,
      },
      costUsd: reader.number("cost_usd"),
      tool: kind === "tool" ? toolName(reader) : null,
      toolCallId: kind === "tool" ? reader.text("gen_ai.tool.call.id", "tool_use_id", "tool_call_id") : null,
      args: kind === "tool" ? reader.json("gen_ai.tool.call.arguments", "tool_input", "tool_parameters") : undefined,
      result: kind === "tool" ? reader.json("gen_ai.tool.call.result", "tool_output", "tool_result") : undefined,
      finishReasons: reader.texts("gen_ai.response.finish_reasons", "stop_reason"),
      denied: decision !== null && /^(reject|deny|denied|rejected)/i.test(decision) ? true : undefined,
    };
  },
};
