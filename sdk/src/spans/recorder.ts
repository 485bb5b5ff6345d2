import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import { type Api, passing } from "../api.js";
import { type Attributes, otlp } from "./attributes.js";

const EVERY_MS = 2_000;
const BATCH = 256;
/** Beyond so many waiting spans the oldest are dropped: spans are evidence, results and ends of runs are what must arrive. */
const MOST = 4_096;

export type Span = {
  readonly place: Place;
  set: (attributes: Attributes) => void;
  /** What is begun inside `work` becomes a child of this span. */
  within: <T>(work: () => T) => T;
  end: (error?: unknown) => void;
};
/** Where a span stands: what is begun below it names it as its parent. */
export type Place = { traceId: string; spanId: string };

const here = new AsyncLocalStorage<Place>();
const nanos = (ms: number): string => `${Math.round(ms * 1000)}000`;
const named = (error: unknown) =>
  error instanceof Error ? { type: error.name, message: error.message } : { type: "Error", message: String(error) };

/** Spans of this process, sent as OTLP/JSON in batches. */
export class Recorder {
  #waiting: unknown[] = [];
  #sending: Promise<void> = Promise.resolve();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(readonly api: Api) {
    this.#timer = setInterval(() => void this.flush(), EVERY_MS);
    this.#timer.unref?.();
  }

  /** Begins a span below the one that is under way here, if that is of the same trace as `root`; else below `root`. */
  start(name: string, attributes: Attributes, root?: Place): Span {
    const around = here.getStore();
    const parent = root && around?.traceId !== root.traceId ? root : around;
    const self: Place = {
      traceId: parent?.traceId ?? randomBytes(16).toString("hex"),
      spanId: randomBytes(8).toString("hex"),
    };
    const startMs = performance.timeOrigin + performance.now();
    const all: Attributes = { ...attributes };
    let ended = false;
    return {
      place: self,
      set: (more) => void Object.assign(all, more),
      within: (work) => here.run(self, work),
      end: (error) => {
        if (ended || !this.api.settings.telemetry) return;
        ended = true;
        const { type, message } = named(error);
        if (error !== undefined) all["error.type"] = type;
        this.#add({
          traceId: self.traceId,
          spanId: self.spanId,
          ...(parent ? { parentSpanId: parent.spanId } : {}),
          name,
          kind: 1,
          startTimeUnixNano: nanos(startMs),
          endTimeUnixNano: nanos(performance.timeOrigin + performance.now()),
          attributes: otlp(all),
          status: error === undefined ? { code: 1 } : { code: 2, message },
        });
      },
    };
  }

  /** Sends what waits. Never throws: what nobody takes in a while is dropped. */
  flush(): Promise<void> {
    this.#sending = this.#sending.then(() => this.#send());
    return this.#sending;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  #add(span: unknown): void {
    this.#waiting.push(span);
    if (this.#waiting.length > MOST) this.#waiting.shift();
    if (this.#waiting.length === BATCH) void this.flush();
  }

  async #send(): Promise<void> {
    const { agentId, instanceId, versions, deploymentEnv } = this.api.settings;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH);
      const resource = {
        attributes: otlp({
          "service.name": agentId,
          "service.instance.id": instanceId,
          "gen_ai.agent.name": agentId,
          "gen_ai.agent.version": versions.agent,
          "deployment.environment.name": deploymentEnv,
        }),
      };
      const body = {
        resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "@interlock/agent" }, spans: batch }] }],
      };
      const answer = await this.api.call("POST", "otel/v1/traces", body).catch(() => null);
      // Not now: they wait for the next turn. Anything else is an answer.
      if (answer === null || passing(answer.status)) return;
      this.#waiting = this.#waiting.filter((span) => !batch.includes(span));
    }
  }
}
