// An agent on the Claude Agent SDK: each prompt, each round of tools and each tool asks Interlock first. INTERLOCK_URL and INTERLOCK_KEY say where it is.
import { createSdkMcpServer, query, tool } from "@anthropic-ai/claude-agent-sdk";
import { connect } from "@interlock/agent";
import { gate } from "@interlock/agent/claude";
import { z } from "zod";
import { env, over } from "./model.mjs";

const text = (/** @type {unknown} */ value) => ({
  content: [{ type: /** @type {const} */ ("text"), text: JSON.stringify(value) }],
});
const kb_search = tool("kb_search", "Searches the knowledge base.", { query: z.string() }, async ({ query }) =>
  text([{ title: `About ${query}`, url: "https://kb.example.com/1" }]),
);
const ticket_create = tool("ticket_create", "Opens a ticket.", { title: z.string() }, async ({ title }) =>
  text({ id: "T-1", title }),
);
const options = () =>
  gate(
    {
      model: "claude-haiku-4-5",
      mcpServers: { desk: createSdkMcpServer({ name: "desk", tools: [kb_search, ticket_create] }) },
      allowedTools: ["mcp__desk"],
      tools: [],
      settingSources: [],
      persistSession: false,
      env,
    },
    { tools: { kb_search: { effect: "read" } }, toolName: (name) => name.replace("mcp__desk__", "") },
  );

const interlock = connect({ agentId: "example-claude" });
const done = await interlock.run({ goal: "Somebody cannot log in" }, async () => {
  let answer = "";
  for await (const message of query({ prompt: "I cannot log in.", options: options() }))
    if (message.type === "result" && message.subtype === "success") answer = message.result;
  return answer;
});
await interlock.close();
over();

console.log(`done: ${done.stopReason} ${done.ok ? done.value : done.error}`);
process.exitCode = done.ok ? 0 : 1;
