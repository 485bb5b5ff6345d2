import { ToolMessage } from "@langchain/core/messages";
import { Command } from "@langchain/langgraph";
import { GONE } from "../held.js";

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What the ledger kept of a tool's answer is JSON; messages and commands are made of it again, for the call that asks now. */
export function revived(data: unknown, callId: string | undefined): unknown {
  if (data === undefined || data === null) return GONE;
  if (Array.isArray(data)) return data.map((one) => revivedMessage(one, callId));
  if (!isPlain(data) || data.lg_name !== "Command") return revivedMessage(data, callId);
  const { update, goto, graph, resume } = data as ConstructorParameters<typeof Command>[0] & Plain;
  const messages: unknown = isPlain(update) ? update.messages : undefined;
  return new Command({
    goto,
    graph,
    resume,
    update: Array.isArray(messages)
      ? { ...(update as Plain), messages: messages.map((one) => revivedMessage(one, callId)) }
      : update,
  });
}

function revivedMessage(data: unknown, callId: string | undefined): unknown {
  if (!isPlain(data) || data.lc !== 1 || !Array.isArray(data.id) || data.id.at(-1) !== "ToolMessage") return data;
  const fields = data.kwargs as ConstructorParameters<typeof ToolMessage>[0] & { tool_call_id: string };
  return new ToolMessage({ ...fields, tool_call_id: callId ?? fields.tool_call_id });
}
