// @ts-check
import { ApprovalRefused, Denied, ToolFailed } from "@interlock/agent";
import { gate, ToolRefused } from "@interlock/agent/ai-sdk";
import { generateText, stepCountIs } from "ai";
import { scriptedModel } from "./model.mjs";
import { inRun } from "./telemetry.mjs";
import { factsOf, toolset } from "./toolset.mjs";

/** @typedef {import("./worker.mjs").Worker} Worker */
/** @typedef {import("ai").StepResult<any, any>} Step */

const MAX_STEPS = 250;
/** Room for an answer, as a client would set it. */
const MAX_OUTPUT = 600;

/** A call that was refused and not made. The model is told so; an agent that reports it and stops is the safer one. @param {Step[]} steps */
const refused = (steps) =>
  steps
    .flatMap(({ content }) => content)
    .flatMap((part) => (part.type === "tool-error" && part.error instanceof ToolRefused ? [part.error.cause] : []))
    .find(
      (why) =>
        why instanceof Denied ||
        why instanceof ApprovalRefused ||
        (why instanceof ToolFailed && why.code === "circuit_open"),
    );

/**
 * The agent itself: the AI SDK's own loop, and around its model and its tools the gate.
 * @param {Worker} worker @param {import("./agent.mjs").Duty} duty @param {import("./agent.mjs").Job} job @param {import("@interlock/agent").Run | null} run null: it asks nobody
 * @throws InterlockError, with whose stop reason the run ends
 */
export async function loop({ spec, telemetry }, duty, { goal, script, faults = {}, end }, run) {
  const options = {
    model: scriptedModel(spec.model, script),
    instructions: spec.instructions,
    prompt: goal,
    tools: toolset(spec.tools, faults),
    maxRetries: 0,
    stopWhen: [stepCountIs(MAX_STEPS), (/** @type {{ steps: Step[] }} */ { steps }) => refused(steps) !== undefined],
    ...(telemetry ? { telemetry: { functionId: spec.agent_id, integrations: telemetry } } : {}),
  };
  const gated = run ? gate(options, { tools: factsOf(spec.tools, goal), maxOutputTokens: MAX_OUTPUT }) : options;
  const attributes = {
    "gen_ai.agent.name": spec.agent_id,
    "gen_ai.agent.version": spec.version,
    ...(run
      ? { "interlock.run.id": run.id }
      : { "interlock.task.type": spec.task_type, "interlock.tenant_id": duty.tenant }),
  };
  const { steps } = await inRun(attributes, () => generateText(gated));
  const error = refused(steps) ?? end.error;
  if (error) throw error;
  return end.result;
}
