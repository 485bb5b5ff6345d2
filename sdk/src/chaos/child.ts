import { pathToFileURL } from "node:url";
import { connect } from "../connect.js";
import { ApprovalRefused, DuplicateRun, InterlockError } from "../errors.js";
import type { Watched } from "../options.js";
import { sleep } from "../time.js";
import type { Orders, Said } from "./kill.js";
import type { ChaosAgent } from "./shapes.js";

// The process that is killed: it says when a tool has really happened, and then holds its answer back.
const say = (said: Said) => process.send?.(said);
const LOOK_MS = 250;

process.once("message", async (orders: Orders) => {
  const runs: Watched[] = [];
  const interlock = connect({
    ...(orders.connect as { agentId: string }),
    intercept: {
      opened: (run) => void runs.push(run),
      tool: async ({ tool, signal }, execute) => {
        const answer = await execute();
        say({ at: "executed", tool });
        if (orders.pauseIn !== null && (orders.pauseIn === "*" || orders.pauseIn === tool))
          await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        return answer;
      },
    },
  });
  const watching = setInterval(() => {
    for (const run of runs)
      if (run.waitingForPerson)
        run.abandon(
          new ApprovalRefused("Nobody answers in a chaos test.", {
            code: "approval_expired",
            stopReason: "approval_expired",
          }),
        );
  }, LOOK_MS);
  try {
    const { agent } = (await import(pathToFileURL(orders.module).href)) as { agent: ChaosAgent };
    const signal = new AbortController().signal;
    const done = await agent(interlock, { requestId: orders.requestId, input: orders.input, signal });
    say({
      at: "ended",
      stopReason: done.stopReason,
      runId: done.runId,
      detail: done.ok ? null : String(done.error),
      busy: false,
    });
  } catch (error) {
    const stopReason = error instanceof InterlockError ? error.stopReason : null;
    say({ at: "ended", stopReason, runId: null, detail: String(error), busy: error instanceof DuplicateRun });
  } finally {
    clearInterval(watching);
    await interlock.close({ graceMs: 0 });
    await sleep(50);
    process.disconnect();
  }
});
