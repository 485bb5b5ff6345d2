import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  createSdkMcpServer,
  type Options,
  query,
  type SDKMessage,
  type SDKUserMessage,
  tool,
} from "@anthropic-ai/claude-agent-sdk";
import { z } from "zod";
import { type ClaudeOptions, gate } from "../../src/adapters/claude";
import type { Setup } from "./cases";
import { mockAnthropic, type Scripted } from "./claude-mock";

const BINARY = `../../node_modules/@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}/claude`;
/** Claude Code comes as a binary of its own package, not for every platform. */
export const installed = existsSync(path.resolve(import.meta.dirname, BINARY));

const PREFIX = "mcp__tickets__";
type Given = {
  tools: Setup["tools"];
  script: (n: number) => Promise<Scripted>;
  how?: ClaudeOptions;
  options?: Partial<Options>;
};

/** One session of Claude Code in a home of its own, against a scripted model. */
export async function claude({ tools, script, how = {}, options = {} }: Given) {
  const home = mkdtempSync(path.join(os.tmpdir(), "interlock-claude-"));
  const mock = await mockAnthropic(async (n) =>
    (await script(n)).map((c) => ({ ...c, tool: c.tool in tools ? PREFIX + c.tool : c.tool })),
  );
  const messages: SDKMessage[] = [];
  const told: string[] = [];
  let session = "";
  const server = () =>
    createSdkMcpServer({
      name: "tickets",
      // What was deferred can be gone on with only where its tool is there from the start.
      alwaysLoad: true,
      version: "1",
      tools: Object.entries(tools).map(([name, execute]) =>
        tool(name, name, { title: z.string() }, async (args) => ({
          content: [{ type: "text", text: JSON.stringify(await execute(args)) }],
        })),
      ),
    });
  async function go(prompt: string, more: Partial<Options> = {}): Promise<string> {
    const all: Options = {
      cwd: home,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        ANTHROPIC_BASE_URL: mock.url,
        ANTHROPIC_API_KEY: "none",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      },
      model: "scripted",
      mcpServers: { tickets: server() },
      allowedTools: ["mcp__tickets"],
      settingSources: [],
      tools: [],
      ...options,
      ...more,
    };
    // Gone on with, the first result may say that the tool is not there yet: the input stays open until the one that counts.
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    async function* input(): AsyncGenerator<SDKUserMessage> {
      yield { type: "user", parent_tool_use_id: null, message: { role: "user", content: prompt } };
      await over;
    }
    for await (const message of query({
      prompt: all.resume ? input() : prompt,
      options: gate(all, { toolName: (name) => name.replace(PREFIX, ""), ...how }),
    })) {
      messages.push(message);
      if (message.type === "result" && message.stop_reason !== "tool_deferred_unavailable") end();
      if ("session_id" in message && message.session_id) session = message.session_id;
      if (message.type === "user" && Array.isArray(message.message.content))
        for (const part of message.message.content)
          if (part.type === "tool_result") told.push(JSON.stringify(part.content));
    }
    return told.join("\n");
  }
  /** What Claude Code has stored of the session, changed. */
  function rewrite(change: (text: string) => string): void {
    const projects = path.join(home, ".claude/projects");
    for (const project of readdirSync(projects)) {
      const file = path.join(projects, project, `${session}.jsonl`);
      if (existsSync(file)) writeFileSync(file, change(readFileSync(file, "utf8")));
    }
  }
  return {
    home,
    mock,
    messages,
    go,
    rewrite,
    resume: () => go("go on", { resume: session }),
    close: () => {
      mock.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
