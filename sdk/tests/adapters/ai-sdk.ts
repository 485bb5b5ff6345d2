import { ReadableStream } from "node:stream/web";
import { z } from "zod";
import type { Agent, Setup, Turn } from "./cases";

// biome-ignore lint/suspicious/noExplicitAny: two major versions of one framework, whose types exclude each other
export type Any = any;

const usage = {
  inputTokens: { total: 20, noCache: 20, cacheRead: 4, cacheWrite: undefined },
  outputTokens: { total: 10, text: 10, reasoning: undefined },
};
const finish = (calls: Turn) => ({ unified: calls.length > 0 ? "tool-calls" : "stop", raw: undefined });

export type Script = {
  version: "v3" | "v4";
  modelId?: string;
  turns: Turn[];
  asked?: (n: number, params: Any) => Promise<void> | void;
};

/** A model that answers by the script, by both of its calls; `told` is what it was told of its tools, as text. */
export function scripted({ version, turns, modelId = "scripted", asked }: Script) {
  const told: string[] = [];
  const limits: unknown[] = [];
  let n = 0;
  const next = async (params: Any) => {
    const at = n++;
    told.splice(
      0,
      told.length,
      ...params.prompt.filter((m: Any) => m.role === "tool").map((m: Any) => JSON.stringify(m)),
    );
    limits.push(params.maxOutputTokens);
    await asked?.(at, params);
    const calls = turns[at] ?? [];
    const content = calls.map(({ tool, args }, i) => ({
      type: "tool-call",
      toolCallId: `call-${at}-${i}`,
      toolName: tool,
      input: JSON.stringify(args),
    }));
    return { calls, content };
  };
  const model = {
    specificationVersion: version,
    provider: "script",
    modelId,
    supportedUrls: {},
    doGenerate: async (params: Any) => {
      const { calls, content } = await next(params);
      const said = calls.length > 0 ? content : [{ type: "text", text: "done" }];
      return { content: said, finishReason: finish(calls), usage, warnings: [] };
    },
    doStream: async (params: Any) => {
      const { calls, content } = await next(params);
      const text = [
        { type: "text-start", id: "1" },
        { type: "text-delta", id: "1", delta: "done" },
        { type: "text-end", id: "1" },
      ];
      const parts = [
        { type: "stream-start", warnings: [] },
        ...(calls.length > 0 ? content : text),
        { type: "finish", finishReason: finish(calls), usage },
      ];
      return { stream: ReadableStream.from(parts) };
    },
  };
  return { model: model as Any, told, limits, turns: () => n };
}

export type Sdk = {
  version: "v3" | "v4";
  generateText: Any;
  streamText: Any;
  ToolLoopAgent: Any;
  steps: (n: number) => Any;
};

/** The tools of a case, in the framework's shape. */
export const toolsOf = (tools: Setup["tools"]): Record<string, Any> =>
  Object.fromEntries(
    Object.entries(tools).map(([name, run]) => [
      name,
      { inputSchema: z.looseObject({}), execute: (args: Record<string, unknown>) => run(args) },
    ]),
  );

/** One agent of the cases. Everything is made anew for a resume, and what is kept between is text. */
export function driven(
  sdk: Sdk,
  gate: (options: Any, how: Any) => Any,
  { turns, tools, gate: how, asked }: Setup,
  streams: boolean,
): Agent {
  const script = scripted({ version: sdk.version, turns, asked });
  let kept = "";
  const go = async (messages: unknown[]): Promise<string> => {
    const options = gate({ model: script.model, tools: toolsOf(tools), messages, stopWhen: sdk.steps(20) }, how);
    let answered: unknown[];
    if (streams) {
      const result = sdk.streamText({ ...options, onError: () => undefined });
      let error: unknown;
      for await (const part of result.fullStream) if (part.type === "error") error = part.error;
      if (error) throw error;
      answered = (await result.response).messages;
    } else answered = (await sdk.generateText(options)).response.messages;
    kept = JSON.stringify([...messages, ...answered]);
    return script.told.join("\n");
  };
  return {
    begin: () => go([{ role: "user", content: "go" }]),
    resume: ({ tampered } = {}) => {
      const messages = JSON.parse(kept) as Any[];
      const parts = messages.flatMap((m) => (Array.isArray(m.content) ? m.content : []));
      if (tampered) for (const part of parts) if (part.type === "tool-call") part.input = tampered;
      const content = parts
        .filter((p) => p.type === "tool-approval-request")
        .map((p) => ({ type: "tool-approval-response", approvalId: p.approvalId, approved: true }));
      return go([...messages, { role: "tool", content }]);
    },
  };
}
