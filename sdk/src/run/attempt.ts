import { InterlockError, NotExecuted, OutputInvalid, ToolFailed } from "../errors.js";
import { check } from "../schema.js";
import { Scope } from "../time.js";
import type { Tool } from "../tool.js";
import type { Decision, ResultBody } from "../wire.js";

/** What one attempt brought: what is told of it, and what the caller gets. */
export type Attempt<T> = {
  body: ResultBody;
  data?: T;
  error?: InterlockError;
  thrown?: unknown;
  /** The other side asks for so many milliseconds of patience. */
  retryAfterMs?: number;
};

const MAX_RESULT = 64 * 1024;

/** Where clients put the status of an HTTP answer that they throw. */
export function statusOf(thrown: unknown): number | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const { status, statusCode, response } = thrown as {
    status?: unknown;
    statusCode?: unknown;
    response?: { status?: unknown };
  };
  const found = [status, statusCode, response?.status].find((s) => typeof s === "number" && s >= 100 && s <= 599);
  return found as number | undefined;
}

type Headers = { get?: (name: string) => unknown } & Record<string, unknown>;
/** What the other side says about coming back: the header of an HTTP answer that was thrown, in seconds or as a date. */
export function retryAfterOf(thrown: unknown): number | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const { headers, responseHeaders, response } = thrown as Record<string, { headers?: Headers } & Headers>;
  for (const from of [headers, responseHeaders, response?.headers]) {
    const said = typeof from?.get === "function" ? from.get("retry-after") : from?.["retry-after"];
    if (typeof said !== "string" && typeof said !== "number") continue;
    const ms = Number.isFinite(Number(said)) ? Number(said) * 1000 : Date.parse(String(said)) - Date.now();
    if (ms > 0) return ms;
  }
  return undefined;
}

function failure(thrown: unknown, what: string): { error: InterlockError; status: number | undefined } {
  const status = statusOf(thrown);
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const make = (code: "tool_rate_limit" | "tool_auth_failed" | "tool_failed") =>
    new ToolFailed(`${what} failed: ${said}`, { code, stopReason: code, cause: thrown });
  if (status === 429) return { error: make("tool_rate_limit"), status };
  if (status === 401 || status === 403) return { error: make("tool_auth_failed"), status };
  return { error: make("tool_failed"), status };
}

const saidBy = (thrown: unknown) => ({
  type: thrown instanceof Error ? thrown.name : "Error",
  message: String(thrown instanceof Error ? thrown.message : thrown).slice(0, 4_000),
});

/** What is told of a call that threw. Cut off in mid-call, nobody knows what the other side did. */
export function failedBy<T>(thrown: unknown, what: string, signal: AbortSignal): Attempt<T> {
  const error = saidBy(thrown);
  if (thrown instanceof NotExecuted) return { body: { status: "not_executed" }, error: thrown, thrown };
  if (signal.aborted) return { body: { status: "timeout", error }, error: over(signal, what), thrown };
  const { error: failed, status } = failure(thrown, what);
  const retryAfterMs = retryAfterOf(thrown);
  return {
    body: { status: "error", error, ...(status ? { http_status: status } : {}) },
    error: failed,
    thrown,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** A result as it may be told: JSON of at most 64 KB, else nothing of it. */
export function tellable(value: unknown): unknown {
  try {
    const text = JSON.stringify(value);
    return text === undefined || text.length > MAX_RESULT ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** Calls the tool once, within its time, and looks at what it answers. Never throws. */
export async function attempt<A, T>(
  tool: Tool<A, T>,
  args: A,
  decision: Decision,
  nth: number,
  signal: AbortSignal,
): Promise<Attempt<T>> {
  const scope = new Scope(signal);
  const { timeout_s } = decision.limits;
  const late = new ToolFailed(`${tool.name} did not answer within ${timeout_s} s.`, {
    code: "tool_timeout",
    stopReason: "tool_timeout",
  });
  scope.within(timeout_s * 1000, () => late);
  const began = performance.now();
  const took = () => ({ latency_ms: performance.now() - began, ...(tool.endpoint ? { endpoint: tool.endpoint } : {}) });
  try {
    const context = {
      signal: scope.signal,
      idempotencyKey: decision.idempotency_key,
      attempt: nth,
      decisionId: decision.decision_id || null,
    };
    // A tool that does not listen to its signal is not waited for.
    const raw = await Promise.race([Promise.resolve().then(() => tool.execute(args, context)), aborted(scope.signal)]);
    return await answered(tool, args, raw, took());
  } catch (thrown) {
    if (scope.signal.reason === late && scope.signal.aborted)
      return { body: { status: "timeout", error: saidBy(thrown), ...took() }, error: late, thrown };
    const { body, ...rest } = failedBy<T>(thrown, tool.name, signal);
    return { ...rest, body: { ...body, ...took() } };
  } finally {
    scope.release();
  }
}

async function answered<A, T>(tool: Tool<A, T>, args: A, raw: T, took: Partial<ResultBody>): Promise<Attempt<T>> {
  const body: ResultBody = { status: "ok", ...took };
  try {
    const data = tool.output ? await check(tool.output, raw, `The answer of ${tool.name}`) : raw;
    const result = tellable(data);
    const external_id = tool.externalId?.(data);
    const compensation = tool.compensation?.(data, args);
    const effect = { ...(external_id ? { external_id } : {}), ...(compensation ? { compensation } : {}) };
    return {
      data,
      body: {
        ...body,
        ...(result === undefined ? {} : { result }),
        ...(Object.keys(effect).length > 0 ? { effect } : {}),
        ...(tool.output ? { output_valid: true } : {}),
      },
    };
  } catch (err) {
    const result = tellable(raw);
    const error =
      err instanceof OutputInvalid
        ? err
        : new OutputInvalid(`The answer of ${tool.name} cannot be read: ${String(err)}`, []);
    return { error, body: { ...body, output_valid: false, ...(result === undefined ? {} : { result }) } };
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

const over = (signal: AbortSignal, what: string): InterlockError =>
  signal.reason instanceof InterlockError
    ? signal.reason
    : new ToolFailed(`${what} was cut off.`, { code: "cancelled", stopReason: "cancelled", cause: signal.reason });
