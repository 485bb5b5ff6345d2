import {
  type AgentInputItem,
  type FunctionTool,
  type Model,
  type ModelRequest,
  type ModelResponse,
  type StreamEvent,
  setTracingDisabled,
  tool,
  Usage,
} from "@openai/agents";
import type { Setup, Turn } from "./cases";

setTracingDisabled(true);

/** The SDK's own Model interface, following a script. */
export class Scripted implements Model {
  readonly model = "scripted";
  n = 0;
  heard: AgentInputItem[] = [];
  constructor(
    readonly turns: Turn[],
    readonly asked: Setup["asked"] = async () => {},
  ) {}

  async getResponse(request: ModelRequest): Promise<ModelResponse> {
    const n = this.n++;
    this.heard = typeof request.input === "string" ? [] : request.input;
    await this.asked(n);
    const calls = this.turns[n] ?? [];
    const output: ModelResponse["output"] = calls.map((call, i) => ({
      type: "function_call",
      callId: `call-${n}-${i}`,
      name: call.tool,
      arguments: JSON.stringify(call.args),
      status: "completed",
    }));
    if (calls.length === 0)
      output.push({
        type: "message",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: "done" }],
      });
    return { usage: new Usage({ inputTokens: 20, outputTokens: 10, totalTokens: 30 }), output, responseId: `r-${n}` };
  }

  async *getStreamedResponse(request: ModelRequest): AsyncIterable<StreamEvent> {
    const { usage, output, responseId } = await this.getResponse(request);
    yield { type: "response_started" };
    yield {
      type: "response_done",
      response: {
        id: responseId ?? "",
        output: output as Extract<StreamEvent, { type: "response_done" }>["response"]["output"],
        usage: { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens, totalTokens: usage.totalTokens },
      },
    };
  }

  /** What it was told of its calls, in its last turn. */
  get told(): string {
    return this.heard
      .filter((item) => item.type === "function_call_result")
      .map((item) => JSON.stringify("output" in item ? item.output : item))
      .join("\n");
  }
}

export const toolsOf = (tools: Setup["tools"]): FunctionTool[] =>
  Object.entries(tools).map(
    ([name, execute]) =>
      tool({
        name,
        description: name,
        parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
        strict: false,
        execute: (args) => execute(args as Record<string, unknown>),
      }) as FunctionTool,
  );

/** The arguments of every call in a stored state, replaced. */
export const tampered = (text: string, args: Record<string, unknown>): string =>
  text.replaceAll(JSON.stringify(JSON.stringify({ title: "ticket 1" })), JSON.stringify(JSON.stringify(args)));
