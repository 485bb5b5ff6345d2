import { ApprovalPending } from "../../index.js";
import { type Gate, refusal } from "../gate.js";
import type { AnyTool, CallInfo, Message, Tools } from "./types.js";

type Status = undefined | string | { type: string; reason?: string };
type Info = CallInfo & { toolContext?: unknown };
type Single = (input: unknown, info: Info) => Status | Promise<Status>;
type Generic = (about: {
  toolCall: { toolName: string; toolCallId: string; input: unknown };
  messages: Message[];
}) => Status | Promise<Status>;

const typeOf = (status: Status): string | undefined => (typeof status === "object" ? status.type : status);

type Piece = { type?: string; approvalId?: string; toolCallId?: string };
const piecesOf = ({ content }: Message): Piece[] => (Array.isArray(content) ? (content as Piece[]) : []);

/** Whether the messages hold a person's answer to this very call: then it is the boundary's turn to ask. */
export function answered(messages: readonly Message[], toolCallId: string): boolean {
  const asked = messages
    .flatMap(piecesOf)
    .filter((p) => p.type === "tool-approval-request" && p.toolCallId === toolCallId);
  const answers = messages.at(-1);
  if (answers?.role !== "tool") return false;
  return piecesOf(answers).some(
    (p) => p.type === "tool-approval-response" && asked.some((a) => a.approvalId === p.approvalId),
  );
}

/** The framework's own word, else what the gate foresees. Nothing is done on it: the tool itself asks again. */
async function foreseen(gate: () => Gate, name: string, input: unknown, info: CallInfo, own: Status): Promise<Status> {
  if (answered(info.messages, info.toolCallId) || ["denied", "user-approval"].includes(typeOf(own) ?? "")) return own;
  const error = await gate().ahead(name, input);
  if (error === null) return own;
  if (!(error instanceof ApprovalPending)) return { type: "denied", reason: refusal(error) };
  return { type: "user-approval", reason: `${error.message} ${error.approval.url}` };
}

async function needed(tool: AnyTool, input: unknown, info: Info): Promise<boolean> {
  const { needsApproval: needs } = tool;
  return typeof needs === "function" ? Boolean(await needs.call(tool, input, info)) : Boolean(needs);
}

/** Version 6 asks each tool whether it needs a person. A refusal is no answer there: the boundary gives it. */
export function needsApproval(name: string, tool: AnyTool, gate: () => Gate) {
  return async (input: unknown, info: Info): Promise<boolean> => {
    const own = await needed(tool, input, info);
    // Version 6 takes an approval for forged where the tool needs none any more.
    if (own || answered(info.messages, info.toolCallId)) return true;
    return typeOf(await foreseen(gate, name, input, info, undefined)) === "user-approval";
  };
}

/** Version 7 asks this instead. What the caller had set for it holds as before, and the gate's word besides. */
export function toolApproval(own: unknown, tools: Tools, gate: () => Gate, ungated: readonly string[]): unknown {
  if (typeof own === "function")
    return async (about: Parameters<Generic>[0]): Promise<Status> => {
      const { toolCall, messages } = about;
      const status = await (own as Generic)(about);
      if (ungated.includes(toolCall.toolName) || !Object.hasOwn(tools, toolCall.toolName)) return status;
      return foreseen(gate, toolCall.toolName, toolCall.input, { toolCallId: toolCall.toolCallId, messages }, status);
    };
  const set = (own ?? {}) as Record<string, Status | Single>;
  const gated = Object.entries(tools)
    .filter(([name]) => !ungated.includes(name))
    .map(([name, tool]): [string, Single] => [
      name,
      async (input, info) => {
        const said = Object.hasOwn(set, name) ? set[name] : undefined;
        const status = typeof said === "function" ? await said(input, info) : said;
        const needs =
          status === undefined && (await needed(tool, input, { ...info, context: info.toolContext } as Info));
        return foreseen(gate, name, input, info, needs ? "user-approval" : status);
      },
    ]);
  return { ...set, ...Object.fromEntries(gated) };
}
