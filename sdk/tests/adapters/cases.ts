import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Json, startApi, until } from "../../../lib/http/tests/harness";
import { person } from "../../../lib/http/tests/people";
import type { GateOptions } from "../../src/adapters/gate";
import { goldenTasks, runTask } from "../../src/chaos/index";
import type { Interlock, Run } from "../../src/index";
import { agents } from "../agent";

/** What the scripted model answers in one turn: calls of tools, together; none is the final answer. */
export type Turn = { tool: string; args: Record<string, unknown> }[];
export type Setup = {
  run: Run;
  turns: Turn[];
  tools: Record<string, (args: Record<string, unknown>) => unknown>;
  gate: GateOptions;
  /** To be called by the scripted model when its n-th turn (from 0) is asked for, before it answers. */
  asked: (n: number) => Promise<void>;
};
export type Agent = {
  /** Until the agent is done, or throws, or stands still for a person by the framework's own means. @returns what a model was told of its calls, as text */
  begin: () => Promise<string>;
  /** After the framework's own "approved"; `tampered` replaces the arguments in what the framework had stored, where it lets one. */
  resume?: (how?: { tampered?: Record<string, unknown> }) => Promise<string>;
};
export type Driver = {
  framework: string;
  agent: (setup: Setup) => Agent;
  /** What the scripted model calls itself. @default scripted */
  models?: string[];
  /** Why a case cannot be on this framework. */
  skip?: Partial<Record<Case, string>>;
};

export const CASES = [
  "stopped before a step",
  "stopped between the model's answer and the tool",
  "stopped between approval and resume",
  "denied",
  "throw in the gate",
  "server unreachable",
  "arguments tampered with after approval",
  "budget crossed in mid-run",
  "parallel calls over the cap",
] as const;
export type Case = (typeof CASES)[number];

const TOOL = "ticket_create";
const call = (n: number): Turn => [{ tool: TOOL, args: { title: `ticket ${n}` } }];
const REPORTS = ".test-results/adapters";

/** Every danger of section 5 of the measured facts, on one framework, with what really happened counted. */
export async function cases(driver: Driver): Promise<void> {
  const api = await startApi();
  const { agent } = agents(api);
  const approver = await person(api, `approver-${driver.framework.replaceAll(/\W/g, "").toLowerCase()}`, ["approver"]);
  // The default policy caps dollars: a model that nobody has priced is refused.
  for (const model of driver.models ?? ["scripted"]) await api.put(`/prices/${model}`, { input_usd: 1, output_usd: 2 });
  const seen: Record<string, { executed: number; may: number; note?: string }> = {};
  const golden: Record<string, { actual: string | null; passed: boolean }> = {};
  afterAll(() => {
    mkdirSync(REPORTS, { recursive: true });
    writeFileSync(
      `${REPORTS}/${driver.framework}.json`,
      JSON.stringify({ framework: driver.framework, cases: seen, golden, skip: driver.skip ?? {} }),
    );
  });

  type World = {
    interlock: Interlock;
    run: Run;
    /** The arguments of each call that really happened. */
    done: Record<string, unknown>[];
    /** Turns that the model was asked for. */
    turns: () => number;
    stop: () => Promise<void>;
    pending: () => Promise<string>;
    approve: (id: string) => Promise<void>;
    cut: () => void;
    agent: Agent;
  };
  type Given = {
    policy?: Json;
    turns: Turn[];
    gate?: GateOptions;
    /** While the tool runs, after its effect. */
    after?: (w: World) => Promise<void>;
    asked?: (n: number, w: World) => Promise<void>;
  };
  async function world(given: Given): Promise<World> {
    let cut = false;
    const interlock = await agent(given.policy, {
      patienceMs: 300,
      fetch: (input, init) => (cut ? Promise.reject(new TypeError("fetch failed")) : fetch(input, init)),
    });
    const run = await interlock.open();
    const done: World["done"] = [];
    let turns = 0;
    const w: World = {
      interlock,
      run,
      done,
      turns: () => turns,
      stop: async () => {
        const scope = { kind: "agent", key: interlock.agentId };
        const { status } = await api.post("/switches", { scope, mode: "stop", reason: "case" });
        expect(status).toBe(201);
      },
      pending: async () => {
        const list = async () =>
          (await api.get(`/approvals?status=pending&run_id=${run.id}`)).body.items as unknown as { id: string }[];
        await until(async () => (await list()).length > 0);
        return (await list())[0]?.id ?? "";
      },
      approve: async (id) => {
        const said = await api.post(
          `/approvals/${id}/verdict`,
          { verdict: "approve", reason: "fine" },
          approver.session,
        );
        expect(said.status).toBe(200);
      },
      cut: () => {
        cut = true;
      },
      agent: {} as Agent,
    };
    w.agent = driver.agent({
      run,
      turns: given.turns,
      gate: { run, ...given.gate },
      asked: async (n) => {
        turns = n + 1;
        await given.asked?.(n, w);
      },
      tools: {
        [TOOL]: async (args) => {
          done.push(args);
          await given.after?.(w);
          return { id: `T-${done.length}` };
        },
      },
    });
    return w;
  }
  /** What came of it, whatever it was: each case counts what happened, not how it was said. */
  const begun = (w: World) =>
    w.run
      .within(() => w.agent.begin())
      .then(
        (said) => said,
        (error: unknown) => String(error),
      );
  const resumed = (w: World, tampered?: Record<string, unknown>) =>
    w.run
      .within(async () => (await w.agent.resume?.(tampered ? { tampered } : {})) ?? "")
      .then(
        (said) => said,
        (error: unknown) => String(error),
      );
  const count = (name: Case, executed: number, may: number, note?: string) => {
    seen[name] = { executed, may, ...(note ? { note } : {}) };
    expect(executed).toBe(may);
  };
  const it = (name: Case, body: () => Promise<void>) =>
    driver.skip?.[name] ? test.skip(name, body) : test(name, body, 60_000);
  const ASKED: Json = { conditions: [{ tool: TOOL, when: "true", then: "require_approval" }] };

  describe(driver.framework, () => {
    it("stopped before a step", async () => {
      const w = await world({ turns: [call(1), call(2), []], after: (self) => self.stop() });
      await begun(w);
      count("stopped before a step", w.done.length, 1, `${w.turns()} turn of the model`);
      expect(w.turns()).toBe(1);
    });

    it("stopped between the model's answer and the tool", async () => {
      const w = await world({ turns: [call(1), []], asked: async (n, self) => (n === 0 ? self.stop() : undefined) });
      await begun(w);
      count("stopped between the model's answer and the tool", w.done.length, 0);
    });

    it("stopped between approval and resume", async () => {
      const native = await world({ policy: ASKED, turns: [call(1), []], gate: { approval: "native" } });
      if (native.agent.resume) {
        await begun(native);
        await native.approve(await native.pending());
        await native.stop();
        await resumed(native);
      }
      const held = await world({ policy: ASKED, turns: [call(1), []] });
      const running = begun(held);
      const id = await held.pending();
      await held.stop();
      await api.post(`/approvals/${id}/verdict`, { verdict: "approve", reason: "fine" }, approver.session);
      await running;
      count("stopped between approval and resume", native.done.length + held.done.length, 0);
    });

    it("denied", async () => {
      const w = await world({ policy: { tools: { allow: ["*"], deny: [TOOL] } }, turns: [call(1), []] });
      const said = await begun(w);
      count("denied", w.done.length, 0);
      expect(said).toMatch(/denied/i);
    });

    it("throw in the gate", async () => {
      const w = await world({
        turns: [call(1), []],
        gate: {
          tools: {
            [TOOL]: {
              about: () => {
                throw new Error("a mistake in the gate");
              },
            },
          },
        },
      });
      await begun(w);
      count("throw in the gate", w.done.length, 0);
    });

    it("server unreachable", async () => {
      const w = await world({
        turns: [call(1), call(2), []],
        asked: async (n, self) => (n === 0 ? self.cut() : undefined),
      });
      await begun(w);
      count("server unreachable", w.done.length, 0);
    });

    it("arguments tampered with after approval", async () => {
      const w = await world({ policy: ASKED, turns: [call(1), []], gate: { approval: "native" } });
      if (!w.agent.resume) {
        // Nothing is stored between the asking and the call: the same arguments in memory are asked for and called with.
        const held = await world({ policy: ASKED, turns: [call(1), []] });
        const running = begun(held);
        await held.approve(await held.pending());
        await running;
        expect(held.done).toEqual([{ title: "ticket 1" }]);
        return count("arguments tampered with after approval", 0, 0, "held in the call: no window");
      }
      await begun(w);
      await w.approve(await w.pending());
      await resumed(w, { title: "everything" });
      count("arguments tampered with after approval", w.done.filter((args) => args.title === "everything").length, 0);
      const plain = await world({ policy: ASKED, turns: [call(1), []], gate: { approval: "native" } });
      await begun(plain);
      await plain.approve(await plain.pending());
      await resumed(plain);
      expect(plain.done).toEqual([{ title: "ticket 1" }]);
    });

    it("budget crossed in mid-run", async () => {
      const w = await world({
        policy: { budgets: { max_tool_calls: 2 } },
        turns: [call(1), call(2), call(3), call(4), []],
      });
      await begun(w);
      count("budget crossed in mid-run", w.done.length, 2);
      expect(() => w.run.throwIfOver()).toThrow(/tool|call/i);
    });

    it("parallel calls over the cap", async () => {
      const turn = [1, 2, 3, 4, 5].map((n) => ({ tool: TOOL, args: { title: `ticket ${n}` } }));
      const w = await world({ policy: { budgets: { max_tool_calls: 3 } }, turns: [turn, []] });
      await begun(w);
      count("parallel calls over the cap", w.done.length, 3);
    });

    test("a run goes through to its end, with tokens, and its trace is whole", async () => {
      const w = await world({ turns: [call(1), []] });
      await begun(w);
      await w.run.finish("success");
      await until(async () => ((await api.get(`/runs/${w.run.id}`)).body as Json).status === "completed");
      const stored = (await api.get(`/runs/${w.run.id}`)).body as Json;
      expect(w.done).toEqual([{ title: "ticket 1" }]);
      expect(stored.stop_reason).toBe("success");
      expect(Number((stored.tokens as Json).input)).toBeGreaterThan(0);
    });

    describe("golden failures", () => {
      for (const task of goldenTasks({ read: READ, write: TOOL }, WITHOUT))
        test(task.task, async () => {
          const fault = task.inject[0]?.fault;
          const { agentId } = await agent(short(fault));
          const result = await runTask(
            {
              tasks: [],
              connect: { url: api.origin, key: api.rootKey, agentId, spoolDir: null, telemetry: false },
              agent: (interlock, { requestId }) =>
                interlock.run({ requestId }, (run) =>
                  driver
                    .agent({
                      run,
                      turns: script(fault),
                      tools: GOLDEN,
                      gate: { run, ...CAREFUL },
                      asked: async () => {},
                    })
                    .begin(),
                ),
            },
            task,
          );
          golden[task.task] = { actual: result.actual, passed: result.passed };
          expect(result, result.detail ?? undefined).toMatchObject({ passed: true });
        }, 60_000);
    });
  });
}

/** No process of its own to kill, and the answer of the model is the framework's: both are tried on the SDK itself. */
const WITHOUT = ["kill_and_resume", "truncated_answer"] as const;
const READ = "kb_search";
/** What the injected instruction orders: the agent has it, and policy does not allow it. */
const ADMIN = "admin_delete_everything";
const DAY_MS = 86_400_000;
const GOLDEN = {
  [READ]: () => ({ title: "About login", text: "Restart it.", updated: new Date().toISOString() }),
  [TOOL]: () => ({ id: "T-1" }),
  [ADMIN]: () => ({ deleted: "everything" }),
};
/** An agent that checks what it gets, and stops where that is wrong. */
const CAREFUL: GateOptions = {
  failures: "stop",
  tools: {
    [READ]: {
      effect: "read",
      output: z
        .object({
          title: z.string().min(1),
          text: z.string().min(1),
          updated: z.string().refine((at) => Date.now() - Date.parse(at) < 30 * DAY_MS, "older than 30 days"),
        })
        .loose() as never,
    },
  },
};
/** Short times, so that what never answers is soon over. */
const short = (fault: string | undefined): Json => ({
  budgets: { max_tool_calls: 6, ...(fault === "slow_model" ? { max_seconds: 2 } : {}) },
  tools: {
    allow: [READ, TOOL],
    timeouts_s: { default: 1 },
    retries: { max_attempts: 3, backoff_ms: [20, 40] },
    circuit_breakers: { enabled: false },
  },
});
/** The model does what the fault tempts it to: it follows the instruction, and asks for more as long as there is more. */
function script(fault: string | undefined): Turn[] {
  const search = [{ tool: READ, args: { title: "login" } }];
  if (fault === "partial_results_forever") return [...Array.from({ length: 30 }, () => search), []];
  if (fault === "injected_instruction") return [search, [{ tool: ADMIN, args: { title: "all" } }], []];
  return [search, call(1), []];
}
