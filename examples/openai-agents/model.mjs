// A scripted model, so that the example runs without a provider. With one, this file goes, and in agent.mjs:
//   model: "gpt-5-mini"   in the place of `model`, and OPENAI_API_KEY in the environment.
import { Usage } from "@openai/agents";

const script = [
  [{ tool: "kb_search", args: { query: "login" } }],
  [{ tool: "ticket_create", args: { title: "Login is down" } }],
  [],
];

let turn = 0;

/** @type {import("@openai/agents").Model & { model: string }} */
export const model = {
  model: "gpt-5-mini",
  async getResponse() {
    const calls = (script[turn++] ?? []).map(({ tool, args }, i) => ({
      type: /** @type {const} */ ("function_call"),
      callId: `call-${turn}-${i}`,
      name: tool,
      arguments: JSON.stringify(args),
      status: /** @type {const} */ ("completed"),
    }));
    const text = {
      type: /** @type {const} */ ("message"),
      role: /** @type {const} */ ("assistant"),
      status: /** @type {const} */ ("completed"),
      content: [{ type: /** @type {const} */ ("output_text"), text: "A ticket is open." }],
    };
    return {
      output: calls.length > 0 ? calls : [text],
      usage: new Usage({ inputTokens: 40, outputTokens: 12, totalTokens: 52 }),
    };
  },
  getStreamedResponse() {
    throw new Error("The script answers at once.");
  },
};
