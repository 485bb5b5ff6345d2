// @ts-check
import { events } from "./sse.mjs";
import { backoff, child, sleep } from "./time.mjs";

/** @typedef {{ revision: number, mode: string, reason: string | null, directives: any[], safe_mode: { allowed_tools: string[] }, blocked_tools: string[], ttl_s: number, on_stale: string }} State */

const RANK = /** @type {Record<string, number>} */ ({ run: 0, safe_mode: 1, pause: 2, stop: 3 });
/** Comments come every 15 s: a stream that is silent for longer than this is dead. */
const SILENCE_MS = 40_000;
/** The state is sent at once: a stream that brings nothing is held back by somebody on the way. */
const FIRST_EVENT_MS = 10_000;
const POLL_S = 25;
/** An agent whose server is back should not stay stale for long. */
const RECONNECT_MS = 4_000;
/** Where the stream does not come through (a proxy that buffers), so many long polls before it is tried again. */
const POLLS = 10;

/** @param {string} pattern `email.*`; the star matches dots too @param {string} name */
export const matches = (pattern, name) =>
  pattern === name || new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(name);

/** What holds one instance now, kept fresh by the stream, or by long polls where that does not come through. */
export class Control {
  /** @param {import("./interlock.mjs").Interlock} api @param {{ agent_id: string, tenant_id: string, task_type: string, instance_id: string }} who */
  constructor(api, who) {
    this.api = api;
    this.who = who;
    /** @type {State | null} */
    this.state = null;
    this.confirmedAt = performance.now();
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    /** Runs of this instance, which an acknowledgement names. @type {Set<string>} */
    this.runs = new Set();
    this.wasStale = false;
    setInterval(() => this.#watchFreshness(), 1_000).unref();
    api.stopped.signal.addEventListener("abort", () => this.#tell(), { once: true });
    void this.#follow();
  }

  /** Nothing confirmed for `ttl_s`: then the agent acts as `on_stale` says. */
  get stale() {
    return this.state !== null && performance.now() - this.confirmedAt > this.state.ttl_s * 1000;
  }

  /** May a run begin? Not before the control state is known, nor while a switch or its age forbids it. */
  get admits() {
    return this.state !== null && !["stop", "pause"].includes(this.verdict(null).mode);
  }

  /**
   * What one run, or a run not yet begun, may do.
   * @param {string | null} runId @returns {{ mode: string, reason: string }}
   */
  verdict(runId) {
    const state = this.state;
    if (!state) return { mode: "run", reason: "" };
    let held = { mode: state.mode, reason: state.reason ?? "" };
    for (const d of state.directives)
      if (runId !== null && d.scope.kind === "run" && d.scope.key === runId && RANK[d.mode] > RANK[held.mode])
        held = { mode: d.mode, reason: d.reason };
    const onStale = this.stale && state.on_stale !== "continue" ? state.on_stale : "run";
    if (RANK[onStale] > RANK[held.mode]) held = { mode: onStale, reason: "the control state could not be confirmed" };
    return held;
  }

  /** @param {string | null} runId @param {string} tool @returns {string | null} why not */
  forbids(runId, tool) {
    const state = this.state;
    if (!state) return null;
    if (state.blocked_tools.some((p) => matches(p, tool))) return `${tool} is blocked`;
    const { mode, reason } = this.verdict(runId);
    const left = state.safe_mode.allowed_tools.some((p) => matches(p, tool));
    return mode === "safe_mode" && !left ? `${tool} is not left in safe mode: ${reason}` : null;
  }

  /** Resolves at the next change, or after `ms`. @param {number} ms @returns {Promise<void>} */
  changed(ms) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.listeners.add(done);
    });
  }

  /** A lower revision than the one that holds is never applied. @param {State} state @param {number} ageS */
  apply(state, ageS) {
    this.fresh(ageS);
    if (this.state && state.revision < this.state.revision) return;
    this.state = state;
    this.#tell();
    void this.api.acknowledge(this.who.instance_id, this.who.agent_id, state.revision, [...this.runs]);
  }

  /** Counted from when the server's own knowledge was confirmed, on this process's clock. @param {number} ageS */
  fresh(ageS) {
    this.confirmedAt = Math.max(this.confirmedAt, performance.now() - ageS * 1000);
  }

  #watchFreshness() {
    if (this.stale === this.wasStale) return;
    this.wasStale = this.stale;
    this.#tell();
  }

  #tell() {
    for (const tell of [...this.listeners]) tell();
  }

  async #follow() {
    const { signal } = this.api.stopped;
    for (let attempt = 0; !signal.aborted; ) {
      const heard = await this.#stream(signal).catch(() => "nothing");
      if (heard === "buffered") await this.#polls(signal);
      attempt = heard === "events" ? 0 : attempt + 1;
      await sleep(backoff(attempt, RECONNECT_MS), signal).catch(() => undefined);
    }
  }

  /** @param {AbortSignal} signal @returns {Promise<"events" | "buffered" | "nothing">} */
  async #stream(signal) {
    const work = child(signal);
    const query = new URLSearchParams(this.who);
    let heard = false;
    let ageS = 0;
    work.within(FIRST_EVENT_MS);
    try {
      const res = await fetch(`${this.api.url}/api/v1/control/stream?${query}`, {
        headers: this.api.headers({ accept: "text/event-stream" }),
        signal: work.signal,
      });
      if (!res.ok || !res.body) return "nothing";
      if (!res.headers.get("content-type")?.startsWith("text/event-stream")) return "buffered";
      ageS = Number(res.headers.get("age") ?? 0);
      for await (const { event, data, comment } of events(res.body)) {
        work.within(SILENCE_MS);
        const said = /^\s*Age: (\d+)/.exec(comment);
        if (said) ageS = Number(said[1]);
        if (said) this.fresh(ageS);
        if (event !== "control") continue;
        heard = true;
        this.apply(JSON.parse(data), ageS);
      }
    } catch {
      if (!heard && work.signal.aborted) return "buffered";
    } finally {
      work.release();
    }
    return heard ? "events" : "nothing";
  }

  /** @param {AbortSignal} signal */
  async #polls(signal) {
    for (let n = 0; n < POLLS && !signal.aborted; n++) {
      const revision = this.state?.revision;
      const query = new URLSearchParams({ ...this.who, wait_s: String(POLL_S) });
      if (revision !== undefined) query.set("applied_revision", String(revision));
      const work = child(signal);
      work.within((POLL_S + 10) * 1000);
      const res = await fetch(`${this.api.url}/api/v1/control?${query}`, {
        headers: this.api.headers(revision === undefined ? {} : { "if-none-match": `"${revision}"` }),
        signal: work.signal,
      }).catch(() => null);
      const ageS = Number(res?.headers.get("age") ?? 0);
      if (res?.status === 304) {
        this.fresh(ageS);
        const current = Number(res.headers.get("etag")?.replaceAll(/\D/g, ""));
        if (this.state && current > this.state.revision) this.state = { ...this.state, revision: current };
      } else if (res?.ok) this.apply(/** @type {State} */ (await res.json()), ageS);
      work.release();
      if (!res || res.status >= 400) await sleep(backoff(n), signal).catch(() => undefined);
    }
  }
}
