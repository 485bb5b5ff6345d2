import { InMemoryCache } from "@langchain/core/caches";
import { AIMessage, type ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { Command, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { createReactAgent, ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";
import {
  createAgent,
  createMiddleware,
  humanInTheLoopMiddleware,
  modelFallbackMiddleware,
  modelRetryMiddleware,
  todoListMiddleware,
  toolRetryMiddleware,
} from "langchain";
import { ConfigurableModel } from "langchain/chat_models/universal";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { type Json, startApi, until } from "../../../lib/http/tests/harness";
import { person } from "../../../lib/http/tests/people";
import { type Calling, gate, gateModel, gateTools, type LangChainGateOptions } from "../../src/adapters/langchain";
import type { Run } from "../../src/index";
import { agents, latch } from "../agent";
import { Rebuilt, Scripted, Streaming, scripted, told, toolsOf } from "./langchain";

const api = await startApi();
const { agent, stored } = agents(api);
const approver = await person(api, "approver-langchain", ["approver"]);
for (const model of ["scripted", "other"]) await api.put(`/prices/${model}`, { input_usd: 1, output_usd: 2 });

const ASKED: Json = {
  conditions: [{ tool: "ticket_create", when: "args.title == 'ticket 1'", then: "require_approval" }],
};
const create = (n: number) => ({ tool: "ticket_create", args: { title: `ticket ${n}` } });
const GO = { messages: [{ role: "user", content: "go" }] };
const THREAD = { configurable: { thread_id: "1" } };
const decisionsOf = async (run: Run, kind: string) =>
  ((await api.get(`/decisions?run_id=${run.id}`)).body.items as unknown as Json[]).filter((d) => d.kind === kind);
const statusesOf = async (run: Run, kind: string) =>
  (await decisionsOf(run, kind)).map((d) => (d.result as Json | null)?.status ?? d.outcome).sort();
const pendingOf = async (run: Run): Promise<{ id: string }[]> =>
  (await api.get(`/approvals?status=pending&run_id=${run.id}`)).body.items as unknown as { id: string }[];
async function approveAll(run: Run): Promise<void> {
  await until(async () => (await pendingOf(run)).length > 0);
  for (const { id } of await pendingOf(run)) {
    const said = await api.post(`/approvals/${id}/verdict`, { verdict: "approve", reason: "fine" }, approver.session);
    expect(said.status).toBe(200);
  }
}
class Other extends Scripted {
  override readonly model = "other";
}
/** A run, and what really happened in it. */
async function world(policy: Json = {}) {
  const interlock = await agent(policy);
  const run = await interlock.open();
  const done: Json[] = [];
  const tools = toolsOf({ ticket_create: (args) => ({ id: `T-${done.push(args as Json)}` }) });
  return { interlock, run, done, tools };
}
function graphOf(
  script: ReturnType<typeof scripted>,
  tools: ReturnType<typeof toolsOf>,
  how: LangChainGateOptions,
  checkpointer?: MemorySaver,
  Model = Scripted,
) {
  const gated = gateTools(tools, how);
  const model = gateModel(new Model(script), how).bindTools(gated);
  return new StateGraph(MessagesAnnotation)
    .addNode("model", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addNode("tools", new ToolNode(gated))
    .addEdge(START, "model")
    .addConditionalEdges("model", toolsCondition)
    .addEdge("tools", "model")
    .compile({ checkpointer });
}

test("streaming, by the agent and by the graph: each turn asks, and its tokens are told", async () => {
  for (const kind of ["agent", "graph"]) {
    const { run, done, tools } = await world();
    const script = scripted([[create(1)], []]);
    const graph =
      kind === "agent"
        ? createAgent({ model: new Streaming(script), tools, middleware: [gate()] })
        : graphOf(script, tools, {}, undefined, Streaming);
    await run.within(async () => {
      for await (const _ of await graph.stream(GO, { streamMode: "messages" }));
    });
    expect(done).toHaveLength(1);
    expect((await stored(run.id)).tokens).toMatchObject({ input: 40, output: 20 });
    expect(await statusesOf(run, "model")).toEqual(["ok", "ok"]);
  }
});

test("a stream that nobody reads to its end is told as failed, and its estimate stays booked", async () => {
  const { run } = await world();
  await run.within(async () => {
    for await (const _ of await gateModel(new Streaming(scripted([[]]))).stream("go")) break;
  });
  await until(async () => (await statusesOf(run, "model"))[0] === "error");
});

test("a graph that stands still runs its node again: what was written before is answered from the ledger, never written twice", async () => {
  const { run, done, tools } = await world(ASKED);
  const script = scripted([[create(1), create(2)], []]);
  const graph = graphOf(script, tools, { approval: "native" }, new MemorySaver());
  await run.within(async () => {
    await graph.invoke(GO, THREAD);
    await until(async () => done.length === 1);
    expect(done).toEqual([{ title: "ticket 2" }]);
    expect((await graph.getState(THREAD)).tasks[0]?.interrupts[0]?.value).toMatchObject({ tool: "ticket_create" });
    await approveAll(run);
    await until(async () => (await statusesOf(run, "tool")).includes("ok"));
    await graph.invoke(new Command({ resume: "go on" }), THREAD);
  });
  expect(done).toEqual([{ title: "ticket 2" }, { title: "ticket 1" }]);
  expect(told(script.heard)).toBe('success "{\\"id\\":\\"T-2\\"}"\nsuccess "{\\"id\\":\\"T-1\\"}"');
});

test("native: going on in the framework alone is no yes, and a no on the server is told to the model", async () => {
  const { run, done, tools } = await world(ASKED);
  const script = scripted([[create(1)], []]);
  const agentOf = createAgent({
    model: new Scripted(script),
    tools,
    middleware: [gate({ approval: "native" })],
    checkpointer: new MemorySaver(),
  });
  await run.within(async () => {
    await agentOf.invoke(GO, THREAD);
    await agentOf.invoke(new Command({ resume: { approved: true } }), THREAD);
    expect([done, script.n]).toEqual([[], 1]);
    const [one] = await pendingOf(run);
    await api.post(`/approvals/${one?.id}/verdict`, { verdict: "deny", reason: "not today" }, approver.session);
    await agentOf.invoke(new Command({ resume: "go on" }), THREAD);
  });
  expect(done).toEqual([]);
  expect(told(script.heard)).toMatch(/^error .*not today/);
});

test("native: calls side by side, of which one is asked for, happen once each", async () => {
  const { run, done, tools } = await world(ASKED);
  const script = scripted([[create(1), create(2), create(3)], []]);
  const agentOf = createAgent({
    model: new Scripted(script),
    tools,
    middleware: [gate({ approval: "native" })],
    checkpointer: new MemorySaver(),
  });
  await run.within(async () => {
    await agentOf.invoke(GO, THREAD);
    await approveAll(run);
    await agentOf.invoke(new Command({ resume: "go on" }), THREAD);
  });
  expect(done.map((args) => args.title).sort()).toEqual(["ticket 1", "ticket 2", "ticket 3"]);
  expect(script.n).toBe(2);
});

test("a tool that throws is told with the other side's status, and the model reads why", async () => {
  const { run } = await world();
  const tools = toolsOf({
    ticket_create: () => {
      throw Object.assign(new Error("no such queue"), { status: 422 });
    },
  });
  const script = scripted([[create(1)], []]);
  await run.within(() => createAgent({ model: new Scripted(script), tools, middleware: [gate()] }).invoke(GO));
  expect(told(script.heard)).toMatch(/^error .*no such queue/);
  expect((await decisionsOf(run, "tool"))[0]?.result).toMatchObject({ status: "error", http_status: 422 });
});

test("retries of tools, outside or inside: nothing happens that was not asked for", async () => {
  for (const order of ["outside", "inside"]) {
    const { run } = await world();
    let called = 0;
    const tools = toolsOf({
      ticket_create: () => {
        called++;
        throw new Error("no room");
      },
    });
    const retry = toolRetryMiddleware({ maxRetries: 2, initialDelayMs: 1 });
    const script = scripted([[create(1)], []]);
    const middleware = order === "outside" ? [retry, gate()] : [gate(), retry];
    await run.within(() => createAgent({ model: new Scripted(script), tools, middleware }).invoke(GO));
    expect(called).toBe(1);
    expect(await statusesOf(run, "tool")).toEqual(["error"]);
  }
});

test("retries and fallbacks of models ask for each attempt, by its name", async () => {
  for (const order of ["outside", "inside"]) {
    const { run } = await world();
    const script = scripted([[], []], async (n) => {
      if (n === 0) throw new Error("overloaded");
    });
    const retry = modelRetryMiddleware({ maxRetries: 2, initialDelayMs: 1 });
    const middleware = order === "outside" ? [retry, gate()] : [gate(), retry];
    await run.within(() => createAgent({ model: new Scripted(script), tools: [], middleware }).invoke(GO));
    expect(await statusesOf(run, "model")).toEqual(["error", "ok"]);
  }
  const { run } = await world();
  const broken = new Scripted(scripted([], () => Promise.reject(new Error("down"))));
  const other = new Other(scripted([[]]));
  await run.within(() =>
    createAgent({ model: broken, tools: [], middleware: [modelFallbackMiddleware(other), gate()] }).invoke(GO),
  );
  expect((await decisionsOf(run, "model")).map((d) => d.model).sort()).toEqual(["other", "scripted"]);
});

test("a retry that swallows everything does not bring a stopped run back", async () => {
  const { interlock, run, done, tools } = await world();
  const script = scripted([[create(1)], []], async () => {
    await api.post("/switches", { scope: { kind: "agent", key: interlock.agentId }, mode: "stop", reason: "now" });
  });
  const middleware = [toolRetryMiddleware({ initialDelayMs: 1 }), modelRetryMiddleware({ initialDelayMs: 1 }), gate()];
  await run
    .within(() => createAgent({ model: new Scripted(script), tools, middleware }).invoke(GO))
    .catch(() => undefined);
  expect([done, script.n]).toEqual([[], 1]);
  expect(() => run.throwIfOver()).toThrow(/stop/i);
});

test("what a person changed in LangChain's own review is what is asked for", async () => {
  const { run, done, tools } = await world({
    conditions: [{ tool: "ticket_create", when: "args.title == 'everything'", then: "deny" }],
  });
  const script = scripted([[create(1)], []]);
  const review = humanInTheLoopMiddleware({ interruptOn: { ticket_create: true } });
  const agentOf = createAgent({
    model: new Scripted(script),
    tools,
    middleware: [review, gate()],
    checkpointer: new MemorySaver(),
  });
  await run.within(async () => {
    await agentOf.invoke(GO, THREAD);
    const editedAction = { name: "ticket_create", args: { title: "everything" } };
    await agentOf.invoke(new Command({ resume: { decisions: [{ type: "edit", editedAction }] } }), THREAD);
  });
  expect(done).toEqual([]);
  expect((await decisionsOf(run, "tool"))[0]).toMatchObject({ answer: { outcome: "deny" } });
});

test("tools that answer with commands, pairs and steps are held, and replayed as what they were", async () => {
  const { run } = await world();
  let happened = 0;
  const pair = tool(async () => [`pair ${++happened}`, { raw: 1 }], {
    name: "pair",
    description: "",
    schema: z.object({ a: z.number() }),
    responseFormat: "content_and_artifact",
  });
  const steps = tool(
    async function* () {
      yield "half";
      return `steps ${++happened}`;
    },
    { name: "steps", description: "", schema: z.object({ a: z.number() }) },
  );
  const todo = { tool: "write_todos", args: { todos: [{ content: "one", status: "pending" }] } };
  const turn = [todo, { tool: "pair", args: { a: 1 } }, { tool: "steps", args: { a: 1 } }];
  const script = scripted([turn, turn, []]);
  const agentOf = createAgent({
    model: new Scripted(script),
    tools: [pair, steps],
    middleware: [todoListMiddleware(), gate()],
  });
  const { todos, messages } = await run.within(() => agentOf.invoke(GO));
  expect(todos).toEqual([{ content: "one", status: "pending" }]);
  expect(happened).toBe(2);
  const said = messages.filter((one): one is ToolMessage => one.getType() === "tool");
  expect(said.map((one) => one.tool_call_id).sort()).toEqual([
    "call-0-0",
    "call-0-1",
    "call-0-2",
    "call-1-0",
    "call-1-1",
    "call-1-2",
  ]);
  expect(said.filter((one) => one.name === "pair").map((one) => [one.content, one.artifact])).toEqual([
    ["pair 1", { raw: 1 }],
    ["pair 1", { raw: 1 }],
  ]);
});

test("a call of the model for a structured answer is a turn too", async () => {
  const { run } = await world();
  const model = gateModel(new Scripted(scripted([[{ tool: "extract", args: { a: 1 } }]])));
  for (const chain of [
    model.withStructuredOutput(z.object({ a: z.number() })),
    model.withRetry(),
    model.withConfig({ tags: ["t"] }),
  ])
    await run.within(() => chain.invoke("go")).catch(() => undefined);
  expect(await decisionsOf(run, "model")).toHaveLength(3);
});

test("what cannot be held is refused, and nothing is called", async () => {
  const { run } = await world();
  const hosted = { type: "web_search_20250305", name: "web_search" };
  expect(() => gateTools([hosted])).toThrow(/ungated: \["web_search"\]/);
  expect(gateTools([hosted], { ungated: ["web_search"] })).toEqual([hosted]);
  const script = scripted([[]]);
  const agentOf = (how: LangChainGateOptions) =>
    createAgent({ model: new Scripted(script), tools: [hosted], middleware: [gate(how)] });
  await expect(run.within(() => agentOf({}).invoke(GO))).rejects.toThrow(/ungated/);
  expect(script.n).toBe(0);
  await run.within(() => agentOf({ ungated: ["web_search"] }).invoke(GO));
  expect(script.n).toBe(1);
  expect(() => gateModel({} as never)).toThrow(/no chat model/);
});

test("outside of a run nothing happens", async () => {
  const { done, tools } = await world();
  const script = scripted([[create(1)], []]);
  await expect(createAgent({ model: new Scripted(script), tools, middleware: [gate()] }).invoke(GO)).rejects.toThrow(
    /No run is under way/,
  );
  const [one] = gateTools(tools);
  await expect(one?.invoke({ title: "ticket 1" })).rejects.toThrow(/No run is under way/);
  expect([done, script.n]).toEqual([[], 0]);
});

test("a stop in mid-tool aborts the tool's signal, and the run is over", async () => {
  const { interlock, run } = await world();
  const begun = latch();
  let reason: unknown;
  const slow = tool(
    (_, config) =>
      new Promise<string>((_resolve, reject) => {
        begun.open();
        config.signal?.addEventListener("abort", () => {
          reason = config.signal?.reason;
          reject(reason);
        });
      }),
    { name: "ticket_create", description: "slow", schema: z.object({ title: z.string() }) },
  );
  const script = scripted([[create(1)], []]);
  const running = run.within(() =>
    createAgent({ model: new Scripted(script), tools: [slow], middleware: [gate()] }).invoke(GO),
  );
  await begun.opened;
  await api.post("/switches", { scope: { kind: "agent", key: interlock.agentId }, mode: "stop", reason: "now" });
  await expect(running).rejects.toThrow();
  expect(String(reason)).toMatch(/stop/i);
  expect(script.n).toBe(1);
});

test("what the caller gave up on while a person was asked does not happen afterwards", async () => {
  const { run, done, tools } = await world(ASKED);
  const script = scripted([[create(1)], []]);
  const abort = new AbortController();
  const running = run.within(() =>
    createAgent({ model: new Scripted(script), tools, middleware: [gate()] }).invoke(GO, { signal: abort.signal }),
  );
  const ended = expect(running).rejects.toThrow();
  await until(async () => (await pendingOf(run)).length === 1);
  abort.abort(new Error("the user left"));
  await ended;
  await approveAll(run);
  await until(async () => (await statusesOf(run, "tool")).includes("not_executed"));
  expect(done).toEqual([]);
});

test("beyond a soft limit the model that policy names is called, and none where it is not at hand", async () => {
  const policy = {
    budgets: { max_tokens: 5_000, soft: { at: 0.005, then: "downgrade" } },
    models: { downgrade: { scripted: "other" } },
  };
  for (const at of [true, false]) {
    const { run } = await world(policy);
    const first = new Scripted(scripted([[]]));
    const other = new Other(scripted([[]]));
    const how = { maxOutputTokens: 50, ...(at ? { models: { other } } : {}) };
    const called = run.within(() => gateModel(first, how).invoke([new AIMessage("hello")]));
    if (at) await called;
    else await expect(called).rejects.toThrow(/Policy names other instead of scripted/);
    expect([first.script.n, other.script.n]).toEqual([0, at ? 1 : 0]);
  }
});

test("a tool that stands still by itself, and an agent in a tool, go on from where LangGraph has them", async () => {
  const { run, done, tools } = await world(ASKED);
  const how: LangChainGateOptions = { approval: "native", failures: "stop", tools: { clerk: { effect: "read" } } };
  const inner = scripted([[create(1)], []]);
  const clerk = createAgent({ model: new Scripted(inner), tools, middleware: [gate(how)], checkpointer: true });
  let asked = 0;
  const own = tool(
    () => {
      asked++;
      return `heard: ${interrupt("what colour?")}`;
    },
    { name: "colour", description: "", schema: z.object({ a: z.number() }) },
  );
  const call = tool(async (_, config) => (await clerk.invoke(GO, config)).messages.at(-1)?.text ?? "", {
    name: "clerk",
    description: "",
    schema: z.object({ a: z.number() }),
  });
  const script = scripted([[{ tool: "colour", args: { a: 1 } }], [{ tool: "clerk", args: { a: 1 } }], []]);
  const outer = createAgent({
    model: new Scripted(script),
    tools: [own, call],
    middleware: [gate(how)],
    checkpointer: new MemorySaver(),
  });
  await run.within(async () => {
    await outer.invoke(GO, THREAD);
    expect([asked, script.n]).toEqual([1, 1]);
    await outer.invoke(new Command({ resume: "blue" }), THREAD);
    expect(told(script.heard)).toMatch(/heard: blue/);
    expect(done).toEqual([]);
    await approveAll(run);
    await outer.invoke(new Command({ resume: "go on" }), THREAD);
  });
  expect(done).toEqual([{ title: "ticket 1" }]);
  expect(told(script.heard)).toMatch(/success "done"/);
});

test("the key of a write is handed to the tool", async () => {
  const { run } = await world();
  const keys: unknown[] = [];
  const keyed = tool((_, config) => `${keys.push((config as unknown as Calling).interlock)}`, {
    name: "ticket_create",
    description: "",
    schema: z.object({ title: z.string() }),
  });
  const script = scripted([[create(1)], []]);
  await run.within(() => createAgent({ model: new Scripted(script), tools: [keyed], middleware: [gate()] }).invoke(GO));
  expect(keys).toMatchObject([{ idempotencyKey: expect.stringContaining("ticket_create"), attempt: 1 }]);
});

test("who answers in the place of the gate from further in, for the model or a tool, ends the run", async () => {
  for (const kind of ["model", "tool", "stranger"]) {
    const { run, done, tools } = await world();
    const script = scripted([kind === "stranger" ? [{ tool: "other", args: {} }] : [create(1)], []]);
    const [one] = tools;
    const inner = createMiddleware({
      name: "Inner",
      ...(kind === "model" ? { wrapModelCall: async () => new AIMessage("done") } : {}),
      ...(kind === "tool" ? { wrapToolCall: (request, handler) => handler({ ...request, tool: one }) } : {}),
      ...(kind === "stranger" ? { wrapToolCall: (request, handler) => handler({ ...request, tool: one }) } : {}),
    });
    const made = createAgent({ model: new Scripted(script), tools, middleware: [gate(), inner] });
    const ran = run.within(() => made.invoke(GO));
    if (kind === "stranger") {
      await ran;
      expect(told(script.heard)).toMatch(/tool_unknown/);
      expect(done).toEqual([]);
    } else {
      await expect(ran).rejects.toThrow(/last one/);
      expect(() => run.throwIfOver()).toThrow(/last one/);
      expect(script.n).toBeLessThan(2);
    }
  }
});

test("a provider that builds its model anew is held all the same", async () => {
  const { run, done, tools } = await world();
  const script = scripted([[create(1)], []]);
  await run.within(() => createAgent({ model: new Rebuilt(script), tools, middleware: [gate()] }).invoke(GO));
  expect(done).toHaveLength(1);
  expect(await statusesOf(run, "model")).toEqual(["ok", "ok"]);
  const hosted = { type: "web_search" };
  expect(() => gateModel(new Rebuilt(script)).bindTools([hosted])).toThrow(/ungated: \["web_search"\]/);
  const before = new Rebuilt(script).bindTools([hosted]) as Rebuilt;
  await expect(run.within(() => gateModel(before).invoke("go"))).rejects.toThrow(/ungated/);
  expect(script.n).toBe(2);
});

test("a model that is given by its name is made when it is called, and held", async () => {
  const { run, done, tools } = await world();
  const script = scripted([[create(1)], []]);
  // In the place of the provider's package, which would be loaded here.
  const made = vi
    .spyOn(ConfigurableModel.prototype, "_getModelInstance")
    .mockImplementation(async () => new Scripted(script));
  try {
    await run.within(() => createAgent({ model: "openai:gpt-5-mini", tools, middleware: [gate()] }).invoke(GO));
  } finally {
    made.mockRestore();
  }
  expect(done).toHaveLength(1);
  expect(await statusesOf(run, "model")).toEqual(["ok", "ok"]);
});

test("the prebuilt agent of LangGraph, with a gated model and gated tools", async () => {
  const { run, done, tools } = await world();
  const script = scripted([[create(1)], []]);
  const prebuilt = createReactAgent({ llm: gateModel(new Scripted(script)), tools: gateTools(tools) });
  await run.within(() => prebuilt.invoke(GO));
  expect(done).toHaveLength(1);
  expect(await statusesOf(run, "model")).toEqual(["ok", "ok"]);
});

test("one agent in two runs at once: each call belongs to its own", async () => {
  const { interlock, done, tools } = await world();
  const script = scripted([[create(1)], [create(2)], [], []]);
  const shared = createAgent({ model: new Scripted(script), tools, middleware: [gate()] });
  const both = await Promise.all([1, 2].map(() => interlock.run({}, async () => void (await shared.invoke(GO)))));
  expect(both.map((one) => one.stopReason)).toEqual(["success", "success"]);
  for (const { runId } of both) expect(await stored(runId)).toMatchObject({ tool_calls: 1, model_calls: 2 });
  expect(done).toHaveLength(2);
});

test("what LangChain has in its cache is no call of the model, and a stopped run does not go on with it", async () => {
  const { interlock, run } = await world();
  const script = scripted([[]]);
  const model = gateModel(Object.assign(new Scripted(script), { cache: new InMemoryCache() }));
  for (let n = 0; n < 2; n++) expect((await run.within(() => model.invoke("go"))).text).toBe("done");
  expect(script.n).toBe(1);
  expect(await statusesOf(run, "model")).toEqual(["ok"]);
  await api.post("/switches", { scope: { kind: "agent", key: interlock.agentId }, mode: "stop", reason: "now" });
  await until(async () => run.signal.aborted);
  await expect(run.within(() => model.invoke("go"))).rejects.toThrow(/stop/i);
});
