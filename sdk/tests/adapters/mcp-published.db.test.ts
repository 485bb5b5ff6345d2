import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect, test } from "vitest";
import { type Json, startApi } from "../../../lib/http/tests/harness";
import { gates, type Result, said } from "./mcp-gate";

// Servers that others publish, as they are, behind the gate: what policy allows is answered as without it, the rest is refused.
const api = await startApi();
const { prepared, bin, dir } = await gates(api);
const published = (name: string) =>
  path.resolve(import.meta.dirname, "../../node_modules/@modelcontextprotocol", name, "dist/index.js");

function folderOf(name: string): string {
  mkdirSync(path.join(dir, name));
  return realpathSync(path.join(dir, name));
}
async function connected(args: string[], env: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: "suite", version: "1" }, { capabilities: {} });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args,
    env: { PATH: process.env.PATH ?? "", ...env },
    stderr: "ignore",
  });
  await client.connect(transport);
  return client;
}
const names = async (client: Client) => (await client.listTools()).tools.map((t) => t.name);
const call = async (client: Client, name: string, args: Json) =>
  (await client.callTool({ name, arguments: args })) as unknown as Result;

/** The same calls with and without the gate; each side with a folder of its own. */
async function both(server: string, at: (folder: string) => string[], calls: (folder: string) => [string, Json][]) {
  const bare = folderOf(`${server}-bare`);
  const held = folderOf(`${server}-held`);
  // What says of itself that it destroys asks a person, unless policy says otherwise.
  const one = await prepared({ policy: { approvals: { irreversible: false } } });
  const direct = await connected([published(server), ...at(bare)]);
  const gated = await connected([bin, "mcp", "--", process.execPath, published(server), ...at(held)], one.stdio.env);
  const listed = await names(direct);
  expect(await names(gated)).toEqual(listed);
  const differ: unknown[] = [];
  for (const [i, [name, args]] of calls(bare).entries()) {
    const plain = await call(direct, name, args);
    const through = await call(gated, name, calls(held)[i]?.[1] ?? {});
    const same = JSON.stringify(through).replaceAll(held, bare) === JSON.stringify(plain);
    if (plain.isError || !same) differ.push({ name, plain, through });
  }
  expect(differ).toEqual([]);
  const never = listed.filter((name) => !calls(bare).some(([called]) => called === name));
  await direct.close();
  await gated.close();
  const { items } = (await api.get(`/decisions?agent_id=${one.agentId}&limit=200`)).body as unknown as {
    items: Json[];
  };
  expect(items.length).toBe(calls(bare).length);
  return { never, listed, held };
}

describe("@modelcontextprotocol/server-filesystem", () => {
  const file = (folder: string) => path.join(folder, "a.txt");
  const calls = (folder: string): [string, Json][] => [
    ["list_allowed_directories", {}],
    ["write_file", { path: file(folder), content: "one\ntwo\n" }],
    ["edit_file", { path: file(folder), edits: [{ oldText: "two", newText: "three" }] as never }],
    ["read_file", { path: file(folder) }],
    ["read_text_file", { path: file(folder), head: 1 }],
    ["read_media_file", { path: file(folder) }],
    ["read_multiple_files", { paths: [file(folder)] as never }],
    ["create_directory", { path: path.join(folder, "sub") }],
    ["move_file", { source: file(folder), destination: path.join(folder, "sub", "b.txt") }],
    ["list_directory", { path: folder }],
    ["list_directory_with_sizes", { path: path.join(folder, "sub") }],
    ["directory_tree", { path: folder }],
    ["search_files", { path: folder, pattern: "**/*.txt" }],
  ];
  test("every tool answers as without the gate", async () => {
    const { never, held } = await both("server-filesystem", (folder) => [folder], calls);
    // Its answer holds times, which differ between the two folders.
    expect(never).toEqual(["get_file_info"]);
    expect(readFileSync(path.join(held, "sub", "b.txt"), "utf8")).toBe("one\nthree\n");
  }, 60_000);

  test("what policy denies is refused, and the file stays as it was", async () => {
    const folder = folderOf("denied");
    writeFileSync(path.join(folder, "a.txt"), "mine");
    const one = await prepared({
      policy: {
        tools: {
          allow: ["read_*", "list_*", "search_*", "get_*", "directory_tree"],
          deny: ["list_directory_with_sizes"],
        },
      },
    });
    const gated = await connected(
      [bin, "mcp", "--", process.execPath, published("server-filesystem"), folder],
      one.stdio.env,
    );
    const allowed = (await names(gated)).filter(
      (n) => /^(read_|list_dir|search_|get_|directory_tree|list_allowed)/.test(n) && n !== "list_directory_with_sizes",
    );
    for (const name of ["write_file", "edit_file", "move_file", "create_directory", "list_directory_with_sizes"]) {
      const args = {
        path: path.join(folder, "a.txt"),
        content: "theirs",
        source: "a",
        destination: "b",
        edits: [] as never,
      };
      const refused = await call(gated, name, args);
      expect([name, refused.isError, said(refused)]).toEqual([name, true, expect.stringMatching(/denied|not among/i)]);
    }
    expect(readFileSync(path.join(folder, "a.txt"), "utf8")).toBe("mine");
    expect(await names(gated)).toEqual(allowed);
    expect(said(await call(gated, "read_text_file", { path: path.join(folder, "a.txt") }))).toBe("mine");
    await gated.close();
  }, 60_000);
});

describe("@modelcontextprotocol/server-everything", () => {
  const calls = (): [string, Json][] => [
    ["echo", { message: "hello" }],
    ["get-annotated-message", { messageType: "error", includeImage: true }],
    ["get-resource-links", { count: 2 }],
    ["get-resource-reference", { resourceType: "Text", resourceId: 1 }],
    ["get-structured-content", { location: "Chicago" }],
    ["get-sum", { a: 2, b: 3 }],
    ["get-tiny-image", {}],
    ["toggle-simulated-logging", {}],
    ["toggle-subscriber-updates", {}],
    ["trigger-long-running-operation", { duration: 0.2, steps: 2 }],
    ["gzip-file-as-resource", { name: "a.gz", data: "data:text/plain,hello", outputType: "resource" }],
  ];
  test("every tool that is called plainly answers as without the gate", async () => {
    const { never } = await both("server-everything", () => [], calls);
    // One tells the environment of its process; one is a task, whose result comes after the call, where a stop could not reach it.
    expect(never).toEqual(["get-env", "simulate-research-query"]);
  }, 60_000);
});
