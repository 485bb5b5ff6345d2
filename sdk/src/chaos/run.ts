import { randomUUID } from "node:crypto";
import { connect, type Interlock } from "../connect.js";
import { ApprovalRefused, DuplicateRun, InterlockError } from "../errors.js";
import type { Watched } from "../options.js";
import { sleep } from "../time.js";
import type { StopReason } from "../wire.js";
import { injecting } from "./faults.js";
import type { GoldenTask } from "./golden.js";
import { killAndResume } from "./kill.js";
import type { ChaosAgent, ChaosOptions, ChaosResult, Ended } from "./shapes.js";

const TIMEOUT_MS = 60_000;
const LOOK_MS = 250;

/** Runs one golden task. Never throws: an agent that does has failed. */
export async function runTask(options: ChaosOptions, task: GoldenTask): Promise<ChaosResult> {
  const began = performance.now();
  const expected = typeof task.expect.stopReason === "string" ? [task.expect.stopReason] : task.expect.stopReason;
  const faults = task.inject.map((i) => i.fault);
  let ended: Ended;
  try {
    ended = faults.includes("kill_and_resume") ? await killAndResume(options, task) : await inProcess(options, task);
  } catch (error) {
    ended = { actual: null, runId: null, detail: String(error), executed: {}, broken: 0 };
  }
  const wrong = faultsOf(task, expected, ended);
  return {
    task: task.task,
    broken: faults.length === 0 ? null : task.inject.map(words).join(", "),
    expected,
    actual: ended.actual,
    passed: wrong.length === 0,
    detail: [...wrong, ...(ended.detail ? [ended.detail] : [])].join(" ") || null,
    runId: ended.runId,
    durationMs: performance.now() - began,
  };
}

function faultsOf(task: GoldenTask, expected: readonly StopReason[], ended: Ended): string[] {
  const wrong: string[] = [];
  if (ended.actual === null) wrong.push("It did not end.");
  else if (!expected.includes(ended.actual))
    wrong.push(`It ended with ${ended.actual}, not with ${expected.join(" or ")}.`);
  for (const [tool, most] of Object.entries(task.expect.atMost ?? {})) {
    const times = ended.executed[tool] ?? 0;
    if (times > most) wrong.push(`${tool} happened ${times} times; ${most} at most.`);
  }
  // A fault that never struck has proved nothing.
  if (task.inject.length > 0 && ended.broken === 0)
    wrong.push("Nothing was broken: the agent did not call what the task breaks.");
  return wrong;
}

const words = ({ fault, tool, rate, retryAfterS }: GoldenTask["inject"][number]): string =>
  `${fault}${tool ? ` of ${tool}` : ""}${rate === undefined ? "" : ` at ${rate * 100} %`}${retryAfterS === undefined ? "" : `, Retry-After ${retryAfterS}`}`;

async function inProcess(options: ChaosOptions, task: GoldenTask): Promise<Ended> {
  const { intercept, executed, broken } = injecting(task.inject);
  const twice = task.inject.some((i) => i.fault === "double_start");
  const late = new AbortController();
  const runs: Watched[] = [];
  const opened = (run: Watched) => void runs.push(run);
  const start = () => connect({ ...options.connect, intercept: { ...intercept, opened } });
  const connections = twice ? [start(), start()] : [start()];
  const requestId = `chaos-${randomUUID()}`;
  const handed = { requestId, input: task.input, signal: late.signal };
  const timer = setTimeout(
    () => late.abort(new Error("The golden task's time is over.")),
    task.timeoutMs ?? TIMEOUT_MS,
  );
  const watching = watch(runs, late.signal);
  try {
    const all = await Promise.all(connections.map((one) => settled(options.agent, one, handed)));
    const real = all.filter((one) => !one.duplicate);
    const [first] = real;
    const detail = twice && real.length !== 1 ? [`${real.length} of 2 starts did the work.`] : [];
    if (watching.waited()) detail.push(watching.waited() ?? "");
    return {
      actual: late.signal.aborted ? null : twice && real.length > 1 ? null : (first?.stopReason ?? null),
      runId: first?.runId ?? runs[0]?.id ?? null,
      detail: [...detail, ...(first?.detail ? [first.detail] : [])].join(" ") || null,
      executed: Object.fromEntries(executed),
      broken: twice ? 1 : broken(),
    };
  } finally {
    clearTimeout(timer);
    late.abort();
    await Promise.all(connections.map((one) => one.close({ graceMs: 0 })));
  }
}

type Settled = { stopReason: StopReason | null; runId: string | null; detail: string | null; duplicate: boolean };
async function settled(agent: ChaosAgent, interlock: Interlock, task: Parameters<ChaosAgent>[1]): Promise<Settled> {
  const late = new Promise<never>((_, reject) =>
    task.signal.addEventListener("abort", () => reject(task.signal.reason), { once: true }),
  );
  try {
    const result = await Promise.race([agent(interlock, task), late]);
    const said = result.ok || !(result.error instanceof Error) ? null : result.error.message;
    // The second of two starts may come after the first has ended: it is given what that gave.
    return {
      stopReason: result.stopReason,
      runId: result.runId,
      detail: said,
      duplicate: result.ok && result.replayed,
    };
  } catch (error) {
    if (error instanceof DuplicateRun) return { stopReason: null, runId: error.runId, detail: null, duplicate: true };
    const stopReason = error instanceof InterlockError ? error.stopReason : null;
    return { stopReason, runId: null, detail: `The agent threw: ${String(error)}`, duplicate: false };
  }
}

/** In a harness nobody answers: a run that waits for a person is ended as if the time to answer were over. */
function watch(runs: Watched[], signal: AbortSignal): { waited: () => string | null } {
  let waited: string | null = null;
  const look = async () => {
    while (!signal.aborted) {
      for (const run of runs)
        if (run.waitingForPerson && !signal.aborted) {
          waited = "It waited for a person, whom a harness has not.";
          run.abandon(
            new ApprovalRefused("Nobody answers in a chaos test.", {
              code: "approval_expired",
              stopReason: "approval_expired",
            }),
          );
        }
      await sleep(LOOK_MS, signal).catch(() => undefined);
    }
  };
  void look();
  return { waited: () => waited };
}
