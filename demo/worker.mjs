// @ts-check
import { between } from "./chance.mjs";
import { Control } from "./control.mjs";
import { perform } from "./run.mjs";
import { sleep } from "./time.mjs";

/** One instance of an agent, with a handle of its own: it takes up one job after the other. */
export class Worker {
  /**
   * @param {import("./interlock.mjs").Interlock} api @param {import("./agent.mjs").AgentSpec} spec
   * @param {import("./agent.mjs").WorkerSpec} duty @param {string} instanceId @param {import("ai").Telemetry} telemetry
   */
  constructor(api, spec, duty, instanceId, telemetry) {
    this.api = api;
    this.spec = spec;
    this.duty = duty;
    this.telemetry = telemetry;
    this.who = { agent_id: spec.agent_id, task_type: spec.task_type, tenant_id: duty.tenant, instance_id: instanceId };
    // Without a gate nobody asks what holds it; `perform` never looks then.
    this.control = /** @type {Control} */ (spec.gated === false ? null : new Control(api, this.who));
  }

  async work() {
    const { signal } = this.api.stopped;
    const { every, tick_s } = this.duty;
    const [from, to] = every;
    const pause = () => (tick_s ? tick_s - ((Date.now() / 1000) % tick_s) + between(0, 1.5) : between(from, to));
    await sleep(between(0, Math.min(from, 4) * 1000), signal).catch(() => undefined);
    for (let n = 1; !signal.aborted; n++) {
      await perform(this, this.spec.job(this.duty, n));
      await sleep(pause() * 1000, signal).catch(() => undefined);
    }
  }
}
