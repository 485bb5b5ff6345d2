import { SPAN_KINDS, type SpanKind } from "../../span";
import type { Convention } from "../facts";
import type { SpanReader } from "../reader";

function ownKind(reader: SpanReader): SpanKind | null {
  const said = reader.text("interlock.kind", "interlock.span.kind");
  return SPAN_KINDS.find((kind) => kind === said) ?? null;
}

/** What people write by hand: `agent.id`, `task.type`, `run.id`, `model.name`, `tool.name`. */
function plainKind(reader: SpanReader): SpanKind {
  if (reader.has("tool.name", "tool_name")) return "tool";
  if (reader.has("model.name") && reader.hasPrefix("tokens.")) return "model";
  if (reader.has("messaging.destination.name", "messaging.destination")) return "message";
  if (/^(invoke_)?agent\b|^agent[._]/i.test(reader.span.name)) return "agent";
  if (!reader.has("agent.id", "interlock.agent.id", "agent_id")) return "other";
  return reader.span.parentSpanId === "" ? "agent" : "step";
}

/** Our own attributes: they outrank every framework's. */
export const interlock: Convention = {
  name: "interlock",
  applies: () => true,
  read: (reader) => ({
    kind: ownKind(reader),
    agent: reader.text("interlock.agent.id", "interlock.agent_id", "agent.id"),
    agentVersion: reader.text("interlock.agent.version", "interlock.agent_version"),
    runId:
      reader.text("interlock.run.id", "interlock.run_id", "acp.run.id", "run.id") ??
      reader.bag("runid", "interlockrunid"),
    conversation: reader.text("interlock.conversation.id", "interlock.conversation_id"),
    taskType:
      reader.text("interlock.task.type", "interlock.task_type", "task.type", "task_type") ?? reader.bag("tasktype"),
    tenant:
      reader.text("interlock.tenant_id", "interlock.tenant.id", "tenant.id", "tenant_id") ?? reader.bag("tenantid"),
    to: reader.text("interlock.to"),
  }),
};

/** The last word where no framework's convention applies, and the gaps of those that do. */
export const generic: Convention = {
  name: "generic",
  applies: () => true,
  read: (reader) => {
    const kind = plainKind(reader);
    return {
      kind,
      agent: reader.text("agent.name", "agent_name", "agent_id"),
      agentVersion: reader.text("agent.version", "agent_version"),
      conversation:
        reader.text("session.id", "conversation.id", "thread.id") ??
        reader.bag("sessionid", "threadid", "conversationid"),
      model: reader.text("model.name", "model"),
      tokens: {
        input: reader.number("tokens.input", "input_tokens"),
        output: reader.number("tokens.output", "output_tokens"),
      },
      costUsd: reader.number("cost_usd", "cost.usd"),
      tool: reader.text("tool.name", "tool_name"),
      toolCallId: reader.text("tool.call.id", "tool_call_id"),
      args: kind === "tool" ? reader.json("tool.args", "tool.arguments", "tool.input", "input.value") : undefined,
      result: kind === "tool" ? reader.json("tool.result", "tool.output", "output.value") : undefined,
      to: reader.text("messaging.destination.name", "messaging.destination", "message.to"),
    };
  },
};
