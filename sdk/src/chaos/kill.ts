import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { sleep } from "../time.js";
import type { StopReason } from "../wire.js";
import type { GoldenTask } from "./golden.js";
import type { ChaosOptions, Ended } from "./shapes.js";

/** What the process under test says. */
export type Said =
  | { at: "executed"; tool: string }
  | { at: "ended"; stopReason: StopReason | null; runId: string | null; detail: string | null; busy: boolean };
export type Orders = {
  module: string;
  connect: Record<string, unknown>;
  requestId: string;
  input: unknown;
  pauseIn: string | null;
};

/** A lease that nobody renews is over by then. */
const LEASE_MS = 90_000;
const AGAIN_MS = 2_000;

/** Ends the agent's process with SIGKILL after a write, before its result is told; then starts it again with the same request. */
export async function killAndResume(options: ChaosOptions, task: GoldenTask): Promise<Ended> {
  const { module } = options;
  if (!module)
    return {
      actual: null,
      runId: null,
      detail: "It needs `module`: there is no process to kill.",
      executed: {},
      broken: 0,
    };
  const tool = task.inject.find((i) => i.fault === "kill_and_resume")?.tool ?? null;
  const requestId = `chaos-${randomUUID()}`;
  const executed: Record<string, number> = {};
  const start = (pauseIn: string | null) => {
    const { url, key, agentId, taskType, tenantId, versions } = options.connect;
    const orders: Orders = {
      module,
      connect: { url, key, agentId, taskType, tenantId, versions, spoolDir: null },
      requestId,
      input: task.input,
      pauseIn,
    };
    return startChild(orders, (name) => {
      executed[name] = (executed[name] ?? 0) + 1;
    });
  };
  const first = start(tool ?? "*");
  const before = await first.until((said) => said.at === "ended" || tool === null || said.tool === tool);
  first.kill();
  if (before?.at !== "executed")
    return { actual: null, runId: null, detail: "It ended before there was anything to kill.", executed, broken: 0 };
  const until = performance.now() + LEASE_MS;
  for (;;) {
    const next = start(null);
    const said = await next.until((s) => s.at === "ended");
    next.kill();
    const busy = said?.at === "ended" && said.busy;
    // Until its lease is over the run belongs to the process that is dead.
    if (busy && performance.now() < until) await sleep(AGAIN_MS);
    else if (said?.at === "ended")
      return { actual: busy ? null : said.stopReason, runId: said.runId, detail: said.detail, executed, broken: 1 };
    else return { actual: null, runId: null, detail: "The resumed process died.", executed, broken: 1 };
  }
}

function startChild(orders: Orders, executed: (tool: string) => void) {
  const here = import.meta.url;
  const child: ChildProcess = fork(fileURLToPath(new URL(here.endsWith(".ts") ? "./child.ts" : "./child.js", here)), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const heard: Said[] = [];
  let gone = false;
  child.on("message", (said: Said) => {
    if (said.at === "executed") executed(said.tool);
    heard.push(said);
  });
  child.on("exit", () => {
    gone = true;
  });
  child.send(orders);
  return {
    kill: () => void child.kill("SIGKILL"),
    until: async (so: (said: Said) => boolean): Promise<Said | null> => {
      for (;;) {
        const found = heard.find(so);
        if (found) return found;
        if (gone) return null;
        await sleep(20);
      }
    },
  };
}
