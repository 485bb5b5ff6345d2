import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { CallToolResultSchema, ElicitRequestSchema, ListRootsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, describe, expect, test } from "vitest";
import { startApi, until } from "../../../lib/http/tests/harness";
import { person } from "../../../lib/http/tests/people";
import { gates, said } from "./mcp-gate";

const api = await startApi();
const { gate, prepared } = await gates(api);
const approver = await person(api, "approver-mcp-gate", ["approver"]);
const ASKED = { conditions: [{ tool: "ticket_create", when: "true", then: "require_approval" }] };
const approve = async (id: unknown) => {
  const body = { verdict: "approve", reason: "fine" };
  expect((await api.post(`/approvals/${id}/verdict`, body, approver.session)).status).toBe(200);
};
const set = async (scope: { kind: string; key: string }, mode = "stop") => {
  const { status, body } = await api.post("/switches", { scope, mode, reason: "suite" });
  expect(status).toBe(201);
  const release = () => api.post(`/switches/${body.switch_id}/release`, { reason: "over" });
  set.release.push(release);
  return release;
};
set.release = [] as (() => Promise<unknown>)[];
afterEach(async () => {
  for (const release of set.release.splice(0)) await release();
});

describe("a session", () => {
  test("is one run: what is called happens once and is told, and the server never sees the key", async () => {
    const g = await gate();
    expect(await g.names()).toHaveLength(9);
    expect(said(await g.call("ticket_create", { title: "a" }))).toBe("ticket_create done, key: none");
    await g.client.close();
    expect(await g.ended()).toMatchObject({ stop_reason: "success", tool_calls: 1, task_type: "mcp" });
    expect(g.done()).toEqual(['ticket_create {"title":"a"}']);
  });

  test("a server that dies takes the gate with it, with its exit code and a run that says so", async () => {
    const one = await prepared({});
    const child = spawn(one.stdio.command, one.stdio.args, { env: one.stdio.env, stdio: ["pipe", "pipe", "ignore"] });
    const code = new Promise((resolve) => child.once("exit", resolve));
    const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1" } };
    const write = (m: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...m })}\n`);
    write({ id: 1, method: "initialize", params });
    write({ method: "notifications/initialized" });
    write({ id: 2, method: "tools/call", params: { name: "crash", arguments: {} } });
    expect(await code).toBe(7);
    expect(await one.ended()).toMatchObject({ stop_reason: "internal_error" });
  });

  test("a signal ends the run as cancelled", async () => {
    const g = await gate();
    await g.call("ticket_create");
    process.kill(g.pid(), "SIGTERM");
    expect(await g.ended()).toMatchObject({ stop_reason: "cancelled" });
  });

  test("batches are answered as batches, and what is no message is answered as JSON-RPC has it", async () => {
    const one = await prepared({});
    const child = spawn(one.stdio.command, one.stdio.args, { env: one.stdio.env, stdio: ["pipe", "pipe", "ignore"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value ?? "null");
    const write = (m: unknown) => child.stdin.write(`${typeof m === "string" ? m : JSON.stringify(m)}\n`);
    const params = { protocolVersion: "2025-03-26", capabilities: {}, clientInfo: { name: "raw", version: "1" } };
    write({ jsonrpc: "2.0", id: 1, method: "initialize", params });
    expect((await next()).result.capabilities.tools.listChanged).toBe(true);
    write("{not json");
    expect(await next()).toMatchObject({ id: null, error: { code: -32700 } });
    write({ jsonrpc: "2.0", id: 2, method: "tools/call", params: { nothing: 1 } });
    expect(await next()).toMatchObject({ id: 2, error: { code: -32602 } });
    const call = (id: number, title: string) => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "ticket_create", arguments: { title } },
    });
    write([call(3, "a"), { jsonrpc: "2.0", id: 4, method: "ping" }, 17, call(5, "b")]);
    const batch = (await next()) as { id: number | null }[];
    expect(batch.map((m) => m.id).sort()).toEqual([3, 4, 5, null].sort());
    expect(one.done()).toHaveLength(2);
    child.stdin.end();
    expect(await one.ended()).toMatchObject({ stop_reason: "success" });
  });
});

describe("what may be called", () => {
  test("a denied tool is not executed, and is listed no more", async () => {
    const g = await gate({ policy: { tools: { allow: ["*"], deny: ["ticket_delete"] } } });
    expect(await g.names()).not.toContain("ticket_delete");
    const refused = await g.call("ticket_delete");
    expect(refused.isError).toBe(true);
    expect(said(refused)).toMatch(/tool_denied/);
    expect(g.done()).toEqual([]);
  });

  test("without the scope to read policy the list learns of it from the refusal", async () => {
    const key = (await person(api, "owner-of-a-gate", ["admin"])).key;
    const bearer = String((await key(["agent"])).key);
    const g = await gate({
      policy: { tools: { allow: ["*"], deny: ["ticket_delete"] } },
      env: { INTERLOCK_KEY: bearer },
    });
    expect(await g.names()).toContain("ticket_delete");
    expect((await g.call("ticket_delete")).isError).toBe(true);
    await until(async () => g.changes.length > 0);
    expect(await g.names()).not.toContain("ticket_delete");
    expect(g.done()).toEqual([]);
  });

  test("a blocked tool and safe mode shorten the list at once, and the client hears of it", async () => {
    const g = await gate({ policy: { safe_mode: { allowed_tools: ["kb_search"] } } });
    expect(await g.names()).toContain("ticket_create");
    const release = await set({ kind: "tool", key: "ticket_create" });
    await until(async () => g.changes.length === 1);
    expect(await g.names()).not.toContain("ticket_create");
    expect((await g.call("ticket_create")).isError).toBe(true);
    await release();
    await until(async () => g.changes.length === 2);
    await set({ kind: "agent", key: g.agentId }, "safe_mode");
    await until(async () => g.changes.length === 3);
    expect(await g.names()).toEqual(["kb_search"]);
    expect((await g.call("ticket_create")).isError).toBe(true);
    expect((await g.call("kb_search")).isError).toBeUndefined();
    expect(g.done()).toEqual(["kb_search {}"]);
  });

  test("a connector is named by the server, and can be blocked as such", async () => {
    const g = await gate();
    await g.call("kb_search");
    await set({ kind: "connector", key: "tickets" });
    await until(async () => (await g.call("ticket_create")).isError === true);
    expect(g.done()).toEqual(["kb_search {}"]);
  });

  test("a destructive hint makes it irreversible whatever is said; a read-only hint counts where it is trusted", async () => {
    const g = await gate({ args: ["--effect", "ticket_delete=read", "--approval", "return", "--trust-annotations"] });
    const asked = await g.call("ticket_delete");
    expect(said(asked)).toMatch(/approval_required.*http/s);
    await g.call("kb_search");
    const { run_id } = await g.run();
    const { items } = (await api.get(`/decisions?run_id=${run_id}`)).body as unknown as {
      items: { tool: string; effect: string }[];
    };
    expect(items.find((d) => d.tool === "kb_search")?.effect).toBe("read");
    expect(items.find((d) => d.tool === "ticket_delete")?.effect).toBe("irreversible");
    expect(g.done()).toEqual(["kb_search {}"]);
  });

  test("a call as a task is refused", async () => {
    const g = await gate();
    const params = { name: "ticket_create", arguments: {}, task: { ttl: 1000 } };
    await expect(g.client.request({ method: "tools/call", params }, CallToolResultSchema)).rejects.toThrow(/task/);
    expect(g.done()).toEqual([]);
  });
});

describe("a person is asked", () => {
  test("the call is held, and progress keeps the client waiting", async () => {
    const g = await gate({ policy: ASKED });
    const progress: string[] = [];
    const calling = g.call("ticket_create", { title: "a" }, { onprogress: (p) => void progress.push(p.message ?? "") });
    const { id } = await g.pending();
    await until(async () => progress.length > 0);
    expect(progress[0]).toMatch(/waits for a person: http/);
    expect(g.done()).toEqual([]);
    await approve(id);
    expect((await calling).isError).toBeUndefined();
    expect(g.done()).toHaveLength(1);
  });

  test("a client that leaves meanwhile: the run ends, and nothing happens", async () => {
    const g = await gate({ policy: ASKED });
    const calling = g.call("ticket_create", { title: "a" }).catch((error: unknown) => String(error));
    const { id } = await g.pending();
    await g.client.close();
    await calling;
    expect(await g.ended()).toMatchObject({ stop_reason: "success", tool_calls: 0 });
    const late = await api.post(`/approvals/${id}/verdict`, { verdict: "approve", reason: "late" }, approver.session);
    expect(late.status).toBe(410);
    expect(g.done()).toEqual([]);
  });

  test("with return the call is answered with the address, and made again after the verdict", async () => {
    const g = await gate({ policy: ASKED, args: ["--approval", "return"] });
    const first = await g.call("ticket_create", { title: "a" });
    expect(said(first)).toMatch(/approval_required.*http/s);
    await approve((await g.pending()).id);
    expect((await g.call("ticket_create", { title: "everything" })).isError).toBe(true);
    expect((await g.call("ticket_create", { title: "a" })).isError).toBeUndefined();
    expect(g.done()).toEqual(['ticket_create {"title":"a"}']);
  });

  test("with native the client's user is told; a no gives the call up, and a later yes of the approver changes nothing", async () => {
    const g = await gate({ policy: ASKED, args: ["--approval", "native"], capabilities: { elicitation: {} } });
    let asked = "";
    g.client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked = params.message;
      return { action: "decline" as const };
    });
    const refused = await g.call("ticket_create", { title: "a" });
    expect(refused.isError).toBe(true);
    expect(asked).toMatch(/ticket_create.*http/s);
    await approve((await g.pending()).id);
    await until(async () => {
      const { items } = (await api.get(`/approvals?run_id=${(await g.run()).run_id}`)).body as unknown as {
        items: { status: string }[];
      };
      return items[0]?.status !== "pending";
    });
    await g.call("kb_search");
    expect(g.done()).toEqual(["kb_search {}"]);
  });

  test("with native and a yes it waits for the verdict", async () => {
    const g = await gate({ policy: ASKED, args: ["--approval", "native"], capabilities: { elicitation: {} } });
    g.client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept" as const, content: {} }));
    const calling = g.call("ticket_create", { title: "a" });
    await approve((await g.pending()).id);
    expect((await calling).isError).toBeUndefined();
    expect(g.done()).toHaveLength(1);
  });
});

describe("the dangers", () => {
  test("stopped: calls fail with the reason, the session stays", async () => {
    const g = await gate();
    await g.call("ticket_create", { title: "a" });
    await set({ kind: "agent", key: g.agentId });
    const refused = await g.call("ticket_create", { title: "b" });
    expect(said(refused)).toMatch(/stopped/i);
    await g.client.ping();
    expect((await g.call("kb_search")).isError).toBe(true);
    expect(g.done()).toHaveLength(1);
    await g.client.close();
    expect(await g.ended()).toMatchObject({ stop_reason: "kill_switch" });
  });

  test("stopped while a person is asked", async () => {
    const g = await gate({ policy: ASKED });
    const calling = g.call("ticket_create");
    const { id } = await g.pending();
    await set({ kind: "agent", key: g.agentId });
    const late = await api.post(`/approvals/${id}/verdict`, { verdict: "approve", reason: "late" }, approver.session);
    expect(late.status).toBe(410);
    expect((await calling).isError).toBe(true);
    expect(g.done()).toEqual([]);
  });

  test("a budget is met by calls one after the other, and by calls at once", async () => {
    const g = await gate({ policy: { budgets: { max_tool_calls: 3 } } });
    const all = await Promise.all([1, 2, 3, 4, 5].map((n) => g.call("ticket_create", { title: n })));
    expect(all.filter((r) => r.isError)).toHaveLength(2);
    expect((await g.call("ticket_create", { title: 6 })).isError).toBe(true);
    expect(g.done()).toHaveLength(3);
    await g.client.close();
    expect(await g.ended()).toMatchObject({ stop_reason: "tool_budget", tool_calls: 3 });
  });

  test("the same write is not made twice: its answer is given again", async () => {
    const g = await gate();
    const first = await g.call("ticket_create", { title: "a" });
    const again = await g.call("ticket_create", { title: "a" });
    expect(said(again)).toBe(said(first));
    expect(again._meta).toMatchObject({ "interlock/replayed": true });
    const shaped = await g.call("shaped", { a: 1 });
    expect((await g.call("shaped", { a: 1 })).structuredContent).toEqual(shaped.structuredContent);
    expect(g.done()).toHaveLength(2);
  });

  test("Interlock cannot be reached: nothing runs", async () => {
    const g = await gate({ args: ["--patience", "0"], env: { INTERLOCK_URL: "http://127.0.0.1:9" } });
    expect(await g.names()).toHaveLength(9);
    expect(said(await g.call("kb_search"))).toMatch(/unavailable/);
    expect(said(await g.call("ticket_create"))).toMatch(/unavailable/);
    expect(g.done()).toEqual([]);
  });

  test("an answer that is too large, or not as it is declared, does not pass", async () => {
    const g = await gate({ args: ["--max-result", "1000"] });
    expect(said(await g.call("big"))).toMatch(/output_invalid.*bytes/);
    const wrong = await g.call("shaped", { wrong: true });
    expect(said(wrong)).toMatch(/output_invalid.*structuredContent.id/);
    expect((await g.call("shaped")).structuredContent).toEqual({ id: "T-1" });
  });

  test("a call that cannot be asked for is refused by itself: the session goes on", async () => {
    const g = await gate();
    expect(said(await g.call("ticket_create", { title: "\ud800" }))).toMatch(/args_not_canonical|invalid/);
    expect((await g.call("ticket_create", { title: "a" })).isError).toBeUndefined();
    expect(g.done()).toHaveLength(1);
  });

  test("what the tool itself says of its failure passes as it is", async () => {
    const g = await gate();
    expect(await g.call("fails")).toMatchObject({ isError: true, content: [{ text: "no such queue" }] });
  });

  test("a call that is taken back is cut off at the server", async () => {
    const g = await gate();
    const cut = new AbortController();
    const calling = g.call("slow", {}, { signal: cut.signal }).catch((error: unknown) => String(error));
    await until(async () => g.done().length > 0);
    cut.abort("no longer wanted");
    expect(await calling).toMatch(/no longer wanted/);
    await until(async () => g.done().includes("slow was cancelled"));
  });

  test("requests of the server reach the client", async () => {
    const g = await gate({ capabilities: { roots: {} } });
    g.client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: "file:///here" }] }));
    expect(said(await g.call("ask_client"))).toMatch(/file:\/\/\/here/);
  });
});
