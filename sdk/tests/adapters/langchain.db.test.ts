import { Command } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { gate } from "../../src/adapters/langchain";
import { cases } from "./cases";
import { loaded, Scripted, saved, scripted, tampered, told, toolsOf } from "./langchain";

await cases({
  framework: "LangChain createAgent",
  agent: ({ turns, tools, gate: options, asked }) => {
    const script = scripted(turns, asked);
    const config = { configurable: { thread_id: "1" } };
    const make = (text = '{"storage":{},"writes":{}}') => {
      const checkpointer = loaded(text);
      const agent = createAgent({
        model: new Scripted(script),
        tools: toolsOf(tools),
        middleware: [gate(options)],
        checkpointer,
      });
      return { agent, checkpointer };
    };
    let stored = "";
    return {
      begin: async () => {
        const { agent, checkpointer } = make();
        try {
          await agent.invoke({ messages: [{ role: "user", content: "Create tickets." }] }, config);
        } finally {
          stored = saved(checkpointer);
        }
        return told(script.heard);
      },
      resume: async (how = {}) => {
        const { agent } = make(how.tampered ? tampered(stored, how.tampered) : stored);
        await agent.invoke(new Command({ resume: "go on" }), config);
        return told(script.heard);
      },
    };
  },
});
