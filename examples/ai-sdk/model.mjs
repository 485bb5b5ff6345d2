// A scripted model, so that the example runs without a provider. With one, this file goes, and in agent.mjs:
//   import { openai } from "@ai-sdk/openai";   const model = openai("gpt-5-mini");

const script = [
  [{ tool: "kb_search", args: { query: "login" } }],
  [{ tool: "ticket_create", args: { title: "Login is down" } }],
  [],
];
const usage = {
  inputTokens: { total: 40, noCache: 40, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 12, text: 12, reasoning: 0 },
};

let turn = 0;

/** @type {import("ai").LanguageModel} */
export const model = {
  specificationVersion: "v4",
  provider: "script",
  modelId: "gpt-5-mini",
  supportedUrls: {},
  async doGenerate() {
    const calls = script[turn++] ?? [];
    const content = calls.map(({ tool, args }, i) => ({
      type: /** @type {const} */ ("tool-call"),
      toolCallId: `call-${turn}-${i}`,
      toolName: tool,
      input: JSON.stringify(args),
    }));
    return {
      content: content.length > 0 ? content : [{ type: "text", text: "A ticket is open." }],
      finishReason: { unified: content.length > 0 ? "tool-calls" : "stop", raw: undefined },
      usage,
      warnings: [],
    };
  },
  doStream() {
    throw new Error("The script answers at once.");
  },
};
