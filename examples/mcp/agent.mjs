// An agent in a loop of its own whose tools are those of an MCP server: each call asks Interlock first. INTERLOCK_URL and INTERLOCK_KEY say where it is.
import { connect } from "@interlock/agent";
import { gate } from "@interlock/agent/mcp";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { model } from "./model.mjs";

const server = new URL("./server.mjs", import.meta.url).pathname;
const plain = new Client({ name: "example-mcp", version: "1.0.0" });
await plain.connect(new StdioClientTransport({ command: process.execPath, args: [server] }));

// The same client; it belongs to the run that it is called in.
const client = gate(plain, { tools: { kb_search: { effect: "read" } } });

const interlock = connect({ agentId: "example-mcp" });
const done = await interlock.run({ goal: "Somebody cannot log in" }, async (run) => {
  /** @type {string[]} */
  const said = ["I cannot log in."];
  for (;;) {
    const answer = await run.step("turn", async () => {
      const asked = { model: model.name, inputTokens: 200, maxOutputTokens: 200, call: () => model.answer(said) };
      const turn = await run.model({ ...asked, usage: (answer) => answer.usage });
      if (!turn.ok) throw turn.error;
      return turn.data;
    });
    if (!answer.call) return answer.text;
    const result = await client.callTool(answer.call);
    // A refusal is a result too: the model reads why.
    said.push(JSON.stringify(result.content));
  }
});
await interlock.close();
await plain.close();

console.log(`done: ${done.stopReason} ${done.ok ? done.value : done.error}`);
process.exitCode = done.ok ? 0 : 1;
