// What the gate looks at of the AI SDK's objects, for each version of its specification (v2 to v4): written here and not
// imported, so that one adapter fits the types of every major version that is installed.

type Count = number | undefined;
export type Usage = {
  inputTokens?: Count | { total?: Count; cacheRead?: Count };
  outputTokens?: Count | { total?: Count };
  cachedInputTokens?: Count;
};
export type Part = {
  type: string;
  toolName?: string;
  providerExecuted?: boolean;
  error?: unknown;
  usage?: Usage;
};
export type CallParams = { prompt: unknown; tools?: unknown; maxOutputTokens?: number; abortSignal?: AbortSignal };
export type Model = {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  readonly supportedUrls: unknown;
  doGenerate(params: CallParams): PromiseLike<{ content: Part[]; usage: Usage }>;
  doStream(params: CallParams): PromiseLike<{ stream: ReadableStream<Part> }>;
};

export type Message = { role: string; content: unknown };
/** Of one call: what `execute`, `needsApproval` and `toolApproval` are given beside the input. */
export type CallInfo = { toolCallId: string; messages: Message[]; abortSignal?: AbortSignal };
export type AnyTool = {
  type?: string;
  isProviderExecuted?: boolean;
  execute?: (input: unknown, info: CallInfo) => unknown;
  needsApproval?: unknown;
};
export type Tools = Record<string, AnyTool>;
export type Options = {
  model?: Model | string;
  tools?: Tools;
  abortSignal?: AbortSignal;
  toolApproval?: unknown;
  prepareStep?: (about: unknown) => unknown;
  experimental_prepareStep?: (about: unknown) => unknown;
  prepareCall?: (about: unknown) => unknown;
};
