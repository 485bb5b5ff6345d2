import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the scripted model answers: calls of tools, together; none is the final answer. */
export type Scripted = { tool: string; args: Record<string, unknown> }[];
type Body = { model: string; stream?: boolean; tools?: { name: string }[]; messages?: unknown[] };
export const USAGE = { input_tokens: 20, output_tokens: 10 };

/** The Messages API of Anthropic on loopback, as far as Claude Code uses it: it streams a script. */
export async function mockAnthropic(script: (n: number, body: Body) => Promise<Scripted>) {
  const seen: Body[] = [];
  let n = 0;
  const server = createServer((req, res) => void answer(req, res).catch(() => res.destroy()));
  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of req) text += chunk;
    const path = req.url?.split("?")[0];
    if (req.method !== "POST" || path !== "/v1/messages") {
      res.writeHead(path === "/v1/messages/count_tokens" ? 200 : 404, { "content-type": "application/json" });
      res.end(JSON.stringify({ input_tokens: 20 }));
      return;
    }
    const body = JSON.parse(text) as Body;
    // Titles and the like are asked for without tools.
    const main = (body.tools ?? []).length > 0;
    if (main) seen.push(body);
    const calls = main ? await script(n++, body) : [];
    const content = calls.length > 0 ? calls.map(use) : [{ type: "text", text: "done" }];
    const stop_reason = calls.length > 0 ? "tool_use" : "end_turn";
    const id = `msg_${Math.random().toString(36).slice(2)}`;
    const message = { id, type: "message", role: "assistant", model: body.model, stop_sequence: null };
    if (!body.stream) {
      res.writeHead(200, { "content-type": "application/json" });
      res.end(JSON.stringify({ ...message, content, stop_reason, usage: USAGE }));
      return;
    }
    res.writeHead(200, { "content-type": "text/event-stream" });
    const event = (type: string, more: object) =>
      res.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`);
    event("message_start", {
      message: { ...message, content: [], stop_reason: null, usage: { ...USAGE, output_tokens: 1 } },
    });
    for (const [index, block] of content.entries()) {
      const empty = "input" in block ? { ...block, input: {} } : { type: "text", text: "" };
      const delta =
        "input" in block
          ? { type: "input_json_delta", partial_json: JSON.stringify(block.input) }
          : { type: "text_delta", text: block.text };
      event("content_block_start", { index, content_block: empty });
      event("content_block_delta", { index, delta });
      event("content_block_stop", { index });
    }
    event("message_delta", {
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens: USAGE.output_tokens },
    });
    event("message_stop", {});
    res.end();
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
const use = ({ tool, args }: Scripted[number]) => ({
  type: "tool_use" as const,
  id: `toolu_${Math.random().toString(36).slice(2)}`,
  name: tool,
  input: args,
});
