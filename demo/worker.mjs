// @ts-check
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BudgetExhausted, connect, DuplicateRun, RunLocked, Stopped, Unavailable } from "@interlock/agent";
import { between, dice } from "./chance.mjs";
import { Desk } from "./desk.mjs";
import { loop } from "./loop.mjs";

/** What another attempt may open: the switch is released, the server is back, or the lease of who had it has run out. */
const AGAIN_MS = 5_000;

/** One instance of an agent: it takes up one job after the other. */
export class Worker {
  /**
   * @param {import("./agent.mjs").AgentSpec} spec @param {number} instance counted from 0
   * @param {{ url: string, key: string, folder: string, stopped: AbortSignal, telemetry: import("ai").Telemetry | null }} its
   */
  constructor(spec, instance, { url, key, folder, stopped, telemetry }) {
    const name = `${spec.agent_id}-${instance + 1}`;
    this.spec = spec;
    this.duty = spec.workers[instance];
    this.stopped = stopped;
    this.telemetry = telemetry;
    this.desk = new Desk(path.join(folder, "desk"), spec.agent_id, instance, spec.workers.length);
    this.interlock =
      spec.gated === false
        ? null
        : connect({
            url,
            key,
            agentId: spec.agent_id,
            taskType: spec.task_type,
            tenantId: this.duty.tenant,
            // A place in the fleet keeps its name over restarts: a switch then waits for nobody who has gone.
            instanceId: name,
            versions: { agent: spec.version, model: spec.model },
            deploymentEnv: "production",
            spoolDir: path.join(folder, "spool", name),
            telemetry: telemetry === null,
          });
  }

  async work() {
    const { tick_s, every } = this.duty;
    const pause = () => (tick_s ? tick_s - ((Date.now() / 1000) % tick_s) + between(0, 1.5) : between(...every));
    await this.#rest(between(0, Math.min(every[0], 4)) * 1000);
    while (!this.stopped.aborted) {
      await this.#perform(this.desk.take());
      await this.#rest(pause() * 1000);
    }
  }

  /** Lets what is under way end as cancelled. */
  close() {
    return this.interlock?.close({ graceMs: 0 });
  }

  /** One run from its opening to its end. @param {import("./desk.mjs").Errand} errand */
  async #perform({ requestId, whose, n, at, seed }) {
    const { interlock, spec, stopped } = this;
    const duty = spec.workers[whose];
    const job = spec.job(duty, { n, at, dice: dice(seed) });
    try {
      if (interlock === null) await loop(this, duty, job, null);
      while (interlock !== null && !stopped.aborted) {
        await interlock.ready(stopped);
        const about = { requestId, tenantId: duty.tenant, goal: job.goal, lockKey: job.lockKey };
        if (await opened(interlock.run(about, (run) => loop(this, duty, job, run)))) break;
        await this.#rest(AGAIN_MS);
      }
    } catch (err) {
      const otherwise = err instanceof RunLocked || err instanceof BudgetExhausted;
      if (!otherwise && !stopped.aborted) process.stderr.write(`  demo       ${spec.agent_id}: ${String(err)}\n`);
    }
    this.desk.done();
  }

  /** @param {number} ms */
  async #rest(ms) {
    await sleep(ms, undefined, { signal: this.stopped }).catch(() => undefined);
  }
}

/** Whether there was a run, however it ended. @param {Promise<unknown>} run */
async function opened(run) {
  try {
    await run;
    return true;
  } catch (err) {
    if (err instanceof Stopped || err instanceof Unavailable || err instanceof DuplicateRun) return false;
    throw err;
  }
}
