// @ts-check
import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { generateText, stepCountIs } from "ai";
import { scriptedModel } from "./model.mjs";
import { inRun } from "./telemetry.mjs";
import { child, sleep } from "./time.mjs";
import { toolset } from "./tools.mjs";

/** @typedef {import("./agent.mjs").Job} Job */
/** @typedef {import("./agent.mjs").End} End */
/** @typedef {import("./worker.mjs").Worker} Worker */

const HEARTBEAT_MS = 15_000;
const MAX_STEPS = 250;
/** Messages that the next step still sees; even, so that no result loses its call. */
const WINDOW = 20;

/**
 * Opens the run, waiting for as long as a switch holds it.
 * @param {Worker} worker @param {Job} job @returns {Promise<string | null>} null when the answer is no
 */
async function open(worker, job) {
  const { api, control, spec, who } = worker;
  const run = {
    request_id: randomUUID(),
    ...who,
    goal: job.goal,
    versions: { agent: spec.version, model: spec.model },
    deployment_env: "production",
    ...(job.lock_key ? { lock_key: job.lock_key } : {}),
  };
  while (!api.stopped.signal.aborted) {
    if (!control.admits) {
      await control.changed(5_000);
      continue;
    }
    const { status, body } = await api.openRun(run);
    if ((status === 200 || status === 201) && body) return body.owner && body.status === "running" ? body.run_id : null;
    // The switch may be known there before it is known here.
    if (status === 409 && (body?.code === "stopped" || body?.code === "paused")) await control.changed(5_000);
    else if (status === 409 || status === 422) return null;
    else await sleep(status === 0 ? 1_000 : 20_000, api.stopped.signal).catch(() => undefined);
  }
  return null;
}

/** What the switch and the server's word do to one run that is under way. */
class Gate {
  /** @param {Worker} worker @param {string | null} runId */
  constructor(worker, runId) {
    this.worker = worker;
    this.runId = runId;
    this.work = child(worker.api.stopped.signal);
    this.signal = this.work.signal;
    setMaxListeners(0, this.signal);
    /** Why a switch ended it, or that nobody could confirm any more that none does. */
    this.stopped = "";
    /** Somebody else ended the run, or has it now: nothing is to be said about it any more. */
    this.gone = false;
    /** @type {string | null} */
    this.denied = null;
    /** @type {Set<string>} */
    this.failures = new Set();
    this.step = 0;
    if (runId === null) return;
    worker.control.runs.add(runId);
    this.obey = () => {
      const { mode, reason } = worker.control.verdict(runId);
      if (mode === "stop") this.#stop(reason || "no reason given");
    };
    worker.control.listeners.add(this.obey);
    this.timer = setInterval(() => void this.#beat(runId), HEARTBEAT_MS);
    this.obey();
  }

  /** @param {string} reason */
  #stop(reason) {
    this.stopped = reason;
    this.work.abort(new Error(`stopped: ${reason}`));
  }

  close() {
    this.work.release();
    clearInterval(this.timer);
    if (this.obey) this.worker.control.listeners.delete(this.obey);
    if (this.runId !== null) this.worker.control.runs.delete(this.runId);
  }

  /** @param {string} runId */
  async #beat(runId) {
    const { api, who } = this.worker;
    const { status, body } = await api.heartbeat(runId, { step: this.step, instance_id: who.instance_id });
    if (status === 404 || status === 409) this.gone = true;
    if (this.gone || body?.control?.mode === "stop") this.#stop(body?.control?.reason ?? "the run is over");
  }

  /** Before each step and each tool: a pause holds the run here, a stop ends it. */
  async pass() {
    const { control } = this.worker;
    while (this.runId !== null && control.verdict(this.runId).mode === "pause" && !this.signal.aborted)
      await control.changed(5_000);
    this.signal.throwIfAborted();
  }

  /** @param {string} tool @param {unknown} input @returns {Promise<string | null>} why the call must not happen */
  async forbids(tool, input) {
    await this.pass();
    if (this.runId === null) return null;
    const { control } = this.worker;
    const again = this.failures.has(`${tool} ${JSON.stringify(input)}`);
    const retry =
      again && control.verdict(this.runId).mode === "safe_mode" ? `${tool} is tried once in safe mode` : null;
    this.denied = control.forbids(this.runId, tool) ?? retry;
    return this.denied;
  }
}

/** The agent itself: the AI SDK's own loop. @param {Worker} worker @param {Job} job @param {Gate} gate */
function loop(worker, job, gate) {
  const { spec, telemetry } = worker;
  return generateText({
    model: scriptedModel(spec.model, job.script, spec.weight),
    instructions: spec.instructions,
    prompt: job.goal,
    tools: toolset(spec.tools, job.faults ?? {}),
    maxRetries: 0,
    abortSignal: gate.signal,
    stopWhen: [stepCountIs(MAX_STEPS), () => gate.denied !== null],
    telemetry: { functionId: spec.agent_id, integrations: telemetry },
    prepareStep: async ({ stepNumber, messages }) => {
      gate.step = stepNumber + 1;
      await gate.pass();
      return messages.length > WINDOW + 1 ? { messages: [messages[0], ...messages.slice(-WINDOW)] } : undefined;
    },
    toolApproval: async ({ toolCall }) => {
      const reason = await gate.forbids(toolCall.toolName, toolCall.input);
      return reason === null ? undefined : { type: "denied", reason };
    },
    onToolExecutionEnd: ({ toolCall, toolOutput }) => {
      if (toolOutput.type === "tool-error") gate.failures.add(`${toolCall.toolName} ${JSON.stringify(toolCall.input)}`);
    },
  });
}

/** @param {Gate} gate @param {Job} job @param {unknown} thrown @returns {End} */
function endOf(gate, job, thrown) {
  const error = thrown instanceof Error ? { type: thrown.name, message: thrown.message } : undefined;
  if (gate.stopped) return { stop_reason: "kill_switch", error: { type: "Stopped", message: gate.stopped } };
  if (gate.signal.aborted) return { stop_reason: "cancelled", error: { type: "Shutdown", message: "the fleet stops" } };
  if (gate.denied !== null) return { stop_reason: "tool_denied", error: { type: "Denied", message: gate.denied } };
  if (error) return { stop_reason: "internal_error", error };
  return job.end;
}

/** One run from its opening to its end. @param {Worker} worker @param {Job} job */
export async function perform(worker, job) {
  const { api, spec, who } = worker;
  const gated = spec.gated !== false;
  const runId = gated ? await open(worker, job) : null;
  if (gated && runId === null) return;
  const gate = new Gate(worker, runId);
  /** @type {Record<string, string>} */
  const attributes = { "gen_ai.agent.name": spec.agent_id, "gen_ai.agent.version": spec.version };
  if (runId) attributes["interlock.run.id"] = runId;
  else Object.assign(attributes, { "interlock.task.type": who.task_type, "interlock.tenant_id": who.tenant_id });
  /** @type {unknown} */
  let thrown = null;
  try {
    await inRun(attributes, () => loop(worker, job, gate));
  } catch (err) {
    thrown = err ?? new Error("aborted");
  }
  gate.close();
  if (runId === null || gate.gone) return;
  const end = endOf(gate, job, thrown);
  await api.finish(runId, { ...end, instance_id: who.instance_id }, api.stopped.signal.aborted ? 1_500 : undefined);
}
