import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { BaseMessage, UsageMetadata } from "@langchain/core/messages";

export type ModelFacts = {
  /** What the price table calls the model. @default what the model tells of itself */
  modelName?: string;
  /** Models of the same provider by name, where policy names another one beyond a soft limit. @default the turn is refused */
  models?: Record<string, BaseChatModel>;
  /** Names of tools that the provider executes and that may run without being asked about. @default none: such tools are refused */
  ungated?: string[];
};

export type Options = {
  signal?: AbortSignal;
  tools?: unknown;
  max_tokens?: number;
  maxTokens?: number;
  maxOutputTokens?: number;
};
export type Usage = Partial<UsageMetadata>;
export type Generated = {
  generations: { message?: { usage_metadata?: Usage } }[];
  llmOutput?: Record<string, unknown>;
};
export type Chunk = { message?: { usage_metadata?: Usage }; event?: string; usage?: Usage };
/** Where LangChain's chat models call the provider: everything else comes through here. */
export type Inner = {
  _generate: (messages: BaseMessage[], options: Options, manager?: unknown) => Promise<Generated>;
  _streamResponseChunks: (messages: BaseMessage[], options: Options, manager?: unknown) => AsyncIterable<Chunk>;
  _streamChatModelEvents: (messages: BaseMessage[], options: Options, manager?: unknown) => AsyncIterable<Chunk>;
  _generateCached?: (asked: unknown) => Promise<{ missingPromptIndices: number[] }>;
  _getModelInstance?: (config?: unknown) => Promise<object>;
  getLsParams?: (options: unknown) => { ls_model_name?: string };
  /** What OpenAI's models keep of `bindTools` and `withConfig`: it is not in the options of a call. */
  defaultOptions?: Options;
  model?: unknown;
  modelName?: unknown;
  maxTokens?: number;
  maxOutputTokens?: number;
};
