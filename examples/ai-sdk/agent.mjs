// An agent on the AI SDK whose model and tools ask Interlock first. INTERLOCK_URL and INTERLOCK_KEY say where it is.
import { connect } from "@interlock/agent";
import { gate } from "@interlock/agent/ai-sdk";
import { ToolLoopAgent, tool } from "ai";
import { z } from "zod";
import { model } from "./model.mjs";

const tools = {
  kb_search: tool({
    description: "Searches the knowledge base.",
    inputSchema: z.object({ query: z.string() }),
    execute: async ({ query }) => [{ title: `About ${query}`, url: "https://kb.example.com/1" }],
  }),
  ticket_create: tool({
    description: "Opens a ticket.",
    inputSchema: z.object({ title: z.string() }),
    execute: async ({ title }) => ({ id: "T-1", title }),
  }),
};

// Made once; it belongs to the run that it is called in.
const agent = new ToolLoopAgent(
  gate(
    { model, tools, instructions: "Help, and open a ticket where something is down." },
    {
      tools: {
        kb_search: { effect: "read" },
        ticket_create: { effect: "write", externalId: (/** @type {{ id: string }} */ ticket) => ticket.id },
      },
    },
  ),
);

const interlock = connect({ agentId: "example-ai-sdk" });
const done = await interlock.run({ goal: "Somebody cannot log in" }, async () => {
  const answer = await agent.generate({ prompt: "I cannot log in." });
  return answer.text;
});
await interlock.close();

console.log(`done: ${done.stopReason} ${done.ok ? done.value : done.error}`);
process.exitCode = done.ok ? 0 : 1;
