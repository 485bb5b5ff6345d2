import { type Code, Failure, type FieldError, STATUS } from "../platform/errors";
import { log } from "../platform/log";

export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: Code;
  trace_id: string;
  errors?: FieldError[];
};

const TITLE: Partial<Record<Code, string>> = {
  bad_request: "The request cannot be read",
  unauthorized: "No valid key or session",
  forbidden: "Not allowed",
  not_found: "Not found",
  invalid_input: "Not valid",
  too_large: "Too large",
  unavailable: "Try again in a moment",
  internal: "Something went wrong here",
};

/** Faults of the database that pass: a client that waits and asks again gets its answer. */
const PASSING =
  /^(08|40|53|55|57)|ECONN|ENOTFOUND|EPIPE|terminat|timeout|timed out|not accept|Connection|closed the connection|P1001|P1002|P1008|P1017|P2024|P2028|P2034/i;

/** Any error → what is wrong, publicly. Private causes go to the log with the trace id. */
export function toFailure(err: unknown, traceId: string): Failure {
  if (err instanceof Failure) return err;
  const said = err instanceof Error ? `${(err as { code?: string }).code ?? ""} ${err.message}` : String(err);
  if (PASSING.test(said)) {
    log.warn({ trace_id: traceId, err: said.slice(0, 300) }, "a passing fault");
    return new Failure("unavailable", "The database cannot be reached. Nothing was decided.", {
      retryAfterS: 1,
      cause: err,
    });
  }
  log.error({ trace_id: traceId, err: err instanceof Error ? err.stack : said }, "unexpected");
  return new Failure("internal", "Something went wrong here; the trace id says where in the log.", { cause: err });
}

export function problemOf(failure: Failure, traceId: string): Problem & Record<string, unknown> {
  const { code, message, errors, extra } = failure;
  return {
    ...extra,
    type: `urn:interlock:error:${code}`,
    title: TITLE[code] ?? code.replaceAll("_", " "),
    status: STATUS[code],
    detail: message,
    code,
    trace_id: traceId,
    ...(errors ? { errors } : {}),
  };
}

export function problemHeaders(failure: Failure): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  const retryAfterS = failure.retryAfterS ?? (failure.code === "unavailable" ? 1 : undefined);
  if (retryAfterS !== undefined) headers["retry-after"] = String(retryAfterS);
  if (failure.code === "unauthorized") headers["www-authenticate"] = 'Bearer realm="interlock"';
  return headers;
}
