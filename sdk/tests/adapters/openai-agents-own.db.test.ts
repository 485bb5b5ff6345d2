import {
  Agent,
  type FunctionTool,
  handoff,
  type MCPServer,
  type Model,
  Runner,
  RunState,
  run as runAgent,
  setTraceProcessors,
  setTracingDisabled,
  tool,
  toolNamespace,
  webSearchTool,
} from "@openai/agents";
import { expect, test } from "vitest";
import { type Json, startApi, until } from "../../../lib/http/tests/harness";
import { person } from "../../../lib/http/tests/people";
import { type AgentGateOptions, type Calling, gate } from "../../src/adapters/openai-agents";
import { InvalidRequest, type Run } from "../../src/index";
import { agents, latch } from "../agent";
import { Scripted, tampered, toolsOf } from "./openai-agents";

const api = await startApi();
const { agent, stored } = agents(api);
const approver = await person(api, "approver-openai", ["approver"]);
for (const model of ["scripted", "other"]) await api.put(`/prices/${model}`, { input_usd: 1, output_usd: 2 });

const ASKED: Json = { conditions: [{ tool: "ticket_create", when: "true", then: "require_approval" }] };
const create = (n: number, name = "ticket_create") => ({ tool: name, args: { title: `ticket ${n}` } });
const decisionsOf = async (run: Run, kind: string) =>
  ((await api.get(`/decisions?run_id=${run.id}`)).body.items as unknown as Json[]).filter((d) => d.kind === kind);
const pendingOf = async (run: Run): Promise<{ id: string }[]> =>
  (await api.get(`/approvals?status=pending&run_id=${run.id}`)).body.items as unknown as { id: string }[];
async function approveAll(run: Run, n = 1): Promise<void> {
  await until(async () => (await pendingOf(run)).length === n);
  for (const { id } of await pendingOf(run)) {
    const said = await api.post(`/approvals/${id}/verdict`, { verdict: "approve", reason: "fine" }, approver.session);
    expect(said.status).toBe(200);
  }
}
/** A run, what really happened in it, and its agents. */
async function world(policy: Json = {}, how: AgentGateOptions = {}) {
  const interlock = await agent(policy);
  const run = await interlock.open();
  const done: unknown[] = [];
  const tools = toolsOf({ ticket_create: (args) => ({ id: `T-${done.push(args)}` }) });
  const make = (model: Model, more: Partial<ConstructorParameters<typeof Agent>[0]> = {}) =>
    gate(new Agent({ name: "Agent", model, tools, ...more }), how);
  return { interlock, run, done, tools, make };
}

test("streaming: each turn asks, its tokens are told, and the tool is held", async () => {
  const { run, done, make } = await world();
  const model = new Scripted([[create(1)], []]);
  await run.within(async () => {
    const result = await runAgent(make(model), "go", { stream: true });
    for await (const _ of result);
    await result.completed;
    expect(result.finalOutput).toBe("done");
  });
  expect(done).toHaveLength(1);
  expect((await stored(run.id)).tokens).toMatchObject({ input: 40, output: 20 });
  expect((await decisionsOf(run, "model")).map((d) => (d.result as Json).status)).toEqual(["ok", "ok"]);
});

test("streaming: a stop while the model speaks ends the stream, and the tool is not called", async () => {
  const { interlock, run, done, make } = await world();
  const model = new Scripted([[create(1)], []], async () => {
    await api.post("/switches", { scope: { kind: "agent", key: interlock.agentId }, mode: "stop", reason: "now" });
  });
  const streamed = run.within(async () => {
    const result = await runAgent(make(model), "go", { stream: true });
    for await (const _ of result);
    await result.completed;
  });
  await expect(streamed).rejects.toThrow();
  expect(() => run.throwIfOver()).toThrow(/stop/i);
  expect(done).toEqual([]);
});

test("native: a yes in the framework alone is none", async () => {
  const { run, done, make } = await world(ASKED, { approval: "native" });
  const model = new Scripted([[create(1)], []]);
  await run.within(async () => {
    const first = await runAgent(make(model), "go");
    expect(first.interruptions).toHaveLength(1);
    const text = first.state.toString();
    // Nobody has answered on the server yet.
    const early = await RunState.fromString(make(model), text);
    for (const item of early.getInterruptions()) early.approve(item);
    await runAgent(make(model), early).catch(() => undefined);
    expect(done).toEqual([]);
    expect(model.told).toMatch(/approval_required/);
  });
});

test("native: what a person approved does not let through what was put in its place", async () => {
  const { run, done, make } = await world(ASKED, { approval: "native" });
  const model = new Scripted([[create(1)], []]);
  await run.within(async () => {
    const first = await runAgent(make(model), "go");
    await approveAll(run);
    const again = make(model);
    const state = await RunState.fromString(again, tampered(first.state.toString(), { title: "everything" }));
    expect(JSON.stringify(state.getInterruptions())).toMatch(/everything/);
    for (const item of state.getInterruptions()) state.approve(item);
    await runAgent(again, state);
  });
  expect(done).toEqual([]);
  expect(model.told).toMatch(/approval_required/);
  expect(await pendingOf(run)).toHaveLength(1);
});

test("native: parallel calls stand still together, and none is refused for a count that a question holds", async () => {
  const { run, done, make } = await world({ ...ASKED, budgets: { max_tool_calls: 3 } }, { approval: "native" });
  const model = new Scripted([[create(1), create(2), create(3)], []]);
  await run.within(async () => {
    const first = await runAgent(make(model), "go");
    expect(first.interruptions).toHaveLength(3);
    await approveAll(run, 3);
    const again = make(model);
    const state = await RunState.fromString(again, first.state.toString());
    for (const item of state.getInterruptions()) state.approve(item);
    await runAgent(again, state);
  });
  expect(done).toHaveLength(3);
});

test("native, where nobody is asked: parallel calls up to the cap all happen", async () => {
  const { run, done, make } = await world({ budgets: { max_tool_calls: 3 } }, { approval: "native" });
  const model = new Scripted([[create(1), create(2), create(3)], []]);
  await run.within(() => runAgent(make(model), "go"));
  expect(done).toHaveLength(3);
  expect(model.told.split("\n")).toHaveLength(3);
});

test("a tool that throws is told as failed, whatever the SDK makes of it for the model", async () => {
  const { run, make } = await world();
  const failing = tool({
    name: "ticket_create",
    description: "fails",
    parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
    strict: false,
    execute: () => {
      throw new Error("no room");
    },
  }) as FunctionTool;
  const model = new Scripted([[create(1)], []]);
  await run.within(() => runAgent(make(model, { tools: [failing] }), "go"));
  expect(model.told).toMatch(/error occurred while running the tool/);
  expect((await decisionsOf(run, "tool"))[0]?.result).toMatchObject({ status: "error" });
});

test("with `errorFunction: null` the status of the other side is told, and the write counts as not done", async () => {
  const { run, make } = await world();
  const failing = tool({
    name: "ticket_create",
    description: "fails",
    parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
    strict: false,
    errorFunction: null,
    execute: () => {
      throw Object.assign(new Error("no such queue"), { status: 422 });
    },
  }) as FunctionTool;
  const model = new Scripted([[create(1)], []]);
  await run.within(() => runAgent(make(model, { tools: [failing] }), "go"));
  expect(model.told).toMatch(/no such queue/);
  expect((await decisionsOf(run, "tool"))[0]?.result).toMatchObject({ status: "error", http_status: 422 });
});

test("a retry of the runner asks for each attempt, and a failed one is told", async () => {
  const { run, make } = await world();
  const model = new Scripted([[], []], async (n) => {
    if (n === 0) throw Object.assign(new Error("overloaded"), { status: 503 });
  });
  const settings = {
    retry: {
      maxRetries: 2,
      policy: () => ({ retry: true, approveUnsafeReplay: true }),
      backoff: { initialDelayMs: 1 },
    },
  };
  await run.within(() => runAgent(make(model, { modelSettings: settings }), "go"));
  expect((await decisionsOf(run, "model")).map((d) => (d.result as Json).status).sort()).toEqual(["error", "ok"]);
});

test("the same write again is answered from the ledger", async () => {
  const { run, done, make } = await world();
  const model = new Scripted([[create(1)], [create(1)], []]);
  await run.within(() => runAgent(make(model), "go"));
  expect(done).toHaveLength(1);
  expect(model.told.split("\n").at(-1)).toMatch(/T-1/);
});

test("a stop in mid-tool aborts the tool's signal, and the run is over", async () => {
  const { interlock, run, make } = await world();
  const begun = latch();
  let reason: unknown;
  const slow = tool({
    name: "ticket_create",
    description: "slow",
    parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
    strict: false,
    execute: (_, __, details) =>
      new Promise((_resolve, reject) => {
        begun.open();
        details?.signal?.addEventListener("abort", () => {
          reason = details.signal?.reason;
          reject(reason);
        });
      }),
  }) as FunctionTool;
  const model = new Scripted([[create(1)], []]);
  const running = run.within(() => runAgent(make(model, { tools: [slow] }), "go"));
  await begun.opened;
  await api.post("/switches", { scope: { kind: "agent", key: interlock.agentId }, mode: "stop", reason: "now" });
  await expect(running).rejects.toThrow();
  expect(String(reason)).toMatch(/stop/i);
  expect(model.n).toBe(1);
});

test("what the SDK gave up on while a person was asked does not happen afterwards", async () => {
  const { run, done, make } = await world(ASKED);
  const model = new Scripted([[create(1)], []]);
  const abort = new AbortController();
  const running = run.within(() => runAgent(make(model), "go", { signal: abort.signal }));
  const ended = running.then(
    () => "done",
    () => "gone",
  );
  await until(async () => (await pendingOf(run)).length === 1);
  abort.abort(new Error("the user left"));
  await ended;
  await approveAll(run);
  await until(async () =>
    (await decisionsOf(run, "tool")).some((d) => (d.result as Json | null)?.status === "not_executed"),
  );
  expect(done).toEqual([]);
});

test("a tool's own time-out does not count while a person is asked", async () => {
  const { run, make } = await world(ASKED);
  let done = 0;
  const short = tool({
    name: "ticket_create",
    description: "short",
    parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
    strict: false,
    timeoutMs: 50,
    execute: () => `T-${++done}`,
  }) as FunctionTool;
  const model = new Scripted([[create(1)], []]);
  const running = run.within(() => runAgent(make(model, { tools: [short] }), "go"));
  await until(async () => (await pendingOf(run)).length === 1);
  await approveAll(run);
  await running;
  expect(done).toBe(1);
});

test("agents that hand over to each other in a circle are all held, and their listeners hear", async () => {
  const { run, done, tools, make: _ } = await world({ tools: { allow: ["*"], deny: ["ticket_create"] } });
  const first = new Agent({ name: "First", model: new Scripted([[{ tool: "transfer_to_Second", args: {} }]]) });
  const second = new Agent({ name: "Second", model: new Scripted([[create(1)], []]), tools, handoffs: [first] });
  first.handoffs = [handoff(second)];
  const heard: string[] = [];
  second.on("agent_start", () => heard.push("second"));
  const result = await run.within(() => runAgent(gate(first), "go"));
  expect(result.lastAgent?.name).toBe("Second");
  expect(done).toEqual([]);
  expect(heard.length).toBeGreaterThan(0);
  expect((second.model as Scripted).told).toMatch(/denied/);
  expect(await decisionsOf(run, "model")).toHaveLength(3);
});

test("an agent as a tool: its own calls are held, and it resumes from what was stored", async () => {
  const { run, done, make } = await world(ASKED, { approval: "native" });
  const inner = new Scripted([[create(1)], []]);
  const outer = new Scripted([[{ tool: "clerk", args: { input: "do it" } }], []]);
  const both = () =>
    make(outer, {
      tools: [
        make(inner, { name: "Clerk" }).asTool({
          toolName: "clerk",
          toolDescription: "does it",
        }) as unknown as FunctionTool,
      ],
    });
  await run.within(async () => {
    const first = await runAgent(both(), "go");
    expect(first.interruptions).toHaveLength(1);
    expect(done).toEqual([]);
    await approveAll(run);
    const again = both();
    const state = await RunState.fromString(again, first.state.toString());
    for (const item of state.getInterruptions()) state.approve(item);
    await runAgent(again, state);
  });
  expect(done).toHaveLength(1);
  expect(outer.told).toMatch(/done/);
});

test("what cannot be held is refused, each with what to do", async () => {
  const { make, tools } = await world();
  const model = new Scripted([]);
  const plain = new Agent({ name: "Plain", model, tools });
  const hosted = webSearchTool();
  expect(() => make(model, { tools: [hosted] })).toThrow(InvalidRequest);
  expect(() => make(model, { tools: [hosted] })).toThrow(/ungated: \["web_search"\]/);
  expect(() => gate(new Agent({ name: "A", model, tools: [hosted] }), { ungated: ["web_search"] })).not.toThrow();
  expect(() => make(model, { tools: [plain.asTool({ toolName: "plain" }) as unknown as FunctionTool] })).toThrow(
    /asTool/,
  );
  expect(() => make({ getResponse: model.getResponse, getStreamedResponse: model.getStreamedResponse })).toThrow(
    /modelName/,
  );
  expect(() => gate(new Agent({ name: "A", prompt: { promptId: "p" } }))).toThrow(/prompt template/);
});

test("a tool that is added after the agent was gated ends the turn before the model is asked", async () => {
  const { run, done, tools, make } = await world();
  const model = new Scripted([[create(1)], []]);
  const gated = make(model, { tools: [] });
  gated.tools.push(...tools);
  await expect(run.within(() => runAgent(gated, "go"))).rejects.toThrow(/added after/);
  expect(done).toEqual([]);
  expect(model.n).toBe(0);
});

test("outside of a run nothing happens", async () => {
  const { done, make } = await world();
  const model = new Scripted([[create(1)], []]);
  await expect(runAgent(make(model), "go")).rejects.toThrow(/No run is under way/);
  expect([model.n, done]).toEqual([0, []]);
});

const DOWNGRADE: Json = {
  budgets: { max_tokens: 5_000, soft: { at: 0.005, then: "downgrade" } },
  models: { downgrade: { scripted: "other" } },
};

test("a model by its name comes from the runner, and beyond a soft limit the one that policy names", async () => {
  const { run, done, tools } = await world(DOWNGRADE);
  const named: string[] = [];
  const model = new Scripted([[create(1)], []]);
  const getModel = (name = "") => {
    named.push(name);
    return model;
  };
  const runner = new Runner({ modelProvider: { getModel } });
  const named1 = new Agent({ name: "Agent", model: "scripted", tools, modelSettings: { maxTokens: 10 } });
  await run.within(() => runner.run(gate(named1, { runner }), "go"));
  expect(named).toContain("other");
  expect(done).toHaveLength(1);
});

test("a model that is an object is not called where policy names another", async () => {
  const { run, make } = await world(DOWNGRADE);
  const model = new Scripted([[create(1)], []]);
  const ran = run.within(() => runAgent(make(model, { modelSettings: { maxTokens: 10 } }), "go"));
  await expect(ran).rejects.toThrow(/Policy names other instead of scripted/);
});

test("with tracing on, a failed tool is seen too, and the trace has its error", async () => {
  const spans: string[] = [];
  setTraceProcessors([
    {
      start: () => {},
      onTraceStart: async () => {},
      onTraceEnd: async () => {},
      onSpanStart: async () => {},
      onSpanEnd: async (span) => void spans.push(`${span.spanData.type} ${span.error?.message ?? "ok"}`),
      shutdown: async () => {},
      forceFlush: async () => {},
    },
  ]);
  setTracingDisabled(false);
  try {
    const { run, make } = await world();
    const tools = toolsOf({
      ticket_create: () => {
        throw new Error("no room");
      },
    });
    await run.within(() => runAgent(make(new Scripted([[create(1)], []]), { tools }), "go"));
    expect((await decisionsOf(run, "tool"))[0]?.result).toMatchObject({ status: "error" });
    expect(spans).toContain("function Error running tool (non-fatal)");
  } finally {
    setTracingDisabled(true);
  }
});

class Server implements MCPServer {
  cacheToolsList = false;
  readonly name = "tickets";
  readonly called: unknown[] = [];
  constructor(readonly answers: (args: unknown) => Awaited<ReturnType<MCPServer["callTool"]>>) {}
  async connect() {}
  async close() {}
  async invalidateToolsCache() {}
  async listTools() {
    return [
      {
        name: "ticket.create",
        description: "",
        inputSchema: {
          type: "object" as const,
          properties: { title: { type: "string" } },
          required: [],
          additionalProperties: false,
        },
      },
    ];
  }
  async callTool(_: string, args: Record<string, unknown> | null) {
    this.called.push(args);
    return this.answers(args);
  }
}
const said = (text: string) => [{ type: "text" as const, text }];

test("a local MCP server: its calls ask, under the server's own names", async () => {
  const { run, make } = await world();
  const server = new Server(() => said("T-1"));
  const model = new Scripted([[create(1, "ticket_create")], []]);
  await run.within(() => runAgent(make(model, { tools: [], mcpServers: [server] }), "go"));
  expect(server.called).toHaveLength(1);
  expect((await decisionsOf(run, "tool")).map((d) => d.tool)).toEqual(["ticket.create"]);
  const denied = await world({ tools: { allow: ["*"], deny: ["ticket.*"] } });
  const other = new Server(() => said("T-1"));
  const second = new Scripted([[create(1, "ticket_create")], []]);
  await denied.run.within(() => runAgent(denied.make(second, { tools: [], mcpServers: [other] }), "go"));
  expect(other.called).toEqual([]);
  expect(second.told).toMatch(/denied/);
});

test("a local MCP server: what it calls an error is told as one, and native approval stands still", async () => {
  const { run, make } = await world();
  const server = new Server(() => Object.assign(said("no room"), { isError: true }));
  const model = new Scripted([[create(1, "ticket_create")], []]);
  await run.within(() => runAgent(make(model, { tools: [], mcpServers: [server] }), "go"));
  expect(model.told).toMatch(/no room/);
  expect((await decisionsOf(run, "tool"))[0]?.result).toMatchObject({ status: "error" });
  const policy: Json = { conditions: [{ tool: "ticket.create", when: "true", then: "require_approval" }] };
  const native = await world(policy, { approval: "native" });
  const asked = new Server(() => said("T-1"));
  const script = new Scripted([[create(1, "ticket_create")], []]);
  const both = () => native.make(script, { tools: [], mcpServers: [asked] });
  await native.run.within(async () => {
    const first = await runAgent(both(), "go");
    expect(first.interruptions).toHaveLength(1);
    await approveAll(native.run);
    const again = both();
    const state = await RunState.fromString(again, first.state.toString());
    for (const item of state.getInterruptions()) state.approve(item);
    await runAgent(again, state);
  });
  expect(asked.called).toHaveLength(1);
});

test("the key of a write is handed to the tool", async () => {
  const { run, make } = await world();
  const keys: unknown[] = [];
  const keyed = tool({
    name: "ticket_create",
    description: "",
    parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
    strict: false,
    execute: (_, __, details) => `${keys.push((details as unknown as Calling).interlock)}`,
  }) as FunctionTool;
  await run.within(() => runAgent(make(new Scripted([[create(1)], []]), { tools: [keyed] }), "go"));
  expect(keys).toMatchObject([{ idempotencyKey: expect.stringContaining("ticket_create"), attempt: 1 }]);
});

test("a tool that is too late by its own clock is told as failed, and the model reads what the SDK says", async () => {
  const { run, make } = await world();
  const late = tool({
    name: "ticket_create",
    description: "",
    parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
    strict: false,
    timeoutMs: 50,
    execute: () => new Promise<string>(() => {}),
  }) as FunctionTool;
  const model = new Scripted([[create(1)], []]);
  await run.within(() => runAgent(make(model, { tools: [late] }), "go"));
  expect(model.told).toMatch(/timed out/);
  expect((await decisionsOf(run, "tool"))[0]?.result).toMatchObject({ status: "error" });
});

test("a model or an agent that is set after the gate ends the turn", async () => {
  const { run, make } = await world();
  const model = new Scripted([[], []]);
  const other = make(new Scripted([]));
  other.model = model;
  await expect(run.within(() => runAgent(other, "go"))).rejects.toThrow(/set after/);
  const handing = make(new Scripted([]));
  handing.handoffs.push(new Agent({ name: "Late", model }));
  await expect(run.within(() => runAgent(handing, "go"))).rejects.toThrow(/added after/);
  expect(model.n).toBe(0);
});

test("one agent in two runs at once: each call belongs to its own", async () => {
  const { interlock, done, make } = await world();
  const shared = make(new Scripted([[create(1)], [create(2)], [], []]));
  const both = await Promise.all([1, 2].map(() => interlock.run({}, async () => void (await runAgent(shared, "go")))));
  expect(both.map((one) => one.stopReason)).toEqual(["success", "success"]);
  for (const { runId } of both) expect(await stored(runId)).toMatchObject({ tool_calls: 1, model_calls: 2 });
  expect(done).toHaveLength(2);
});

test("a copy of a gated agent, and a tool in a namespace, are held too", async () => {
  const { run, done, make, tools } = await world({ tools: { allow: ["*"], deny: ["ticket_create"] } });
  const model = new Scripted([[create(1)], []]);
  const copy = make(new Scripted([])).clone({ name: "Copy", model, tools });
  await run.within(() => runAgent(copy, "go"));
  expect(model.told).toMatch(/denied/);
  expect(done).toEqual([]);
  const [grouped] = toolNamespace({ name: "desk", description: "the desk", tools });
  const gated = make(new Scripted([]), { tools: grouped ? [grouped] : [] }).tools[0];
  expect(Object.getOwnPropertySymbols(gated)).toEqual(Object.getOwnPropertySymbols(grouped));
});
