// A scripted model, so that the example runs without a provider. With one, this file goes, and in agent.mjs:
//   const env = process.env;   // with ANTHROPIC_API_KEY; and without over()
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const script = [
  { type: "tool_use", name: "mcp__desk__kb_search", input: { query: "login" } },
  { type: "tool_use", name: "mcp__desk__ticket_create", input: { title: "Login is down" } },
  { type: "text", text: "A ticket is open." },
];
let turn = 0;

// The Messages API as Claude Code reads it: a stream of events.
const server = createServer(async (req, res) => {
  let body = "";
  for await (const chunk of req) body += chunk;
  if (req.method !== "POST" || !req.url?.startsWith("/v1/messages?")) return void res.writeHead(404).end("{}");
  const asked = JSON.parse(body);
  const said = (asked.tools?.length ? script[turn++] : undefined) ?? { type: "text", text: "Nothing more." };
  const id = `call_${turn}`;
  const usage = { input_tokens: 40, output_tokens: 12 };
  const message = { id: `msg_${turn}`, type: "message", role: "assistant", model: asked.model, content: [], usage };
  const empty = "input" in said ? { ...said, id, input: {} } : { type: "text", text: "" };
  const delta =
    "input" in said
      ? { type: "input_json_delta", partial_json: JSON.stringify(said.input) }
      : { type: "text_delta", text: said.text };
  const end = { stop_reason: "input" in said ? "tool_use" : "end_turn", stop_sequence: null };
  const events = [
    { type: "message_start", message: { ...message, stop_reason: null, stop_sequence: null } },
    { type: "content_block_start", index: 0, content_block: empty },
    { type: "content_block_delta", index: 0, delta },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: end, usage: { output_tokens: 12 } },
    { type: "message_stop" },
  ];
  res.writeHead(200, { "content-type": "text/event-stream" });
  res.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
const address = server.address();
const home = mkdtempSync(join(tmpdir(), "example-claude-"));

export const env = {
  ...process.env,
  ANTHROPIC_BASE_URL: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
  ANTHROPIC_API_KEY: "none",
  CLAUDE_CONFIG_DIR: home,
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
};
export const over = () => {
  server.closeAllConnections();
  server.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
};
