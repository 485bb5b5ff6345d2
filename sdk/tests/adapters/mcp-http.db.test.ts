import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { type Json, startApi, until } from "../../../lib/http/tests/harness";
import { person } from "../../../lib/http/tests/people";
import { gates, type Result, said } from "./mcp-gate";

const api = await startApi();
const { prepared, bin } = await gates(api);
const approver = await person(api, "approver-mcp-http", ["approver"]);
const ends: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** A real server of streamable HTTP. */
async function upstream(done: unknown[]): Promise<string> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer(async (req, res) => {
    const id = req.headers["mcp-session-id"] as string | undefined;
    let transport = id === undefined ? undefined : transports.get(id);
    if (!transport) {
      const made = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (one) => void transports.set(one, made),
      });
      transport = made;
      const server = new McpServer({ name: "tickets", version: "1" });
      for (const name of ["ticket_create", "kb_search"])
        server.registerTool(name, { inputSchema: { title: z.string().optional() } }, async (args) => {
          done.push(args);
          return { content: [{ type: "text", text: `${name} ${done.length}` }] };
        });
      await server.connect(transport);
    }
    await transport.handleRequest(req, res);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  ends.push(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
}

async function gate(policy: Json = {}) {
  const done: unknown[] = [];
  const one = await prepared({ policy });
  const args = [bin, "mcp", "--listen", "127.0.0.1:0", "--url", await upstream(done)];
  const child = spawn(process.execPath, args, { env: one.stdio.env, stdio: ["ignore", "ignore", "pipe"] });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  ends.push(() => {
    child.kill("SIGTERM");
    return exited;
  });
  let port = "";
  for await (const line of createInterface({ input: child.stderr })) {
    port = /listening on [\d.]+:(\d+)/.exec(line)?.[1] ?? "";
    if (port) break;
  }
  const url = `http://127.0.0.1:${port}/mcp`;
  let changes = 0;
  const client = new Client(
    { name: "suite", version: "1" },
    { listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => void changes++ } } },
  );
  const transport = new StreamableHTTPClientTransport(new URL(url));
  await client.connect(transport);
  const call = async (name: string, args2: Json = {}, options?: Parameters<Client["callTool"]>[2]) =>
    (await client.callTool({ name, arguments: args2 }, undefined, options)) as Result;
  return { ...one, done, client, transport, call, url, changes: () => changes, child, exited };
}
/** `fetch` sets Host and Origin itself. */
const status = (url: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const req = request(url, { method: "POST", headers: { "content-type": "application/json", ...headers } }, (res) => {
      res.resume();
      resolve(res.statusCode ?? 0);
    });
    req.on("error", reject).end(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }));
  });

test("a session over HTTP is one run, whose end is its DELETE", async () => {
  const g = await gate();
  expect(said(await g.call("ticket_create", { title: "a" }))).toBe("ticket_create 1");
  expect((await g.call("ticket_create", { title: "a" }))._meta).toMatchObject({ "interlock/replayed": true });
  await g.transport.terminateSession();
  expect(await g.ended()).toMatchObject({ stop_reason: "success", tool_calls: 1 });
  expect(g.done).toHaveLength(1);
});

test("denied, blocked and stopped calls do not reach the server; the list says so", async () => {
  const g = await gate({ tools: { allow: ["*"], deny: ["ticket_create"] } });
  expect((await g.client.listTools()).tools.map((t) => t.name)).toEqual(["kb_search"]);
  expect((await g.call("ticket_create")).isError).toBe(true);
  const body = { scope: { kind: "tool", key: "kb_search" }, mode: "stop", reason: "suite" };
  const { switch_id } = (await api.post("/switches", body)).body as unknown as { switch_id: string };
  await until(async () => g.changes() > 0);
  expect((await g.call("kb_search")).isError).toBe(true);
  await api.post(`/switches/${switch_id}/release`, { reason: "over" });
  await api.post("/switches", { scope: { kind: "agent", key: g.agentId }, mode: "stop", reason: "suite" });
  expect(said(await g.call("kb_search", { title: "b" }))).toMatch(/blocked|stopped/i);
  expect(g.done).toEqual([]);
});

test("a call is held while a person is asked, with progress; a signal ends the run", async () => {
  const g = await gate({ conditions: [{ tool: "ticket_create", when: "true", then: "require_approval" }] });
  const progress: string[] = [];
  const calling = g.call("ticket_create", { title: "a" }, { onprogress: (p) => void progress.push(p.message ?? "") });
  const { id } = await g.pending();
  await until(async () => progress.length > 0);
  expect(g.done).toEqual([]);
  await api.post(`/approvals/${id}/verdict`, { verdict: "approve", reason: "fine" }, approver.session);
  expect((await calling).isError).toBeUndefined();
  g.child.kill("SIGTERM");
  expect(await g.exited).toBe(143);
  expect(await g.ended()).toMatchObject({ stop_reason: "cancelled" });
});

test("pages of other origins, rebound names and unknown sessions are turned away", async () => {
  const g = await gate();
  expect(await status(g.url, { origin: "https://evil.example" })).toBe(403);
  expect(await status(g.url, { host: "evil.example" })).toBe(403);
  expect(await status(g.url, { "mcp-session-id": "guessed" })).toBe(404);
  const child = spawn(process.execPath, [bin, "mcp", "--listen", "0.0.0.0:0", "--url", g.url], {
    env: g.stdio.env,
    stdio: "ignore",
  });
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(2);
});
