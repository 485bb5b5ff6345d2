// @ts-check
/** @typedef {import("./model.mjs").Script} Script */
/** How the work ends, by the agent's own account; an error ends the run with its stop reason. @typedef {{ result?: Record<string, unknown>, error?: import("@interlock/agent").InterlockError }} End */
/**
 * One piece of work. The script fills `end` in as it goes.
 * @typedef {{ goal: string, script: Script, end: End, faults?: import("./toolset.mjs").Faults, lockKey?: string }} Job
 */
/** The how-manieth piece it is, from when, and the luck that it has. @typedef {{ n: number, at: number, dice: import("./chance.mjs").Dice }} Turn */
/** An instance of an agent: it serves one tenant, and pauses so many seconds between its runs, or until the clock's next tick. @typedef {{ tenant: string, every: [number, number], tick_s?: number, habit?: string }} Duty */
/**
 * `spans`: "sdk" are those that `@interlock/agent` sends; "opentelemetry" are the AI SDK's own, by real exporters.
 * `gated` false: it asks nobody, and sends its traces only.
 * @typedef {{
 *   agent_id: string, version: string, model: string, task_type: string, instructions: string,
 *   tools: string[], workers: Duty[], spans: "sdk" | "opentelemetry", gated?: boolean, job: (duty: Duty, turn: Turn) => Job
 * }} AgentSpec
 */

/** @param {string} tool @param {Record<string, unknown>} args @returns {import("./model.mjs").Call} */
export const call = (tool, args) => ({ tool, args });
