import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { type StructuredTool, tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { z } from "zod";
import type { Setup, Turn } from "./cases";

/** LangChain's own chat model, following a script; `bindTools` makes a new one, as the real providers do. */
export class Scripted extends BaseChatModel<BaseChatModelCallOptions & { tools?: unknown }> {
  readonly model: string = "scripted";
  constructor(
    readonly script: { turns: Turn[]; asked: Setup["asked"]; n: number; heard: BaseMessage[] },
    readonly bound: unknown[] = [],
  ) {
    super({});
  }
  _llmType(): string {
    return "scripted";
  }
  override bindTools(tools: BindToolsInput[]) {
    const made = new (this.constructor as typeof Scripted)(this.script, tools);
    return Object.assign(made, { cache: this.cache }).withConfig({ tools } as never);
  }
  async answer(
    messages: BaseMessage[],
  ): Promise<{ content: string; calls: { id: string; name: string; args: Record<string, unknown> }[] }> {
    const { script } = this;
    const n = script.n++;
    script.heard = messages;
    await script.asked(n);
    const calls = (script.turns[n] ?? []).map((call, i) => ({
      id: `call-${n}-${i}`,
      name: call.tool,
      args: call.args,
    }));
    return { content: calls.length > 0 ? "" : "done", calls };
  }
  async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const { content, calls } = await this.answer(messages);
    const message = new AIMessage({
      content,
      tool_calls: calls,
      usage_metadata: { input_tokens: 20, output_tokens: 10, total_tokens: 30 },
    });
    return { generations: [{ text: content, message }] };
  }
}

/** One that is built anew for each configuration and keeps it to itself, as OpenAI's. */
export class Rebuilt extends Scripted {
  defaultOptions: object = {};
  override bindTools(tools: BindToolsInput[]) {
    return this.withConfig({ tools } as never) as never;
  }
  override withConfig(config: object) {
    const made = new Rebuilt(this.script);
    made.defaultOptions = { ...this.defaultOptions, ...config };
    return made as never;
  }
}

/** One that streams: a chunk of the answer, then its usage. */
export class Streaming extends Scripted {
  override async *_streamResponseChunks(messages: BaseMessage[]): AsyncGenerator<ChatGenerationChunk> {
    const { content, calls } = await this.answer(messages);
    const tool_call_chunks = calls.map((call, index) => ({
      ...call,
      args: JSON.stringify(call.args),
      index,
      type: "tool_call_chunk" as const,
    }));
    yield new ChatGenerationChunk({ text: content, message: new AIMessageChunk({ content, tool_call_chunks }) });
    const usage_metadata = { input_tokens: 20, output_tokens: 10, total_tokens: 30 };
    yield new ChatGenerationChunk({ text: "", message: new AIMessageChunk({ content: "", usage_metadata }) });
  }
}

export const scripted = (turns: Turn[], asked: Setup["asked"] = async () => {}) => ({
  turns,
  asked,
  n: 0,
  heard: [] as BaseMessage[],
});

/** What the model was told of its calls. */
export const told = (messages: BaseMessage[]): string =>
  messages
    .filter((one) => ToolMessage.isInstance(one))
    .map((one) => `${one.status} ${JSON.stringify(one.content)}`)
    .join("\n");

export const toolsOf = (tools: Setup["tools"]): StructuredTool[] =>
  Object.entries(tools).map(
    ([name, execute]) =>
      tool((args) => execute(args), {
        name,
        description: name,
        schema: z.looseObject({}),
      }) as unknown as StructuredTool,
  );

/** Everything that was stored, as a text. */
export function saved({ storage, writes }: MemorySaver): string {
  return JSON.stringify({ storage, writes }, (_, value: unknown) =>
    value instanceof Uint8Array ? { stored: Buffer.from(value).toString() } : value,
  );
}
export function loaded(text: string): MemorySaver {
  const saver = new MemorySaver();
  const { storage, writes } = JSON.parse(text, (_, value: unknown) =>
    typeof value === "object" && value !== null && "stored" in value ? Buffer.from(String(value.stored)) : value,
  ) as Pick<MemorySaver, "storage" | "writes">;
  return Object.assign(saver, { storage, writes });
}
/** The arguments of every call in what was stored, replaced. */
export const tampered = (text: string, args: Record<string, unknown>): string =>
  text.replaceAll(
    JSON.stringify(JSON.stringify({ title: "ticket 1" })).slice(1, -1),
    JSON.stringify(JSON.stringify(args)).slice(1, -1),
  );
