// @ts-check
import { Refused } from "./gate.mjs";
import { noteOnSpan } from "./telemetry.mjs";
import { HttpError } from "./tools.mjs";

/** @typedef {import("./gate.mjs").Gate} Gate */
/** @typedef {import("./gate.mjs").Decision} Decision */
/** @typedef {import("./gate.mjs").Question} Question */
/** @typedef {import("@ai-sdk/provider").LanguageModelV4} LanguageModelV4 */

/** Room for an answer, as a client would set it. */
const MAX_OUTPUT = 600;
/** So often a write whose outcome nobody knows is asked for. */
const ATTEMPTS = 3;

/** @param {Gate} gate @param {import("./model.mjs").Sized} model @returns {Promise<void>} rejects where it may not be called */
export async function askModel(gate, model) {
  await gate.pass();
  if (gate.runId === null) return;
  const estimate = { input_tokens: model.size(), max_output_tokens: MAX_OUTPUT };
  const word = await gate.ask({ kind: "model", model: model.modelId, step: gate.step, estimate });
  if (word === null) throw new Refused(gate.refusal?.message ?? "refused");
  gate.words.set("model", word);
}

/** The same model, which tells what its call used. @param {Gate} gate @param {LanguageModelV4} model @returns {LanguageModelV4} */
export function toldModel(gate, model) {
  return {
    ...model,
    async doGenerate(options) {
      const word = gate.words.get("model");
      gate.words.delete("model");
      const began = performance.now();
      const tell = (/** @type {Record<string, unknown>} */ result) =>
        word ? gate.tell(word, { ...result, latency_ms: performance.now() - began }) : null;
      try {
        const answer = await model.doGenerate(options);
        const { inputTokens: i, outputTokens: o } = answer.usage;
        await tell({ status: "ok", tokens: { input: i.total ?? 0, output: o.total ?? 0, cached: i.cacheRead ?? 0 } });
        return answer;
      } catch (err) {
        await tell({ status: "error", error: said(err) });
        throw err;
      }
    },
  };
}

/** @param {unknown} err */
const said = (err) => (err instanceof Error ? { type: err.name, message: err.message } : { message: String(err) });

/** @param {unknown} err */
const failure = (err) => ({
  status: "error",
  ...(err instanceof HttpError ? { http_status: err.status } : {}),
  error: said(err),
});

/** The other side's name of what was written. @param {unknown} result */
function writtenAs(result) {
  const made = /** @type {Record<string, unknown>} */ (result ?? {});
  const id = made.ticket ?? made.refund ?? made.message_id ?? made.url;
  return typeof id === "string" ? { effect: { external_id: id } } : {};
}

/**
 * Does one call that the gate has allowed, answers from the ledger what has happened before, and tells what came of it.
 * A write whose outcome nobody knows is not simply tried again: the gate is asked first.
 * @param {Gate} gate @param {Question} question @param {string} callId @param {string} endpoint @param {() => Promise<unknown>} work
 */
export async function guarded(gate, question, callId, endpoint, work) {
  let word = gate.words.get(callId) ?? null;
  gate.words.delete(callId);
  if (gate.runId === null) return work();
  for (let attempt = 1; ; attempt++) {
    word ??= await gate.ask(question);
    if (word === null) throw new Refused(gate.refusal?.message ?? "refused");
    if (word.outcome === "replay") return word.replay?.result ?? { done_before: word.replay?.external_id };
    noteOnSpan({ "interlock.decision.id": word.decision_id });
    const began = performance.now();
    const about = () => ({ endpoint, latency_ms: performance.now() - began });
    try {
      const result = await work();
      await gate.tell(word, { status: "ok", http_status: 200, result, ...about(), ...writtenAs(result) });
      return result;
    } catch (err) {
      const effect = await gate.tell(word, { ...failure(err), ...about() });
      if (effect !== "unknown" || attempt >= ATTEMPTS) throw err;
      word = null;
    }
  }
}
