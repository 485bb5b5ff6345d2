// A graph of one's own, without createAgent, whose model and tools ask Interlock first. INTERLOCK_URL and INTERLOCK_KEY say where it is.
import { connect } from "@interlock/agent";
import { gateModel, gateTools } from "@interlock/agent/langchain";
import { tool } from "@langchain/core/tools";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";
import { z } from "zod";
import { model as scripted } from "./model.mjs";

const kb_search = tool(async ({ query }) => [{ title: `About ${query}`, url: "https://kb.example.com/1" }], {
  name: "kb_search",
  description: "Searches the knowledge base.",
  schema: z.object({ query: z.string() }),
});
const ticket_create = tool(async ({ title }) => ({ id: "T-1", title }), {
  name: "ticket_create",
  description: "Opens a ticket.",
  schema: z.object({ title: z.string() }),
});

const tools = gateTools([kb_search, ticket_create], {
  tools: {
    kb_search: { effect: "read" },
    ticket_create: { effect: "write", externalId: (/** @type {{ id: string }} */ ticket) => ticket.id },
  },
});
const model = gateModel(scripted).bindTools(tools);

// Made once; it belongs to the run that it is called in.
const graph = new StateGraph(MessagesAnnotation)
  .addNode("model", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
  .addNode("tools", new ToolNode(tools))
  .addEdge(START, "model")
  .addConditionalEdges("model", toolsCondition)
  .addEdge("tools", "model")
  .compile();

const interlock = connect({ agentId: "example-langgraph" });
const done = await interlock.run({ goal: "Somebody cannot log in" }, async () => {
  const { messages } = await graph.invoke({ messages: [{ role: "user", content: "I cannot log in." }] });
  return messages.at(-1)?.text;
});
await interlock.close();

console.log(`done: ${done.stopReason} ${done.ok ? done.value : done.error}`);
process.exitCode = done.ok ? 0 : 1;
