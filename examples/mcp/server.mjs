// A server of MCP as anybody might have one; it knows nothing of Interlock.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const text = (/** @type {unknown} */ value) => ({
  content: [{ type: /** @type {const} */ ("text"), text: JSON.stringify(value) }],
});
const server = new McpServer({ name: "desk", version: "1.0.0" });
server.registerTool(
  "kb_search",
  { description: "Searches the knowledge base.", inputSchema: { query: z.string() } },
  async ({ query }) => text([{ title: `About ${query}`, url: "https://kb.example.com/1" }]),
);
server.registerTool(
  "ticket_create",
  { description: "Opens a ticket.", inputSchema: { title: z.string() } },
  async ({ title }) => text({ id: "T-1", title }),
);
await server.connect(new StdioServerTransport());
