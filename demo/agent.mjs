// @ts-check
/** @typedef {import("./model.mjs").Script} Script */
/** How a run ended, by the agent's own account. @typedef {{ stop_reason: string, error?: { type: string, message: string }, result?: Record<string, unknown> }} End */
/**
 * One piece of work. The script fills `end` in as it goes.
 * @typedef {{ goal: string, script: Script, end: End, faults?: import("./toolset.mjs").Faults, lock_key?: string }} Job
 */
/** An instance of an agent: it serves one tenant, and pauses so many seconds between its runs, or until the clock's next tick. @typedef {{ tenant: string, every: [number, number], tick_s?: number, habit?: string }} WorkerSpec */
/**
 * @typedef {{
 *   agent_id: string, version: string, model: string, task_type: string, instructions: string, weight: number,
 *   tools: string[], workers: WorkerSpec[], gated?: boolean, job: (worker: WorkerSpec, n: number) => Job
 * }} AgentSpec
 */

/** @returns {End} */
export const success = () => ({ stop_reason: "success" });

/** @param {string} stop_reason @param {string} type @param {string} message @returns {End} */
export const failed = (stop_reason, type, message) => ({ stop_reason, error: { type, message } });

/** @param {string} tool @param {Record<string, unknown>} args @returns {import("./model.mjs").Call} */
export const call = (tool, args) => ({ tool, args });
