import { Agent } from "@mastra/core/agent";
import { Mastra } from "@mastra/core/mastra";
import { createTool } from "@mastra/core/tools";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Json, startApi, until } from "../../../lib/http/tests/harness";
import { person } from "../../../lib/http/tests/people";
import { gate } from "../../src/adapters/mastra";
import { InvalidRequest, Stopped } from "../../src/index";
import { agents, latch } from "../agent";
import { type Any, type Script, scripted } from "./ai-sdk";
import type { Turn } from "./cases";
import { agentOf, toolsOf } from "./mastra";

const api = await startApi();
const { agent, stored } = agents(api);
for (const model of ["scripted", "small", "unheard-of"])
  await api.put(`/prices/${model}`, { input_usd: 1, output_usd: 2 });
const approver = await person(api, "approver-mastra", ["approver"]);

const TOOL = "ticket_create";
const call = (n: number, tool = TOOL): Turn => [{ tool, args: { title: `ticket ${n}` } }];
const ASKED: Json = { conditions: [{ tool: TOOL, when: "true", then: "require_approval" }] };
const script = (turns: Turn[], more: Partial<Script> = {}) => scripted({ version: "v3", turns, ...more });
const done: unknown[] = [];
const tools = toolsOf({ [TOOL]: (args) => ({ id: `T-${done.push(args)}` }) });
const named = { id: "a", name: "a", instructions: "do it" };
const quiet = { maxSteps: 10 };
const pending = async (runId: string): Promise<Json[]> =>
  (await api.get(`/approvals?status=pending&run_id=${runId}`)).body.items as unknown as Json[];
/** Mastra says on the console what an agent without a Mastra does. */
const silent = (config: Any): Any => {
  const made = new Agent(config);
  new Mastra({ agents: { a: made }, logger: false });
  return made;
};
/** What came of it: Mastra gives some errors back and throws others. */
const came = async (work: Promise<Any>): Promise<string> => {
  const said = await work.catch((error: unknown) => ({ error }));
  return String(said.error ?? said.tripwire?.reason ?? said.text);
};

test("an agent that is made once works for each run it is used in, and for nobody outside of one", async () => {
  const interlock = await agent();
  const model = script([call(1), [], call(2), []]);
  const made = silent(gate({ ...named, model: model.model, tools }) as Any);
  expect(await came(made.generate("go", quiet))).toMatch(/No run is under way/);
  expect(model.turns()).toBe(0);
  const first = await interlock.run({}, () => made.generate("go", quiet));
  const second = await interlock.run({}, async () => (await made.stream("go", quiet)).text);
  expect([first.stopReason, second.stopReason]).toEqual(["success", "success"]);
  for (const { runId } of [first, second]) {
    await until(async () => (await stored(runId)).status === "completed");
    expect(await stored(runId)).toMatchObject({
      steps: 2,
      tool_calls: 1,
      tokens: { input: 40, output: 20, cached: 8 },
    });
  }
});

test("tools that a call brings along are not shown to a model, also under a gated name", async () => {
  const interlock = await agent();
  const before = done.length;
  for (const name of ["other", TOOL]) {
    const run = await interlock.open();
    const model = script([call(1, name), []]);
    const made = silent(gate({ ...named, model: model.model, tools }, { run }) as Any);
    const toolsets = { more: toolsOf({ [name]: () => done.push("ungated") }) };
    expect(await came(made.generate("go", { ...quiet, toolsets }))).toContain(`Not gated: ${name}`);
    expect(model.turns()).toBe(0);
    expect(() => run.throwIfOver()).toThrow(InvalidRequest);
  }
  const run = await interlock.open();
  const own = script([call(1, "other"), []]);
  const client = { client: createTool({ id: "client", description: "", inputSchema: z.object({}) }) };
  const alone = silent(gate({ ...named, model: own.model, tools }, { run: await interlock.open() }) as Any);
  expect(await came(alone.generate("go", { ...quiet, clientTools: client }))).toContain("Not gated: client");
  expect(own.turns()).toBe(0);
  const model = script([call(1, "other"), []]);
  const made = silent(gate({ ...named, model: model.model, tools }, { run }) as Any);
  const more = { toolsets: { more: toolsOf({ other: () => done.push("ungated") }) }, inputProcessors: [] };
  expect(await came(made.generate("go", { ...quiet, ...more }))).toContain("Not gated: other");
  expect(done.length).toBe(before);
});

test("a model that a call brings along is asked for too; so is the agent's own where its processors are replaced", async () => {
  const interlock = await agent();
  const own = script([[], []]);
  const other = script([[]], { modelId: "small" });
  const run = await interlock.open();
  const made = new Agent(
    gate(
      { ...named, model: own.model, inputProcessors: [{ id: "one", processInputStep: () => undefined }] },
      { run },
    ) as Any,
  );
  await made.generate("go", { ...quiet, model: other.model });
  expect([own.turns(), other.turns(), run.steps]).toEqual([0, 1, 1]);
  await made.generate("go", { ...quiet, inputProcessors: [] });
  expect([own.turns(), run.steps]).toEqual([1, 2]);
  await made.generate("go", quiet);
  expect([own.turns(), run.steps]).toEqual([2, 3]);
  await run.finish("success");
  expect(await stored(run.id)).toMatchObject({ tokens: { input: 60, output: 30 } });
});

test("a model in each form that Mastra takes is asked for", async () => {
  const interlock = await agent();
  for (const form of ["function", "fallbacks", "router"]) {
    const run = await interlock.open();
    const broken = script([], {
      asked: () => {
        throw new Error("down");
      },
    });
    const model = script([[]]);
    const given: Record<string, unknown> = {
      function: () => model.model,
      fallbacks: [
        { model: broken.model, maxRetries: 0 },
        { model: model.model, maxRetries: 0 },
      ],
      router: { id: "house/unheard-of", url: "http://127.0.0.1:9", apiKey: "none" },
    };
    const made = silent(gate({ ...named, model: given[form], maxRetries: 0 }, { run }) as Any);
    await came(made.generate("go", { ...quiet, modelSettings: { maxRetries: 0 } }));
    expect([form, run.steps]).toEqual([form, form === "fallbacks" ? 2 : 1]);
    expect(model.turns()).toBe(form === "router" ? 0 : 1);
  }
});

test("a tool that throws is told to the model, and a tool without `execute` is refused", async () => {
  const interlock = await agent();
  const run = await interlock.open();
  const model = script([call(1), []]);
  const broken = toolsOf({
    [TOOL]: () => {
      throw new Error("the disk is full");
    },
  });
  const made = silent(gate({ ...named, model: model.model, tools: broken }, { run }) as Any);
  expect((await made.generate("go", quiet)).text).toBe("done");
  expect(model.told.join()).toContain("the disk is full");
  expect(() => run.throwIfOver()).not.toThrow();
  const client = createTool({ id: "client", description: "", inputSchema: z.object({}) });
  expect(() => gate({ model: model.model, tools: { client } }, { run })).toThrow(/client .*ungated/);
});

test("a stop in mid-tool is told to the tool, and ends the loop", async () => {
  const interlock = await agent();
  const run = await interlock.open();
  const begun = latch();
  const ended = latch<unknown>();
  const model = script([[{ tool: "wait", args: {} }], []]);
  const execute = (_: unknown, { abortSignal }: Any) => {
    begun.open();
    return new Promise((_, reject) =>
      abortSignal.addEventListener("abort", () => {
        ended.open(abortSignal.reason);
        reject(abortSignal.reason);
      }),
    );
  };
  const wait = createTool({ id: "wait", description: "", inputSchema: z.object({}), execute });
  const made = silent(gate({ ...named, model: model.model, tools: { wait } }, { run }) as Any);
  const working = came(made.generate("go", quiet));
  await begun.opened;
  const stopped = new Stopped("stopped by hand", { code: "stopped", stopReason: "kill_switch" });
  run.abandon(stopped);
  expect(await ended.opened).toBe(stopped);
  expect(await working).toContain("stopped by hand");
  expect(model.turns()).toBe(1);
});

test("a tool that waits for a resume of its own is asked for again when it goes on, and counts once", async () => {
  const interlock = await agent();
  const run = await interlock.open();
  const model = script([call(1), []]);
  const seen: unknown[] = [];
  const careful = createTool({
    id: TOOL,
    description: "",
    inputSchema: z.looseObject({}),
    suspendSchema: z.object({ why: z.string() }),
    resumeSchema: z.object({ go: z.boolean() }),
    execute: async (_: unknown, context: Any) => {
      seen.push(context.agent.resumeData ?? null);
      if (!context.agent.resumeData) return context.agent.suspend({ why: "sure?" });
      return { id: "T-1" };
    },
  } as Any);
  const of = await agentOf({ model: model.model, tools: { [TOOL]: careful } }, { run });
  const first = await of.agent.generate("go", quiet);
  expect(first.finishReason).toBe("suspended");
  expect((await stored(run.id)).tool_calls).toBe(0);
  const again = await agentOf({ model: model.model, tools: { [TOOL]: careful } }, { run }, await of.kept());
  const last = await again.agent.resumeGenerate({ go: true }, { runId: first.runId, ...quiet });
  expect(last.text).toBe("done");
  expect(seen).toEqual([null, { go: true }]);
  expect((await stored(run.id)).tool_calls).toBe(1);
});

test("native: other arguments after an approval are another question; one refused is told", async () => {
  const interlock = await agent(ASKED);
  const run = await interlock.open();
  const before = done.length;
  const model = script([call(1), []]);
  const of = await agentOf({ model: model.model, tools }, { run, approval: "native" });
  const first = await of.agent.generate("go", quiet);
  expect(first.finishReason).toBe("suspended");
  const verdict = async (said: string) => {
    const [one] = await pending(run.id);
    await api.post(`/approvals/${one?.id}/verdict`, { verdict: said, reason: "so" }, approver.session);
  };
  await verdict("approve");
  const text = (await of.kept()).replaceAll('"ticket 1"', '"everything"');
  const again = await agentOf({ model: model.model, tools }, { run, approval: "native" }, text);
  await again.agent.approveToolCallGenerate({ runId: first.runId, ...quiet });
  expect(done.length).toBe(before);
  expect(model.told.join()).toContain("approval_required");
  expect(await pending(run.id)).toHaveLength(1);
  const refused = script([call(2), []]);
  const third = silent(gate({ ...named, model: refused.model, tools }, { run }) as Any);
  await verdict("deny");
  const working = third.generate("go", quiet);
  await until(async () => (await pending(run.id)).length > 0);
  await verdict("deny");
  expect((await working).text).toBe("done");
  expect(refused.told.join()).toContain("approval_denied");
  expect(done.length).toBe(before);
});

test("a sub-agent is named, and gated itself: it works in the same run", async () => {
  const interlock = await agent();
  const before = done.length;
  const inner = script([call(3), []]);
  const sub = new Agent(
    gate({ ...named, id: "sub", name: "sub", description: "helps", model: inner.model, tools }) as Any,
  );
  const turns = [[{ tool: "agent-sub", args: { prompt: "help" } }], []];
  const refused = await interlock.run({}, async () => {
    const { model } = script(turns);
    return silent(gate({ ...named, model, agents: { sub } }) as Any).generate("go", quiet);
  });
  expect(refused).toMatchObject({ ok: false, stopReason: "invalid_input" });
  const made = await interlock.run({}, async (run) => {
    const { model } = script(turns);
    const outer = silent(gate({ ...named, model, agents: { sub } }, { ungated: ["agent-sub"] }) as Any);
    await outer.generate("go", quiet);
    return run.steps;
  });
  expect(made).toMatchObject({ ok: true, value: 4 });
  expect(done.length).toBe(before + 1);
});

test("beyond a soft limit the model that policy names is called", async () => {
  const policy = {
    budgets: { max_tokens: 1_000, soft: { at: 0.06, then: "downgrade" } },
    models: { downgrade: { scripted: "small" } },
  };
  const interlock = await agent(policy);
  const run = await interlock.open();
  const large = script([call(1), []]);
  const small = script([[]], { modelId: "small" });
  const how = { run, maxOutputTokens: 50, models: { small: small.model } };
  const made = silent(gate({ ...named, model: large.model, tools }, how) as Any);
  expect((await made.generate("go", quiet)).text).toBe("done");
  expect([large.turns(), small.turns()]).toEqual([1, 1]);
});
