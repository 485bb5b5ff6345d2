import { InvalidRequest, Unavailable } from "./errors.js";
import type { Settings } from "./options.js";
import { backoff, Scope, sleep } from "./time.js";

export type Answer = { status: number; body: Record<string, unknown>; headers: Headers };

/** Answers after which asking again may help; everything else is an answer. 0: nobody answered. */
export const passing = (status: number): boolean => status === 0 || status === 408 || status === 429 || status >= 500;

type Call = {
  signal?: AbortSignal;
  /** Milliseconds for which it is asked again. @default once */
  forMs?: number;
  timeoutMs?: number;
};

/** The API by plain fetch. Each call of it may be repeated: what is asked carries its own name, what is told says the same twice. */
export class Api {
  constructor(readonly settings: Settings) {}

  headers(more: Record<string, string> = {}): Record<string, string> {
    return { authorization: `Bearer ${this.settings.key}`, ...more };
  }

  /** @returns what was answered in the end; status 0 when nobody did. @throws the signal's reason */
  async call(method: "GET" | "POST", path: string, body?: unknown, how: Call = {}): Promise<Answer> {
    const until = performance.now() + (how.forMs ?? 0);
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#once(method, path, body, how);
      if (!passing(answer.status)) return answer;
      const asked = Number(answer.headers.get("retry-after") ?? 0) * 1000;
      const pause = Math.max(asked, backoff(attempt, 4_000));
      if (performance.now() + pause > until) return answer;
      await sleep(pause, how.signal);
    }
  }

  async #once(method: string, path: string, body: unknown, { signal, timeoutMs }: Call): Promise<Answer> {
    const scope = new Scope(signal);
    scope.within(timeoutMs ?? this.settings.requestTimeoutMs, () => new Error("no answer in time"));
    try {
      const answer = await this.settings.fetch(`${this.settings.url}/api/${path}`, {
        method,
        headers: this.headers(body === undefined ? {} : { "content-type": "application/json" }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: scope.signal,
      });
      const text = await answer.text();
      return { status: answer.status, body: parsed(text), headers: answer.headers };
    } catch {
      signal?.throwIfAborted();
      return { status: 0, body: {}, headers: new Headers() };
    } finally {
      scope.release();
    }
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** What an HTTP error means where no finer class is known: nobody decided, and nothing was done. */
export function problem(answer: Answer, doing: string): InvalidRequest | Unavailable {
  const { status, body } = answer;
  if (passing(status))
    return new Unavailable(`${doing}: ${status === 0 ? "Interlock cannot be reached" : `it answered ${status}`}.`);
  const issues = Array.isArray(body.errors) ? (body.errors as { path: string; message: string }[]) : [];
  const where = issues.map((i) => `${i.path}: ${i.message}`).join("; ");
  const said = typeof body.detail === "string" ? body.detail : `it answered ${status}`;
  return new InvalidRequest(
    `${doing}: ${said}${where ? ` (${where})` : ""}`,
    status,
    issues,
    typeof body.code === "string" ? body.code : undefined,
  );
}
