import { appendFileSync } from "node:fs";
import { must, tool } from "@interlock/agent";
import { z } from "zod";

// An agent that checks what it gets, reports and stops: what the golden failures are tried on.
export const agentId = "chaos-agent";
export const tools = { read: "kb_search", write: "ticket_create" };

const DAY_MS = 86_400_000;
const search = tool({
  name: "kb_search",
  effect: "read",
  execute: ({ query }) => ({ title: `About ${query}`, text: "Restart it.", updated: new Date().toISOString() }),
  output: z.object({
    title: z.string().min(1),
    text: z.string().min(1),
    updated: z.string().refine((at) => Date.now() - Date.parse(at) < 30 * DAY_MS, "older than 30 days"),
    partial: z.boolean().optional(),
  }),
});
const create = tool({
  name: "ticket_create",
  effect: "write",
  execute: ({ title }) => {
    if (process.env.LEDGER) appendFileSync(process.env.LEDGER, `${title}\n`);
    return { id: "T-1", title };
  },
  externalId: (made) => made.id,
});
const answer = z.object({ text: z.string(), finishReason: z.literal("stop") });

export const agent = (interlock, { requestId }) =>
  interlock.run({ requestId, goal: "Answer and write it down" }, async (run) => {
    let found;
    do found = must(await run.tool(search, { query: "login" }));
    while (found.partial);
    const said = await run.step("answer", async () => must(await run.model(scripted(found))), { output: answer });
    return must(await run.tool(create, { title: said.text }));
  });

const scripted = (found) => ({
  model: "scripted",
  inputTokens: 50,
  maxOutputTokens: 50,
  call: () => ({
    text: `Found: ${found.title}. It says to restart it, so that is what is proposed.`,
    finishReason: "stop",
  }),
  usage: () => ({ input: 40, output: 20 }),
});
