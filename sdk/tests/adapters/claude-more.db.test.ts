import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Json, startApi, until } from "../../../lib/http/tests/harness";
import { person } from "../../../lib/http/tests/people";
import { gate } from "../../src/adapters/claude";
import { agents } from "../agent";
import { claude, installed } from "./claude";
import type { Scripted } from "./claude-mock";

const api = await startApi();
const { agent, stored } = agents(api);
const approver = await person(api, "approver-claude", ["approver"]);
await api.put("/prices/scripted", { input_usd: 1, output_usd: 2 });
const open: { close: () => void }[] = [];
afterAll(() => {
  for (const one of open) one.close();
});
const ASKED: Json = { conditions: [{ tool: "ticket_create", when: "true", then: "require_approval" }] };
const create = (n: number): Scripted => [{ tool: "ticket_create", args: { title: `ticket ${n}` } }];

type Given = Parameters<typeof claude>[0];
async function world(policy: Json, turns: Scripted[], more: Partial<Given> & { asked?: (n: number) => unknown } = {}) {
  const interlock = await agent(policy);
  const run = await interlock.open();
  const done: unknown[] = [];
  const session = await claude({
    tools: {
      ticket_create: (args) => {
        done.push(args);
        return { id: `T-${done.length}` };
      },
    },
    script: async (n) => {
      await more.asked?.(n);
      return turns[n] ?? [];
    },
    ...more,
    how: { run, ...more.how },
  });
  open.push(session);
  const go = () =>
    run
      .within(() => session.go("go"))
      .then(
        (said) => said,
        (error: unknown) => String(error),
      );
  const stop = () =>
    api.post("/switches", { scope: { kind: "agent", key: interlock.agentId }, mode: "stop", reason: "suite" });
  const pending = () =>
    until(async () => {
      const { items } = (await api.get(`/approvals?status=pending&run_id=${run.id}`)).body as unknown as {
        items: { id: string }[];
      };
      return items[0]?.id;
    });
  return { interlock, run, done, session, go, stop, pending };
}

test("outside of a run, or without a model, there are no options", async () => {
  expect(() => gate({ model: "scripted" })).toThrow(/No run/);
  const interlock = await agent();
  const run = await interlock.open();
  expect(() => gate({}, { run })).toThrow(/which model/);
});

describe.skipIf(!installed)("Claude Code", () => {
  test("tokens are counted to the last one, though the stream says them late", async () => {
    const w = await world({}, [create(1), create(2), []]);
    await w.go();
    await w.run.finish("success");
    await until(async () => (await stored(w.run.id)).status === "completed");
    expect((await stored(w.run.id)).tokens).toMatchObject({ input: 60, output: 30 });
  });

  test("built-in tools are asked for too, and a stop in between lets none run", async () => {
    const touch = (file: string): Scripted => [{ tool: "Bash", args: { command: `touch ${file}` } }];
    const options = { tools: ["Bash"], allowedTools: ["Bash", "mcp__tickets"] };
    const free = await world({}, [touch("made"), []], { options });
    await free.go();
    expect(existsSync(path.join(free.session.home, "made"))).toBe(true);
    const denied = await world({ tools: { allow: ["*"], deny: ["Bash"] } }, [touch("made"), []], { options });
    expect(await denied.go()).toMatch(/tool_denied/);
    expect(existsSync(path.join(denied.session.home, "made"))).toBe(false);
    const stopped: Awaited<ReturnType<typeof world>> = await world({}, [touch("made"), []], {
      options,
      asked: () => stopped.stop(),
    });
    await stopped.go();
    expect(existsSync(path.join(stopped.session.home, "made"))).toBe(false);
    expect(stopped.session.mock.seen).toHaveLength(1);
  }, 60_000);

  test("native with somebody there: canUseTool is told where, and its yes waits for the verdict", async () => {
    let reason = "";
    const canUseTool: NonNullable<Given["options"]>["canUseTool"] = async (_, input, { decisionReason }) => {
      reason = decisionReason ?? "";
      return { behavior: "allow", updatedInput: input };
    };
    const w = await world(ASKED, [create(1), []], {
      how: { approval: "native" },
      options: { canUseTool, allowedTools: [] },
    });
    const going = w.go();
    await until(async () => reason !== "");
    expect(reason).toMatch(/http/);
    expect(w.done).toEqual([]);
    await api.post(`/approvals/${await w.pending()}/verdict`, { verdict: "approve", reason: "ok" }, approver.session);
    await going;
    expect(w.done).toEqual([{ title: "ticket 1" }]);
  });

  test("canUseTool that changes the arguments: what is called is what is asked for", async () => {
    const w = await world(
      { conditions: [{ tool: "ticket_create", when: "args.title == 'everything'", then: "deny" }] },
      [create(1), []],
      {
        options: {
          allowedTools: [],
          canUseTool: async () => ({ behavior: "allow", updatedInput: { title: "everything" } }),
        },
      },
    );
    await w.go();
    expect(w.done).toEqual([]);
  });

  test("a hook of one's own cannot change what was asked for", async () => {
    const w = await world({}, [create(1), []], {
      options: {
        hooks: {
          PreToolUse: [
            {
              hooks: [
                async () => ({
                  hookSpecificOutput: { hookEventName: "PreToolUse", updatedInput: { title: "everything" } },
                }),
              ],
            },
          ],
        },
      },
    });
    expect(await w.go()).toMatch(/changed the arguments/);
    expect(w.done).toEqual([]);
  });

  test("the same write is not made again, and the model hears what it answered", async () => {
    const w = await world({}, [create(1), create(1), []]);
    expect(await w.go()).toMatch(/done before.*T-1/s);
    expect(w.done).toHaveLength(1);
  });

  test("a tool that throws is told as failed, and the session goes on", async () => {
    const w = await world({}, [create(1), []], {
      tools: {
        ticket_create: () => {
          throw new Error("no such queue");
        },
      },
    });
    expect(await w.go()).toMatch(/no such queue/);
    w.run.throwIfOver();
    const { items } = (await api.get(`/decisions?run_id=${w.run.id}`)).body as unknown as {
      items: { kind: string; result: Json }[];
    };
    expect(items.filter((d) => d.kind === "model")).toHaveLength(2);
  });

  test("a stop in mid-tool ends the query", async () => {
    const w: Awaited<ReturnType<typeof world>> = await world({}, [create(1), []], {
      tools: { ticket_create: () => w.stop().then(() => new Promise(() => {})) },
    });
    await w.go();
    expect(() => w.run.throwIfOver()).toThrow(/Stopped/);
    expect(w.session.mock.seen).toHaveLength(1);
  });

  test("a tool whose answer has another shape is held back", async () => {
    const w = await world({}, [create(1), []], {
      how: { tools: { ticket_create: { output: z.object({ id: z.number() }) as never } } },
    });
    const said = await w.go();
    expect(said).toMatch(/output_invalid/);
    expect(said).not.toMatch(/T-1/);
  });

  test("a cheaper model that policy names ends the run: a query keeps its own", async () => {
    await api.put("/prices/cheap", { input_usd: 0.1, output_usd: 0.1 });
    const w = await world(
      {
        budgets: { max_tokens: 60_000, soft: { at: 0.0001, then: "downgrade" } },
        models: { downgrade: { scripted: "cheap" } },
      },
      [create(1), create(2), create(3), []],
    );
    await w.go();
    expect(() => w.run.throwIfOver()).toThrow(/cheap/);
    expect(w.session.mock.seen.length).toBeLessThan(3);
  });

  test("a hook of a settings file that changes the arguments ends the run", async () => {
    const w = await world({}, [create(1), create(2), []], { options: { settingSources: ["user"] } });
    const changed = { hookEventName: "PreToolUse", permissionDecision: "allow", updatedInput: { title: "everything" } };
    const command = `echo '${JSON.stringify({ hookSpecificOutput: changed })}'`;
    mkdirSync(path.join(w.session.home, ".claude"), { recursive: true });
    writeFileSync(
      path.join(w.session.home, ".claude/settings.json"),
      JSON.stringify({ hooks: { PreToolUse: [{ matcher: "", hooks: [{ type: "command", command }] }] } }),
    );
    await w.go();
    expect(() => w.run.throwIfOver()).toThrow(/other arguments/);
    expect(w.done).toHaveLength(1);
  });
});
