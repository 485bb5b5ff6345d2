import { APICallError } from "@ai-sdk/provider";
import * as seven from "ai";
import * as six from "ai-v6";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Json, startApi, until } from "../../../lib/http/tests/harness";
import { person } from "../../../lib/http/tests/people";
import { type AiSdkGateOptions, gate, ToolRefused } from "../../src/adapters/ai-sdk";
import { InvalidRequest, Stopped } from "../../src/index";
import { agents, latch } from "../agent";
import { type Any, type Script, scripted, toolsOf } from "./ai-sdk";
import type { Turn } from "./cases";

const api = await startApi();
const { agent, join, stored } = agents(api);
for (const model of ["scripted", "small"]) await api.put(`/prices/${model}`, { input_usd: 1, output_usd: 2 });
const approver = await person(api, "approver-ai-sdk", ["approver"]);

const call = (n: number): Turn => [{ tool: "ticket_create", args: { title: `ticket ${n}` } }];
const ASKED: Json = { conditions: [{ tool: "ticket_create", when: "true", then: "require_approval" }] };
const decisions = async (runId: string): Promise<Json[]> =>
  (await api.get(`/decisions?run_id=${runId}&limit=100`)).body.items as unknown as Json[];

describe.each([
  { sdk: seven as Any, version: "v4" as const, steps: seven.isStepCount as Any },
  { sdk: six as Any, version: "v3" as const, steps: six.stepCountIs as Any },
])("AI SDK of specification $version", ({ sdk, version, steps }) => {
  const script = (turns: Turn[], more: Partial<Script> = {}) => scripted({ version, turns, ...more });
  const done: unknown[] = [];
  const tools = toolsOf({ ticket_create: (args) => ({ id: `T-${done.push(args)}` }) });
  const base = { prompt: "go", stopWhen: steps(10), maxRetries: 0 };

  test("an agent that is made once works for each run it is used in, and for nobody outside of one", async () => {
    const interlock = await agent();
    const model = script([call(1), [], call(2), []]);
    const made = new sdk.ToolLoopAgent(gate({ model: model.model, tools, maxRetries: 0 }));
    await expect(made.generate({ prompt: "go" })).rejects.toThrow(InvalidRequest);
    expect(model.turns()).toBe(0);
    const first = await interlock.run({}, () => made.generate({ prompt: "go" }));
    const second = await interlock.run({}, async () => {
      const stream = await made.stream({ prompt: "go" });
      return stream.text;
    });
    expect([first.stopReason, second.stopReason]).toEqual(["success", "success"]);
    expect(first.runId).not.toBe(second.runId);
    for (const { runId } of [first, second]) {
      await until(async () => (await stored(runId)).status === "completed");
      expect(await stored(runId)).toMatchObject({
        steps: 2,
        tool_calls: 1,
        tokens: { input: 40, output: 20, cached: 8 },
      });
    }
  });

  test("a stream that is read elsewhere stays with the run in which it was begun", async () => {
    const interlock = await agent();
    const run = await interlock.open();
    const model = script([call(1), []]);
    const stream = run.within(() =>
      sdk.streamText(gate({ ...base, model: model.model, tools }, { maxOutputTokens: 77 })),
    );
    expect(await stream.text).toBe("done");
    expect([run.steps, model.limits]).toEqual([2, [77, 77]]);
  });

  test("a tool that streams gives its parts on the way, and is called once", async () => {
    const interlock = await agent();
    const run = await interlock.open();
    const model = script([[{ tool: "count", args: {} }], []]);
    const count = {
      inputSchema: z.object({}),
      async *execute() {
        yield 1;
        yield 2;
        yield 3;
      },
    };
    const options = gate({ ...base, model: model.model, tools: { count } }, { run });
    const parts: unknown[] = [];
    for await (const part of sdk.streamText(options).fullStream)
      if (part.type === "tool-result") parts.push([part.output, part.preliminary ?? false]);
    expect(parts).toEqual([
      [1, true],
      [2, true],
      [3, true],
      [3, false],
    ]);
    expect(model.told.join()).toContain("3");
    expect((await stored(run.id)).tool_calls).toBe(1);
  });

  test("a tool that throws is told to the model, and the run goes on", async () => {
    const interlock = await agent();
    const run = await interlock.open();
    const model = script([call(1), []]);
    const broken = toolsOf({
      ticket_create: () => {
        throw new Error("the disk is full");
      },
    });
    const answer = await sdk.generateText(gate({ ...base, model: model.model, tools: broken }, { run }));
    expect(answer.text).toBe("done");
    expect(model.told.join()).toContain("tool_failed: ticket_create failed: the disk is full");
    const error = answer.steps[0].content.find((part: Any) => part.type === "tool-error").error;
    expect(error).toBeInstanceOf(ToolRefused);
    expect(() => run.throwIfOver()).not.toThrow();
  });

  test("a retry of the framework's is asked for like the first, and what failed costs no tokens", async () => {
    const interlock = await agent();
    const run = await interlock.open();
    const model = script([[], []], {
      asked: (n) => {
        if (n > 0) return;
        const about = { message: "busy", url: "", requestBodyValues: {}, statusCode: 503, isRetryable: true };
        throw new APICallError({ ...about, responseHeaders: { "retry-after-ms": "1" } });
      },
    });
    const answer = await sdk.generateText(gate({ ...base, model: model.model, maxRetries: 1 }, { run }));
    expect(answer.text).toBe("done");
    await run.finish("success");
    const models = (await decisions(run.id)).filter((d) => d.kind === "model");
    expect(models).toHaveLength(2);
    expect((await stored(run.id)).tokens).toMatchObject({ input: 20, output: 10 });
  });

  test("a stop in mid-tool is told to the tool, and ends the loop; so does the caller's own signal", async () => {
    const interlock = await agent();
    for (const by of ["run", "caller"]) {
      const run = await interlock.open();
      const begun = latch();
      const ended = latch<unknown>();
      const model = script([[{ tool: "wait", args: {} }], []]);
      const wait = {
        inputSchema: z.object({}),
        execute: (_: unknown, { abortSignal }: Any) => {
          begun.open();
          return new Promise((_, reject) =>
            abortSignal.addEventListener("abort", () => {
              ended.open(abortSignal.reason);
              reject(abortSignal.reason);
            }),
          );
        },
      };
      const own = new AbortController();
      const options = gate({ ...base, model: model.model, tools: { wait }, abortSignal: own.signal }, { run });
      const working = sdk.generateText(options).catch((error: unknown) => error);
      await begun.opened;
      const reason = new Error("enough");
      const stopped = new Stopped("stopped", { code: "stopped", stopReason: "kill_switch" });
      if (by === "run") run.abandon(stopped);
      else own.abort(reason);
      expect(await ended.opened).toBe(by === "run" ? stopped : reason);
      expect(await working).toBeInstanceOf(Error);
      expect(model.turns()).toBe(1);
    }
  });

  test("a stop in mid-stream ends the stream where it is, and the provider's", async () => {
    const interlock = await agent();
    const run = await interlock.open();
    let cancelled: unknown;
    const model = script([]);
    model.model.doStream = async () => ({
      stream: new ReadableStream({
        start(controller) {
          controller.enqueue({ type: "stream-start", warnings: [] });
          controller.enqueue({ type: "text-start", id: "1" });
          controller.enqueue({ type: "text-delta", id: "1", delta: "so " });
        },
        cancel(reason) {
          cancelled = reason;
        },
      }),
    });
    const stream = sdk.streamText({ ...gate({ ...base, model: model.model }, { run }), onError: () => undefined });
    const seen: string[] = [];
    const stopped = new Stopped("stopped", { code: "stopped", stopReason: "kill_switch" });
    const read = async () => {
      for await (const part of stream.fullStream) {
        seen.push(part.type);
        if (part.type === "text-delta") run.abandon(stopped);
      }
    };
    // One version throws it, the other has a part for it.
    await read().catch((error: unknown) => seen.push(error === stopped ? "abort" : String(error)));
    expect(seen.at(-1)).toMatch(/abort|error/);
    expect(seen).not.toContain("finish");
    expect(cancelled).toBe(stopped);
  });

  test("what no gate can stand before is refused, unless it is named", async () => {
    const interlock = await agent();
    const run = await interlock.open();
    const { model } = script([[]]);
    const client = { inputSchema: z.object({}) };
    const hosted = {
      type: "provider",
      id: "script.search",
      isProviderExecuted: true,
      args: {},
      inputSchema: z.object({}),
    };
    for (const one of [client, hosted]) {
      expect(() => gate({ model, tools: { one } }, { run })).toThrow(/one .*ungated/);
      expect(gate({ model, tools: { one } }, { run, ungated: ["one"] }).tools.one).toBe(one);
    }
    expect(() => gate({ model: "some/model" }, { run })).toThrow(/only a name/);
  });

  test("tools that a call brings along instead of the gated ones are not shown to a model", async () => {
    const interlock = await agent();
    const run = await interlock.open();
    const before = done.length;
    const model = script([call(1), []]);
    const other = toolsOf({ other: () => done.push("ungated") });
    const working = sdk.generateText({ ...gate({ ...base, model: model.model, tools }, { run }), tools: other });
    await expect(working).rejects.toThrow(/Not gated: other/);
    expect([model.turns(), done.length]).toEqual([0, before]);
    expect(() => run.throwIfOver()).toThrow(InvalidRequest);
  });

  test("a call that was given up while a person was asked does not happen when the person says yes", async () => {
    const interlock = await agent(ASKED);
    const run = await interlock.open();
    const before = done.length;
    const own = new AbortController();
    const { model } = script([call(1), []]);
    const options = gate({ ...base, model, tools, abortSignal: own.signal }, { run });
    const working = sdk.generateText(options).catch((error: unknown) => error);
    const pending = async () =>
      (await api.get(`/approvals?status=pending&run_id=${run.id}`)).body.items as unknown as Json[];
    await until(async () => (await pending()).length > 0);
    const [{ id } = {} as Json] = await pending();
    own.abort(new Error("enough"));
    expect(await working).toBeInstanceOf(Error);
    await api.post(`/approvals/${id}/verdict`, { verdict: "approve", reason: "fine" }, approver.session);
    await until(async () =>
      (await decisions(run.id)).some((d) => (d.result as Json | null)?.status === "not_executed"),
    );
    await run.finish("cancelled");
    expect(done.length).toBe(before);
  });

  test("a tool that ran at the provider without being named ends the run", async () => {
    const interlock = await agent();
    const run = await interlock.open();
    const { model } = script([[]]);
    const answer = await model.doGenerate({ prompt: [] });
    const searched = {
      type: "tool-call",
      toolCallId: "1",
      toolName: "web",
      input: "{}",
      providerExecuted: true,
      dynamic: true,
    };
    model.doGenerate = async () => ({ ...answer, content: [searched, ...answer.content] });
    await expect(sdk.generateText(gate({ ...base, model }, { run }))).rejects.toThrow(/web ran at the provider/);
    expect(() => run.throwIfOver()).toThrow(InvalidRequest);
  });

  test("a model by its name is the default provider's", async () => {
    const interlock = await agent();
    const run = await interlock.open();
    const model = script([[]]);
    const place = globalThis as Any;
    place.AI_SDK_DEFAULT_PROVIDER = { specificationVersion: version, languageModel: () => model.model };
    try {
      expect((await sdk.generateText(gate({ ...base, model: "scripted" }, { run }))).text).toBe("done");
    } finally {
      place.AI_SDK_DEFAULT_PROVIDER = undefined;
    }
    expect((await stored(run.id)).steps).toBe(1);
  });

  test("beyond a soft limit the model that policy names is called, and none where it is not at hand", async () => {
    const policy = {
      budgets: { max_tokens: 1_000, soft: { at: 0.06, then: "downgrade" } },
      models: { downgrade: { scripted: "small" } },
    };
    const interlock = await agent(policy);
    for (const models of [true, false]) {
      const run = await interlock.open();
      const large = script([call(1), []]);
      const small = script([[]], { modelId: "small" });
      const how: AiSdkGateOptions = { run, maxOutputTokens: 50, ...(models ? { models: { small: small.model } } : {}) };
      const working = sdk.generateText(gate({ ...base, model: large.model, tools }, how));
      if (models) expect((await working).text).toBe("done");
      else await expect(working).rejects.toThrow(/Policy names small instead of scripted/);
      expect([large.turns(), small.turns()]).toEqual([1, models ? 1 : 0]);
    }
  });

  test("a model that another step brings along is gated too", async () => {
    const interlock = await agent();
    const run = await interlock.open();
    const first = script([call(1)]);
    const other = script([[]], { modelId: "small" });
    const prepareStep = ({ stepNumber }: Any) => (stepNumber > 0 ? { model: other.model } : undefined);
    await sdk.generateText(gate({ ...base, model: first.model, tools, prepareStep }, { run }));
    expect(other.turns()).toBe(1);
    expect(await stored(run.id)).toMatchObject({ steps: 2, tokens: { input: 40, output: 20 } });
  });

  test("native: another process goes on from the text, also through the run's own request", async () => {
    const interlock = await agent(ASKED);
    const how = { approval: "native" } as const;
    const before = done.length;
    const run = await interlock.open({ requestId: `native-${version}` });
    const go = async (of: typeof run, messages: Any[], turns: Turn[]) => {
      const { prompt: _, ...rest } = base;
      const model = script(turns).model;
      const answer = await sdk.generateText(gate({ ...rest, messages, model, tools }, { ...how, run: of }));
      return { answer, text: JSON.stringify([...messages, ...answer.response.messages]) };
    };
    const { answer, text } = await go(run, [{ role: "user", content: "go" }], [call(1)]);
    const request = answer.content.find((part: Any) => part.type === "tool-approval-request");
    const [asked] = (await api.get(`/approvals?status=pending&run_id=${run.id}`)).body.items as unknown as Json[];
    if (version === "v4") expect(request.reason).toMatch(/asked: true\. http:.*\/a\//);
    expect(done.length).toBe(before);
    await api.post(`/approvals/${asked?.id}/verdict`, { verdict: "approve", reason: "fine" }, approver.session);
    const other = await join(interlock.agentId, { instanceId: "another" }).open({ requestId: `native-${version}` });
    expect(other.id).toBe(run.id);
    const approval = { type: "tool-approval-response", approvalId: request.approvalId, approved: true };
    const resumed = await go(other, [...JSON.parse(text), { role: "tool", content: [approval] }], [[]]);
    expect(resumed.answer.text).toBe("done");
    expect(done.length).toBe(before + 1);
    expect((await stored(run.id)).tool_calls).toBe(1);
  });

  test("native: a yes in the messages alone is none, and a denial is told as one", async () => {
    const interlock = await agent(ASKED);
    const run = await interlock.open();
    const before = done.length;
    const model = script([call(1), []]);
    const how = { run, approval: "native" } as const;
    const user = { role: "user", content: "go" };
    const { prompt: _, ...rest } = base;
    const go = (messages: Any[]) => sdk.generateText(gate({ ...rest, messages, model: model.model, tools }, how));
    const { content, response } = await go([user]);
    const { approvalId } = content.find((part: Any) => part.type === "tool-approval-request");
    const yes = { role: "tool", content: [{ type: "tool-approval-response", approvalId, approved: true }] };
    await go([user, ...response.messages, yes]);
    expect(model.told.join()).toContain("approval_required");
    const strict = await agent({ tools: { allow: ["*"], deny: ["ticket_create"] } });
    const denied = script([call(1), []]);
    const options = gate({ ...base, model: denied.model, tools }, { run: await strict.open(), approval: "native" });
    expect((await sdk.generateText(options)).text).toBe("done");
    expect(denied.told.join()).toMatch(version === "v4" ? /execution-denied.*denied:/ : /tool_denied: .*denied/);
    expect(done.length).toBe(before);
  });

  test("native: what a person refuses is told, and what the caller asks for itself still holds", async () => {
    const interlock = await agent(ASKED);
    const run = await interlock.open();
    const before = done.length;
    const own = { ...tools.ticket_create, needsApproval: true };
    const free = await agent();
    const asked = await free.open();
    const turn = script([call(1)]);
    const mine = gate(
      { ...base, model: turn.model, tools: { ticket_create: own } },
      { run: asked, approval: "native" },
    );
    const content = (await sdk.generateText(mine)).content;
    expect(content.some((part: Any) => part.type === "tool-approval-request")).toBe(true);
    const model = script([call(1), []]);
    const working = sdk.generateText(gate({ ...base, model: model.model, tools }, { run }));
    const pending = async () =>
      (await api.get(`/approvals?status=pending&run_id=${run.id}`)).body.items as unknown as Json[];
    await until(async () => (await pending()).length > 0);
    const [{ id } = {} as Json] = await pending();
    await api.post(`/approvals/${id}/verdict`, { verdict: "deny", reason: "no" }, approver.session);
    expect((await working).text).toBe("done");
    expect(model.told.join()).toContain("approval_denied");
    expect(done.length).toBe(before);
  });
});
