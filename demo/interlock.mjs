// @ts-check
import { setMaxListeners } from "node:events";
import { backoff, child, sleep } from "./time.mjs";

// The few calls of the agent API that this fleet needs, by plain fetch: no SDK is needed to obey.

/** @typedef {{ status: number, body: any, headers: Headers }} Answer */
/** @typedef {{ run_id: string, status: string, owner: boolean, lease: { token: string } | null, control: any }} Opened */

const TIMEOUT_MS = 10_000;
/** Answers after which asking again may help; everything else is an answer. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

export class Interlock {
  /** @param {string} url @param {string} key */
  constructor(url, key) {
    this.url = url.replace(/\/+$/, "");
    this.key = key;
    this.stopped = new AbortController();
    setMaxListeners(0, this.stopped.signal);
  }

  /** @param {Record<string, string>} [more] */
  headers(more) {
    return { authorization: `Bearer ${this.key}`, ...more };
  }

  /**
   * One request, asked again with back-off while nobody answers. Each call of this API may be repeated: opening a run is
   * known by its request_id as each question is, finishing and acknowledging say the same thing twice.
   * @param {"GET" | "POST"} method @param {string} path @param {unknown} body
   * @param {{ signal?: AbortSignal, forMs?: number, timeoutMs?: number }} [options]
   * @returns {Promise<Answer>} what was answered in the end, status 0 when nobody did
   */
  async call(method, path, body, { signal = this.stopped.signal, forMs = 0, timeoutMs = TIMEOUT_MS } = {}) {
    const until = performance.now() + forMs;
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#once(method, path, body, signal, timeoutMs);
      if (answer.status !== 0 && !PASSING.has(answer.status)) return answer;
      const asked = Number(answer.headers.get("retry-after") ?? 0) * 1000;
      const pause = Math.max(asked, backoff(attempt));
      if (signal.aborted || performance.now() + pause > until) return answer;
      await sleep(pause, signal).catch(() => undefined);
    }
  }

  /** @param {string} method @param {string} path @param {unknown} body @param {AbortSignal} signal @param {number} timeoutMs @returns {Promise<Answer>} */
  async #once(method, path, body, signal, timeoutMs) {
    const work = child(signal);
    work.within(timeoutMs);
    try {
      const res = await fetch(`${this.url}/api/v1${path}`, {
        method,
        headers: this.headers(body === undefined ? {} : { "content-type": "application/json" }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: work.signal,
      });
      const text = await res.text();
      const json = text.startsWith("{") ? JSON.parse(text) : null;
      return { status: res.status, body: json, headers: res.headers };
    } catch {
      return { status: 0, body: null, headers: new Headers() };
    } finally {
      work.release();
    }
  }

  /** @param {Record<string, unknown>} run @returns {Promise<Answer>} */
  openRun(run) {
    return this.call("POST", "/runs", run, { forMs: 60_000 });
  }

  /** @param {string} runId @param {Record<string, unknown>} beat */
  heartbeat(runId, beat) {
    return this.call("POST", `/runs/${encodeURIComponent(runId)}/heartbeat`, beat, { forMs: 5_000 });
  }

  /** @param {Record<string, unknown>} question @param {{ signal: AbortSignal, forMs: number }} options */
  decide(question, options) {
    return this.call("POST", "/decisions", question, options);
  }

  /** Told also when the fleet stops: otherwise nobody would know what became of the call. @param {string} decisionId @param {Record<string, unknown>} result */
  result(decisionId, result) {
    const signal = new AbortController().signal;
    const forMs = this.stopped.signal.aborted ? 1_000 : 30_000;
    return this.call(
      "POST",
      `/decisions/${decisionId}/result`,
      { decision_id: decisionId, ...result },
      { signal, forMs },
    );
  }

  /** Held open until somebody has answered, or 55 s are over. @param {string} id @param {AbortSignal} signal */
  approval(id, signal) {
    return this.call("GET", `/approvals/${encodeURIComponent(id)}?wait_s=55`, undefined, { signal, timeoutMs: 65_000 });
  }

  /**
   * A finished run is worth many attempts; a server that is being restarted still gets to know it.
   * @param {string} runId @param {Record<string, unknown>} end @param {number} [forMs]
   */
  finish(runId, end, forMs = 600_000) {
    const signal = new AbortController().signal;
    return this.call("POST", `/runs/${encodeURIComponent(runId)}/finish`, end, { signal, forMs });
  }

  /** @param {string} instanceId @param {string} agentId @param {number} revision @param {string[]} runs */
  acknowledge(instanceId, agentId, revision, runs) {
    const body = { instance_id: instanceId, agent_id: agentId, applied_revision: revision, runs };
    return this.call("POST", "/control/ack", body, { forMs: 3_000 });
  }
}
