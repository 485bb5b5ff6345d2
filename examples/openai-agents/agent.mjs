// An agent on the OpenAI Agents SDK whose model and tools ask Interlock first. INTERLOCK_URL and INTERLOCK_KEY say where it is.
import { connect } from "@interlock/agent";
import { gate } from "@interlock/agent/openai-agents";
import { Agent, run, setTracingDisabled, tool } from "@openai/agents";
import { z } from "zod";
import { model } from "./model.mjs";

setTracingDisabled(true); // the SDK's own traces go to OpenAI

const kb_search = tool({
  name: "kb_search",
  description: "Searches the knowledge base.",
  parameters: z.object({ query: z.string() }),
  execute: async ({ query }) => [{ title: `About ${query}`, url: "https://kb.example.com/1" }],
});
const ticket_create = tool({
  name: "ticket_create",
  description: "Opens a ticket.",
  parameters: z.object({ title: z.string() }),
  errorFunction: null, // so that the gate sees what went wrong
  execute: async ({ title }) => ({ id: "T-1", title }),
});

// Made once; it belongs to the run that it is called in.
const agent = gate(
  new Agent({
    name: "Helper",
    instructions: "Help, and open a ticket where something is down.",
    model,
    tools: [kb_search, ticket_create],
  }),
  {
    tools: {
      kb_search: { effect: "read" },
      ticket_create: { effect: "write", externalId: (/** @type {{ id: string }} */ ticket) => ticket.id },
    },
  },
);

const interlock = connect({ agentId: "example-openai-agents" });
const done = await interlock.run({ goal: "Somebody cannot log in" }, async () => {
  const result = await run(agent, "I cannot log in.");
  return result.finalOutput;
});
await interlock.close();

console.log(`done: ${done.stopReason} ${done.ok ? done.value : done.error}`);
process.exitCode = done.ok ? 0 : 1;
