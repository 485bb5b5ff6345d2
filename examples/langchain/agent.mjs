// An agent of LangChain's createAgent whose model and tools ask Interlock first. INTERLOCK_URL and INTERLOCK_KEY say where it is.
import { connect } from "@interlock/agent";
import { gate } from "@interlock/agent/langchain";
import { createAgent, tool } from "langchain";
import { z } from "zod";
import { model } from "./model.mjs";

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

// Made once; it belongs to the run that it is called in. The gate is the last middleware.
const agent = createAgent({
  model,
  tools: [kb_search, ticket_create],
  systemPrompt: "Help, and open a ticket where something is down.",
  middleware: [
    gate({
      tools: {
        kb_search: { effect: "read" },
        ticket_create: { effect: "write", externalId: (/** @type {{ id: string }} */ ticket) => ticket.id },
      },
    }),
  ],
});

const interlock = connect({ agentId: "example-langchain" });
const done = await interlock.run({ goal: "Somebody cannot log in" }, async () => {
  const { messages } = await agent.invoke({ messages: [{ role: "user", content: "I cannot log in." }] });
  return messages.at(-1)?.text;
});
await interlock.close();

console.log(`done: ${done.stopReason} ${done.ok ? done.value : done.error}`);
process.exitCode = done.ok ? 0 : 1;
