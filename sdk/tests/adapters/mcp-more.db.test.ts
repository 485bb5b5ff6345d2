import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { CallToolResultSchema, ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Json, startApi, until } from "../../../lib/http/tests/harness";
import { person } from "../../../lib/http/tests/people";
import { gate, gateServer, gateTransport, type McpOptions } from "../../src/mcp/index";
import { agents, latch } from "../agent";
import { said } from "./mcp-gate";

const api = await startApi();
const { agent } = agents(api);
const approver = await person(api, "approver-mcp-more", ["approver"]);
const ASKED: Json = { conditions: [{ tool: "ticket_create", when: "true", then: "require_approval" }] };

function made() {
  const done: unknown[] = [];
  const server = new McpServer({ name: "tickets", version: "1" }, { capabilities: { tools: {} } });
  const register = (name: string, execute: (args: { title?: string }, signal: AbortSignal) => unknown = () => name) =>
    server.registerTool(name, { inputSchema: { title: z.string().optional() } }, async (args, { signal }) => {
      done.push(args);
      return { content: [{ type: "text", text: String(await execute(args, signal)) }] };
    });
  return { done, server, register };
}
async function joined(server: McpServer, capabilities: Json = {}, wrap = (t: InMemoryTransport) => t) {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: "suite", version: "1" }, { capabilities });
  await server.connect(far);
  await client.connect(wrap(near));
  return client;
}

test("outside of a run nothing is called, through none of the three", async () => {
  const { done, server, register } = made();
  register("ticket_create");
  const call = { name: "ticket_create", arguments: {} };
  await expect(gate(await joined(server)).callTool(call)).rejects.toThrow(/No run/);
  await server.close();
  const over = await joined(server, {}, (t) => gateTransport(t));
  await expect(over.callTool(call)).rejects.toThrow(/No run/);
  await server.close();
  await expect(joined(gateServer(server))).rejects.toThrow(/No run/);
  expect(done).toEqual([]);
});

test("calls as tasks and raw requests do not go around a client's gate", async () => {
  const { done, server, register } = made();
  register("ticket_create");
  const interlock = await agent({ tools: { allow: ["*"], deny: ["ticket_create"] } });
  const run = await interlock.open();
  const client = gate(await joined(server), { run });
  const params = { name: "ticket_create", arguments: {} };
  expect(() => client.experimental.tasks.callToolStream(params)).toThrow(/task/);
  expect(() => client.experimental.tasks.requestStream({ method: "tools/call", params }, CallToolResultSchema)).toThrow(
    /task/,
  );
  await expect(client.callTool(params, undefined, { task: { ttl: 1 } })).rejects.toThrow(/task/);
  const raw = await client.request({ method: "tools/call", params }, CallToolResultSchema);
  expect(raw.isError).toBe(true);
  expect((await client.listTools()).tools).toHaveLength(1);
  expect(done).toEqual([]);
});

test("a server's tools are guarded whenever they are registered, or changed", async () => {
  const { done, server, register } = made();
  const interlock = await agent({ tools: { allow: ["*"], deny: ["late", "changed"] } });
  const run = await interlock.open();
  const client = await joined(gateServer(server, { run }));
  register("late");
  const one = register("ticket_create");
  const calls = async (name: string) => (await client.callTool({ name, arguments: {} })).isError === true;
  expect(await calls("late")).toBe(true);
  expect(await calls("ticket_create")).toBe(false);
  one.update({ name: "changed" });
  expect(await calls("changed")).toBe(true);
  expect(done).toHaveLength(1);
});

test("a server asks the client's user by elicitation where it can, and waits where it cannot", async () => {
  const world = async (capabilities: Json, answer?: "accept" | "decline") => {
    const { done, server, register } = made();
    register("ticket_create");
    const interlock = await agent(ASKED);
    const run = await interlock.open();
    const how: McpOptions = { run, approval: "native" };
    const client = await joined(gateServer(server, how), capabilities);
    if (answer) client.setRequestHandler(ElicitRequestSchema, () => ({ action: answer, content: {} }));
    const calling = client.callTool({ name: "ticket_create", arguments: {} });
    const approve = async () => {
      const id = await until(async () => {
        const { items } = (await api.get(`/approvals?status=pending&run_id=${run.id}`)).body as unknown as {
          items: { id: string }[];
        };
        return items[0]?.id;
      });
      await api.post(`/approvals/${id}/verdict`, { verdict: "approve", reason: "ok" }, approver.session);
    };
    return { done, calling, approve };
  };
  const no = await world({ elicitation: {} }, "decline");
  expect(said(await no.calling)).toMatch(/approval_declined/);
  expect(no.done).toEqual([]);
  for (const yes of [await world({ elicitation: {} }, "accept"), await world({})]) {
    await yes.approve();
    await yes.calling;
    expect(yes.done).toHaveLength(1);
  }
});

test("a stop in mid-call is handed to the server's own signal", async () => {
  const { server, register } = made();
  const began = latch();
  const cut = latch<string>();
  register("slow", (_, signal) => {
    signal.addEventListener("abort", () => cut.open("cut off"), { once: true });
    began.open();
    return new Promise(() => {});
  });
  const interlock = await agent();
  const run = await interlock.open();
  const client = gate(await joined(server), { run });
  const calling = client.callTool({ name: "slow", arguments: {} }).catch((error: unknown) => String(error));
  await began.opened;
  await api.post("/switches", { scope: { kind: "agent", key: interlock.agentId }, mode: "stop", reason: "suite" });
  expect(await cut.opened).toBe("cut off");
  expect(await calling).toMatch(/Stopped/);
});
