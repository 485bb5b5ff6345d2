// A scripted model, so that the example runs without a provider. With one, this file goes, and in agent.mjs:
//   import { ChatOpenAI } from "@langchain/openai";   const model = new ChatOpenAI({ model: "gpt-5-mini" });
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage } from "@langchain/core/messages";

const script = [
  [{ tool: "kb_search", args: { query: "login" } }],
  [{ tool: "ticket_create", args: { title: "Login is down" } }],
  [],
];

let turn = 0;

class Scripted extends BaseChatModel {
  model = "gpt-5-mini";
  _llmType() {
    return "scripted";
  }
  /** @param {import("@langchain/core/language_models/chat_models").BindToolsInput[]} tools */
  bindTools(tools) {
    return this.withConfig(/** @type {object} */ ({ tools }));
  }
  async _generate() {
    const calls = (script[turn++] ?? []).map(({ tool, args }, i) => ({ id: `call-${turn}-${i}`, name: tool, args }));
    const text = calls.length > 0 ? "" : "A ticket is open.";
    const usage_metadata = { input_tokens: 40, output_tokens: 12, total_tokens: 52 };
    return { generations: [{ text, message: new AIMessage({ content: text, tool_calls: calls, usage_metadata }) }] };
  }
}

export const model = new Scripted({});
