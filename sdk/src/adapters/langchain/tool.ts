import { ToolMessage } from "@langchain/core/messages";
import type { ClientTool, ServerTool, StructuredTool } from "@langchain/core/tools";
import { interrupt, isGraphBubbleUp } from "@langchain/langgraph";
import { ApprovalPending, type CallError, InvalidRequest, NotExecuted } from "../../index.js";
import { Gate, refusal } from "../gate.js";
import { held } from "../held.js";
import { revived } from "./revive.js";

/** In the second argument of a gated tool: the key is the same for every attempt of the same write. */
export type Calling = { interlock: Parameters<Work>[1] };
type Work = Parameters<typeof held<unknown>>[4];

/** What runs inside of a tool: LangChain's own hook, behind its checking of arguments and before its making of a message. */
type Call = (args: unknown, manager?: Manager, config?: Config) => Promise<unknown>;
type Manager = { handleToolEvent?: (chunk: unknown) => Promise<void> };
type Config = {
  signal?: AbortSignal;
  interlock?: Calling["interlock"];
  toolCall?: { id?: string; name?: string; args?: unknown };
};
type Invokable = { name: string; invoke: (input: unknown, config?: Config) => Promise<unknown> };

const gated = new WeakSet<object>();

const derived = <T extends object>(thing: T, own: object): T => {
  const made = Object.create(thing, Object.getOwnPropertyDescriptors(own)) as T;
  gated.add(made);
  return made;
};

/** The same tool, whose own execution asks first. @throws InvalidRequest for one that the provider executes */
export function gatedTool<T extends ClientTool | ServerTool>(
  tool: T,
  gate: Gate,
  ungated: string[] = [],
  onAsk = () => {},
): T {
  if (gated.has(tool)) return tool;
  if ("_call" in tool) {
    const inner = tool as unknown as StructuredTool & { _call: Call };
    const _call: Call = (args, manager, config) => {
      onAsk();
      return asking(
        gate,
        inner.name,
        args,
        config?.signal,
        config?.toolCall?.id,
        inner.responseFormat,
        async (signal, interlock) => whole(await inner._call(args, manager, { ...config, signal, interlock }), manager),
      );
    };
    return derived(tool, { _call });
  }
  if ("lc_runnable" in tool) {
    const inner = tool as unknown as Invokable;
    const invoke: Invokable["invoke"] = (input, config) => {
      const call = input as { id?: string; args?: unknown; type?: string };
      const args = call?.type === "tool_call" ? call.args : input;
      onAsk();
      const id = call?.type === "tool_call" ? call.id : undefined;
      return asking(gate, inner.name, args, config?.signal, id, "content", (signal, interlock) =>
        inner.invoke(input, { ...config, signal, interlock }),
      );
    };
    return derived(tool, { invoke });
  }
  const name = String((tool as { name?: unknown }).name ?? (tool as { type?: unknown }).type ?? Object.keys(tool)[0]);
  if (ungated.includes(name)) return tool;
  throw new InvalidRequest(
    `The tool ${name} cannot be held: the provider executes it. Leave it, or say \`ungated: ["${name}"]\`.`,
    0,
  );
}

/** A call of a tool that the agent does not have: whoever would bring it further in would not ask. */
export const stranger = ({ id = "", name }: { id?: string; name: string }): ToolMessage =>
  new ToolMessage({ status: "error", content: `tool_unknown: there is no tool ${name} here.`, tool_call_id: id, name });

export const isError = (answer: unknown): boolean => ToolMessage.isInstance(answer) && answer.status === "error";

/** A tool that stands still by itself has not failed. */
export class GraphGate extends Gate {
  protected override halts(error: CallError): boolean {
    return super.halts(error) && !isGraphBubbleUp(error.cause);
  }
}

async function asking(
  gate: Gate,
  name: string,
  args: unknown,
  given: AbortSignal | undefined,
  callId: string | undefined,
  format: string | undefined,
  work: Work,
): Promise<unknown> {
  for (;;) {
    const outcome = await held(gate, name, args, given, async (signal, interlock) => {
      try {
        return await work(signal, interlock);
      } catch (thrown) {
        // A tool that stands still by itself, or an agent in it: LangGraph will run it again from its beginning.
        if (isGraphBubbleUp(thrown)) throw new NotExecuted(`${name} stands still.`, thrown);
        throw thrown;
      }
    });
    if (outcome.ok) return outcome.replayed ? revived(outcome.data, callId) : outcome.data;
    const { error } = outcome;
    if (isGraphBubbleUp(error.cause)) throw error.cause;
    if (error instanceof ApprovalPending && gate.options.approval === "native") {
      // Throws where nobody has resumed; what it gives back is no word on the call: that stands on the server, which is asked again.
      interrupt({ interlock: "approval", tool: name, args, message: error.message, approval: error.approval });
      continue;
    }
    const said = callId
      ? new ToolMessage({ status: "error", content: refusal(error), tool_call_id: callId, name })
      : refusal(error);
    return format === "content_and_artifact" ? [said, undefined] : said;
  }
}

/** A tool that streams what it is doing is over with its last word. */
async function whole(raw: unknown, manager: Manager | undefined): Promise<unknown> {
  if (typeof raw !== "object" || raw === null || typeof (raw as AsyncGenerator).next !== "function") return raw;
  const steps = raw as AsyncGenerator;
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return value;
      await manager?.handleToolEvent?.(value);
    }
  } finally {
    await steps.return?.(undefined);
  }
}
