/** What the API says when the answer is no: RFC 9457, with the path of each thing that is wrong. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly traceId: string | null,
    readonly errors: { path: string; message: string }[],
  ) {
    super(message);
    this.name = "ApiProblem";
  }
}

type Values = Record<string, string | number | boolean | null | undefined>;

/** `?a=1&b=2`, without what is empty. */
export function query(values: Values): string {
  const parts = Object.entries(values).filter(([, v]) => v !== null && v !== undefined && v !== "");
  return parts.length === 0 ? "" : `?${new URLSearchParams(parts.map(([k, v]) => [k, String(v)]))}`;
}

async function call<T>(
  environment: string | null,
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  more: Record<string, string> = {},
): Promise<T> {
  const headers: Record<string, string> = { ...more };
  if (environment) headers["interlock-environment"] = environment;
  if (body !== undefined) headers["content-type"] ??= "application/json";
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers,
    body: body === undefined || typeof body === "string" || body instanceof Blob ? body : JSON.stringify(body),
    signal,
  }).catch((err: Error) => {
    if (err.name === "AbortError") throw err;
    throw new ApiProblem(0, "unreachable", "The server cannot be reached.", null, []);
  });
  const text = await answer.text();
  const value: unknown = text === "" ? null : parse(text);
  if (answer.ok) return value as T;
  const said = (value ?? {}) as {
    code?: string;
    detail?: string;
    trace_id?: string;
    errors?: { path: string; message: string }[];
  };
  throw new ApiProblem(
    answer.status,
    said.code ?? "unknown",
    said.detail ?? `HTTP ${answer.status}`,
    said.trace_id ?? null,
    said.errors ?? [],
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The one API, from a page: the session's cookie says who, the environment's slug says where. */
export const api = (environment: string | null) => ({
  get: <T>(path: string, signal?: AbortSignal) => call<T>(environment, "GET", path, undefined, signal),
  post: <T>(path: string, body: unknown = {}) => call<T>(environment, "POST", path, body),
  put: <T>(path: string, body: unknown) => call<T>(environment, "PUT", path, body),
  patch: <T>(path: string, body: unknown, headers?: Record<string, string>) =>
    call<T>(environment, "PATCH", path, body, undefined, headers),
  delete: <T>(path: string) => call<T>(environment, "DELETE", path),
  /** A text as it stands, with the headers that say what it is. */
  putText: <T>(path: string, text: string, headers: Record<string, string>, signal?: AbortSignal) =>
    call<T>(environment, "PUT", path, text, signal, headers),
  /** A file as it stands. */
  putFile: <T>(path: string, file: Blob) =>
    call<T>(environment, "PUT", path, file, undefined, { "content-type": file.type || "application/octet-stream" }),
});

/** Keys begin with the environment and a topic of `/api/v1/events`, so that a change there refreshes what it concerns. */
export type Topic =
  | "runs"
  | "controls"
  | "fleet"
  | "audit"
  | "settings"
  | "policies"
  | "budgets"
  | "approvals"
  | "decisions"
  | "alerts"
  | "failures"
  | "incidents"
  | "notifications"
  | "evaluations"
  | "readiness";
