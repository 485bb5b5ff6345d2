import { Command, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";
import { gateModel, gateTools } from "../../src/adapters/langchain";
import { cases } from "./cases";
import { loaded, Scripted, saved, scripted, tampered, told, toolsOf } from "./langchain";

await cases({
  framework: "LangGraph",
  agent: ({ turns, tools, gate: options, asked }) => {
    const script = scripted(turns, asked);
    const config = { configurable: { thread_id: "1" } };
    const make = (text = '{"storage":{},"writes":{}}') => {
      const checkpointer = loaded(text);
      const gated = gateTools(toolsOf(tools), options);
      const model = gateModel(new Scripted(script), options).bindTools(gated);
      const graph = new StateGraph(MessagesAnnotation)
        .addNode("model", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
        .addNode("tools", new ToolNode(gated))
        .addEdge(START, "model")
        .addConditionalEdges("model", toolsCondition)
        .addEdge("tools", "model")
        .compile({ checkpointer });
      return { graph, checkpointer };
    };
    let stored = "";
    return {
      begin: async () => {
        const { graph, checkpointer } = make();
        try {
          await graph.invoke({ messages: [{ role: "user", content: "Create tickets." }] }, config);
        } finally {
          stored = saved(checkpointer);
        }
        return told(script.heard);
      },
      resume: async (how = {}) => {
        const { graph } = make(how.tampered ? tampered(stored, how.tampered) : stored);
        await graph.invoke(new Command({ resume: "go on" }), config);
        return told(script.heard);
      },
    };
  },
});
