// @ts-check
import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { child, sleep } from "./time.mjs";

/** @typedef {import("./worker.mjs").Worker} Worker */
/**
 * The gate's word on one question.
 * @typedef {{ decision_id: string, outcome: string, code: string, stop_reason: string | null, message: string,
 *   retry_after_ms: number | null, replay: { external_id: string | null, result: unknown } | null, approval: { id: string } | null }} Decision
 */
/** What is asked, as the API takes it. @typedef {Record<string, unknown> & { kind: "tool" | "model" }} Question */
/** Why the run must end. @typedef {{ stop_reason: string, code: string, message: string }} Refusal */

const HEARTBEAT_MS = 15_000;
/** A server that is being restarted is waited for; nothing is done meanwhile. */
const PATIENCE_MS = 60_000;

/** The gate said no, or nobody could be asked: then nothing is done. */
export class Refused extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "Refused";
  }
}

/** What the switch and the server's word do to one run that is under way. */
export class Gate {
  /** @param {Worker} worker @param {string | null} runId null: it asks nobody */
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
    /** @type {Refusal | null} */
    this.refusal = null;
    /** Answers to the calls of the present step, by the call's id. @type {Map<string, Decision>} */
    this.words = new Map();
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

  /** @param {string} stop_reason @param {string} code @param {string} message */
  #refuse(stop_reason, code, message) {
    this.refusal = { stop_reason, code, message };
    return null;
  }

  /** What the last known switches forbid needs no question. @param {string} tool @param {unknown} input */
  forbids(tool, input) {
    if (this.runId === null) return false;
    const { control } = this.worker;
    const again = this.failures.has(`${tool} ${JSON.stringify(input)}`);
    const retry =
      again && control.verdict(this.runId).mode === "safe_mode" ? `${tool} is tried once in safe mode` : null;
    const why = control.forbids(this.runId, tool) ?? retry;
    if (why !== null) this.#refuse("tool_denied", "safe_mode", why);
    return why !== null;
  }

  /**
   * May this happen? Waits where it has to wait, and for a person where one is asked.
   * @param {Question} question @returns {Promise<Decision | null>} an allow or a replay; null: no, and `refusal` says why
   */
  async ask(question) {
    /** @type {string | undefined} */
    let approval_id;
    for (;;) {
      await this.pass();
      const { api, who } = this.worker;
      const asked = {
        ...question,
        run_id: this.runId,
        request_id: randomUUID(),
        instance_id: who.instance_id,
        approval_id,
      };
      const { status, body } = await api.decide(asked, { signal: this.signal, forMs: PATIENCE_MS });
      this.signal.throwIfAborted();
      if (status === 404 || status === 409) {
        this.gone = true;
        this.#stop("the run is over");
        continue;
      }
      if (status !== 200)
        return this.#refuse("internal_error", body?.code ?? "unreachable", "nobody decided on the call");
      /** @type {Decision} */
      const word = body;
      switch (word.outcome) {
        case "allow":
        case "replay":
          return word;
        case "wait":
          await sleep(word.retry_after_ms ?? 1_000, this.signal);
          break;
        case "require_approval":
          if (word.approval) approval_id = await this.#answered(word.approval.id, word.code);
          break;
        default:
          return this.#refuse(word.stop_reason ?? "tool_denied", word.code, word.message);
      }
    }
  }

  /** Waits for a person. Where an outcome is unknown somebody may settle it instead: then the ledger is asked. @param {string} id @param {string} code */
  async #answered(id, code) {
    while (!this.signal.aborted) {
      const { status, body } = await this.worker.api.approval(id, this.signal);
      if (status === 200 && (body.status !== "pending" || code === "effect_unknown")) return id;
      if (status !== 200) await sleep(5_000, this.signal).catch(() => undefined);
    }
    return id;
  }

  /** What came of an allowed call. A result that says stop is obeyed. @param {Decision} word @param {Record<string, unknown>} result */
  async tell(word, result) {
    const { body } = await this.worker.api.result(word.decision_id, result);
    if (body?.next === "stop" && body.stop_reason !== "kill_switch")
      this.#refuse(body.stop_reason ?? "cancelled", body.code ?? "stop", "the result was the last that was wanted");
    return body?.effect?.status ?? null;
  }
}
