import path from "node:path";
import { pathToFileURL } from "node:url";
import { type ChaosAgent, FAULTS, type Fault, type GoldenTask, goldenTasks, chaos as runAll } from "../chaos/index.js";
import type { StopReason } from "../wire.js";
import { type Call, type Command, EXIT, Exit, text } from "./command.js";

type Module = {
  agent?: ChaosAgent;
  tasks?: GoldenTask[];
  agentId?: string;
  version?: string;
  tools?: { read: string; write: string };
};
type Regression = {
  tasks: {
    task: string;
    agent_id?: string;
    inject: { fault: string; tool?: string }[];
    expect: { stop_reason: StopReason };
  }[];
};

/** The tasks of the module, or the golden ones on its two tools; and cases that incidents have left behind. */
async function tasksOf(call: Call, module: Module): Promise<GoldenTask[]> {
  const incidents = (call.values.incident as string[] | undefined) ?? [];
  if (incidents.length > 0) return (await Promise.all(incidents.map((id) => fromIncident(call, id)))).flat();
  if (module.tasks) return module.tasks;
  if (module.tools)
    return goldenTasks(module.tools, ((call.values.without as string[] | undefined) ?? []).map(faultOf));
  throw new Exit(
    EXIT.usage,
    "The module exports neither `tasks` nor `tools` ({ read, write }): there is nothing to break.",
  );
}
function faultOf(name: string): Fault {
  if ((FAULTS as readonly string[]).includes(name)) return name as Fault;
  throw new Exit(EXIT.usage, `There is no fault "${name}". There are: ${FAULTS.join(", ")}.`);
}
async function fromIncident(call: Call, id: string): Promise<GoldenTask[]> {
  const { tasks } = await call.client.get<Regression>(`/incidents/${encodeURIComponent(id)}/regression?format=json`);
  return tasks.map(({ task, inject, expect }) => ({
    task,
    inject: inject.map((i) => ({ fault: faultOf(i.fault), ...(i.tool ? { tool: i.tool } : {}) })),
    expect: { stopReason: expect.stop_reason },
  }));
}

/** Breaks an agent's tools and model on purpose, and looks how it ends. */
export const chaos: Command = {
  usage: "chaos <module> [--incident INC-31] [--version 1.4.0]",
  about:
    "Run the golden failures against an agent: the module exports `agent`, and `tasks` or `tools`. Exits with 3 where one ended otherwise.",
  needs: "agent; read, for --incident",
  options: {
    incident: { type: "string", multiple: true, about: "the case of an incident; again for more" },
    only: { type: "string", multiple: true, about: "only the task of this name; again for more" },
    without: { type: "string", multiple: true, about: "a fault to leave out; again for more" },
    agent: { type: "string", about: "as which agent", default: "the module's `agentId`" },
    version: {
      type: "string",
      about: "put the results on the score card of this version",
      default: "the module's `version`",
    },
    adapter: { type: "string", about: "with what it was run, for the card" },
  },
  run: async (call) => {
    const [file] = call.positionals;
    if (!file) throw new Exit(EXIT.usage, "Which module? It exports `agent`, and `tasks` or `tools`.");
    const at = path.resolve(file);
    const module = (await import(pathToFileURL(at).href)) as Module;
    const agentId = text(call.values, "agent") ?? module.agentId;
    if (!module.agent || !agentId)
      throw new Exit(EXIT.usage, "The module has to export `agent`, and `agentId` (or say --agent).");
    const only = (call.values.only as string[] | undefined) ?? [];
    const tasks = (await tasksOf(call, module)).filter((t) => only.length === 0 || only.includes(t.task));
    const version = text(call.values, "version") ?? module.version;
    const adapter = text(call.values, "adapter");
    const done = await runAll({
      connect: {
        url: call.client.url,
        key: call.client.key,
        agentId,
        spoolDir: null,
        ...(version ? { versions: { agent: version } } : {}),
      },
      agent: module.agent,
      tasks,
      module: at,
      ...(version ? { version } : {}),
      ...(adapter ? { adapter } : {}),
      onResult: (r) =>
        call.say(
          `${r.passed ? "pass" : "FAIL"}  ${r.task.padEnd(26)} ${r.actual ?? "did not end"}${r.detail && !r.passed ? `\n      ${r.detail}` : ""}`,
        ),
    });
    call.say(`${done.passed} passed, ${done.failed} failed`);
    call.give(done);
    return done.failed > 0 ? EXIT.notRight : EXIT.done;
  },
};
