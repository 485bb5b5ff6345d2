import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { build } from "esbuild";
import { afterAll, afterEach } from "vitest";
import { asking } from "../../../lib/http/tests/asking";
import { type Api, type Json, until } from "../../../lib/http/tests/harness";

export type Result = {
  isError?: boolean;
  content: { text: string }[];
  structuredContent?: Json;
  _meta?: Record<string, unknown>;
};
export const said = (result: unknown) => (result as Result).content.map((c) => c.text).join("\n");
const SERVER = path.resolve(import.meta.dirname, "fixtures/mcp-tickets.mjs");

/** The command as it ships, in one file that may import nothing but Node's own modules. */
export async function built(dir: string): Promise<string> {
  const outfile = path.join(dir, "interlock.mjs");
  const { metafile } = await build({
    entryPoints: [path.resolve(import.meta.dirname, "../../src/cli/bin.ts")],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outfile,
    metafile: true,
  });
  const foreign = Object.values(metafile.outputs).flatMap((o) => o.imports.filter((i) => !i.path.startsWith("node:")));
  if (foreign.length > 0) throw new Error(`The gate needs more than Node: ${JSON.stringify(foreign)}`);
  return outfile;
}

/** Gates of a suite: each with an agent of its own, its policy, and a file where the server writes what really happened. */
export async function gates(api: Api) {
  const dir = mkdtempSync(path.join(os.tmpdir(), "interlock-mcp-"));
  const bin = await built(dir);
  const open: Client[] = [];
  let n = 0;
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  type Given = { policy?: Json; args?: string[]; env?: Record<string, string>; capabilities?: Json };
  async function prepared({ policy = {}, args = [], env = {} }: Given) {
    const agentId = `mcp-gate-${++n}`;
    const made = await asking(api).put(agentId, {
      bindings: [{ agent_id: agentId }],
      tools: { allow: ["*"] },
      ...policy,
    });
    if (made.status !== 200) throw new Error(JSON.stringify(made.body));
    const file = path.join(dir, `${agentId}.txt`);
    writeFileSync(file, "");
    const done = () => readFileSync(file, "utf8").split("\n").filter(Boolean);
    const run = () =>
      until(async () => {
        const { items } = (await api.get(`/runs?agent_id=${agentId}`)).body as unknown as { items: Json[] };
        return items[0];
      });
    return {
      agentId,
      done,
      run,
      ended: () =>
        until(async () => {
          const one = await run();
          return one.status === "running" || one.status === "waiting" ? null : one;
        }, 10_000),
      pending: async () =>
        until(async () => {
          const one = await run();
          const { items } = (await api.get(`/approvals?status=pending&run_id=${one.run_id}`)).body as unknown as {
            items: Json[];
          };
          return items[0];
        }),
      stdio: {
        command: process.execPath,
        args: [bin, "mcp", ...args, "--", process.execPath, SERVER],
        env: {
          NODE_ENV: "test" as const,
          PATH: process.env.PATH ?? "",
          HOME: dir,
          INTERLOCK_URL: api.origin,
          INTERLOCK_KEY: api.rootKey,
          INTERLOCK_AGENT_ID: agentId,
          INTERLOCK_SPOOL_DIR: path.join(dir, "spool"),
          TICKETS: file,
          ...env,
        },
      },
    };
  }
  async function gate(given: Given = {}) {
    const one = await prepared(given);
    const changes: number[] = [];
    const client = new Client(
      { name: "suite", version: "1" },
      {
        capabilities: given.capabilities ?? {},
        listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => void changes.push(1) } },
      },
    );
    const transport = new StdioClientTransport({ ...one.stdio, stderr: "pipe" });
    let log = "";
    transport.stderr?.on("data", (chunk: Buffer) => {
      log += chunk.toString();
    });
    await client.connect(transport);
    open.push(client);
    return {
      ...one,
      client,
      changes,
      pid: () => transport.pid ?? 0,
      log: () => log,
      call: async (name: string, args: Json = {}, options?: Parameters<Client["callTool"]>[2]): Promise<Result> =>
        (await client.callTool({ name, arguments: args }, undefined, options)) as Result,
      names: async () => {
        const first = await client.listTools();
        const second = first.nextCursor ? await client.listTools({ cursor: first.nextCursor }) : { tools: [] };
        return [...first.tools, ...second.tools].map((t) => t.name);
      },
    };
  }
  return { gate, prepared, bin, dir };
}
