// @ts-check
import { randomUUID } from "node:crypto";
import { generateText, stepCountIs } from "ai";
import { Gate } from "./gate.mjs";
import { askModel, toldModel } from "./guard.mjs";
import { scriptedModel } from "./model.mjs";
import { inRun } from "./telemetry.mjs";
import { sleep } from "./time.mjs";
import { questionOf, toolset } from "./toolset.mjs";

/** @typedef {import("./agent.mjs").Job} Job */
/** @typedef {import("./agent.mjs").End} End */
/** @typedef {import("./worker.mjs").Worker} Worker */

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

/** The agent itself: the AI SDK's own loop. @param {Worker} worker @param {Job} job @param {Gate} gate */
function loop(worker, job, gate) {
  const { spec, telemetry } = worker;
  const model = scriptedModel(spec.model, job.script, spec.weight);
  const about = { goal: job.goal, step: () => gate.step };
  return generateText({
    model: toldModel(gate, model),
    instructions: spec.instructions,
    prompt: job.goal,
    tools: toolset(spec.tools, job.faults ?? {}, gate, about),
    maxRetries: 0,
    abortSignal: gate.signal,
    stopWhen: [stepCountIs(MAX_STEPS), () => gate.refusal !== null],
    telemetry: { functionId: spec.agent_id, integrations: telemetry },
    prepareStep: async ({ stepNumber, messages }) => {
      gate.step = stepNumber + 1;
      await askModel(gate, model);
      return messages.length > WINDOW + 1 ? { messages: [messages[0], ...messages.slice(-WINDOW)] } : undefined;
    },
    toolApproval: async ({ toolCall: { toolName, input, toolCallId } }) => {
      await gate.pass();
      if (gate.runId === null) return undefined;
      const word = gate.forbids(toolName, input) ? null : await gate.ask(questionOf(toolName, input, about));
      if (word === null) return { type: "denied", reason: gate.refusal?.message ?? "refused" };
      gate.words.set(toolCallId, word);
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
  if (gate.refusal) {
    const { stop_reason, code, message } = gate.refusal;
    return { stop_reason, error: { type: code, message } };
  }
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
