import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { Gate } from "../../src/adapters/gate";
import type { ModelTurn } from "../../src/index";
import type { McpOptions } from "../../src/mcp/index";
import type { Agent, Setup } from "./cases";

type Mount = (setup: Setup, how: McpOptions) => Promise<Client>;
type Result = { isError?: boolean; content: { text: string }[]; _meta?: Record<string, unknown> };

/** A real server with the tools of the case. */
export function serverOf({ tools }: Setup): McpServer {
  const server = new McpServer({ name: "tickets", version: "1" });
  for (const [name, execute] of Object.entries(tools))
    server.registerTool(name, { inputSchema: { title: z.string() } }, async (args) => {
      const made = await execute(args);
      return {
        content: [{ type: "text", text: JSON.stringify(made) }],
        structuredContent: made as Record<string, unknown>,
      };
    });
  return server;
}
export async function joined(
  server: McpServer,
  wrap: (t: InMemoryTransport) => InMemoryTransport = (t) => t,
): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: "loop", version: "1" });
  await server.connect(far);
  await client.connect(wrap(near));
  return client;
}

/** A tiny loop: the model's turn, then its calls together; what is pending is kept as JSON text. */
export const loop = (mount: Mount, setup: Setup): Agent => {
  const { turns, gate: options, asked } = setup;
  const turn = new Gate(options);
  const how: McpOptions = { ...options };
  let n = 0;
  let kept: string | null = null;
  const said: string[] = [];
  const call = async (client: Client, { tool, args }: Setup["turns"][number][number]) =>
    (await client.callTool({ name: tool, arguments: args })) as Result;
  async function go(client: Client): Promise<string> {
    for (; ; n++) {
      const asking: ModelTurn = await turn.turn({ model: "scripted", prompt: said, maxOutputTokens: 50 });
      await asked(n);
      const calls = turns[n] ?? [];
      await asking.done({ input: 20, output: 10 });
      if (calls.length === 0) return said.join("\n");
      const results = await Promise.allSettled(calls.map((one) => call(client, one)));
      for (const [i, one] of results.entries()) {
        if (one.status === "rejected") throw one.reason;
        if (one.value._meta?.["interlock/approval"]) {
          kept = JSON.stringify(calls[i]);
          return "waits for a person";
        }
        said.push(one.value.content.map((c) => c.text).join());
      }
    }
  }
  return {
    begin: async () => go(await mount(setup, how)),
    ...(how.approval === "native"
      ? {
          resume: async ({ tampered } = {}) => {
            const client = await mount(setup, how);
            const before = JSON.parse(kept ?? "null") as Setup["turns"][number][number];
            const result = await call(client, { ...before, args: tampered ?? before.args });
            said.push(result.content.map((c) => c.text).join());
            if (tampered) return said.join("\n");
            n++;
            return go(client);
          },
        }
      : {}),
  };
};
