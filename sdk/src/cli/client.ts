import { EXIT, Exit } from "./exit.js";

export type Json = Record<string, unknown>;
export type Page<T = Json> = { items: T[]; next_cursor: string | null };
const TIMEOUT_MS = 20_000;

/** The API with a key, for commands: what is refused becomes an exit with the server's own words. */
export class Client {
  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  /** @throws Exit */
  async call<T = Json>(method: string, path: string, body?: unknown, contentType = "application/json"): Promise<T> {
    const answer = await this.raw(method, path, body, contentType);
    const said = await answer.text();
    if (answer.ok) return (said === "" ? {} : parsed(said)) as T;
    const problem = parsed(said) as Json;
    const errors = Array.isArray(problem.errors) ? (problem.errors as { path: string; message: string }[]) : [];
    const lines = [String(problem.detail ?? problem.title ?? `answered ${answer.status}`)];
    for (const each of errors) if (each.message !== problem.detail) lines.push(`  ${each.path}: ${each.message}`);
    const code = [502, 503, 504].includes(answer.status) ? EXIT.unreachable : EXIT.refused;
    throw new Exit(code, lines.join("\n"), { status: answer.status, ...problem });
  }
  get = <T = Json>(path: string) => this.call<T>("GET", path);
  post = <T = Json>(path: string, body: unknown = {}) => this.call<T>("POST", path, body);

  /** @throws Exit where nobody answers */
  async raw(
    method: string,
    path: string,
    body?: unknown,
    contentType = "application/json",
    signal: AbortSignal = AbortSignal.timeout(TIMEOUT_MS),
  ): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.key}`, accept: "*/*" };
    if (body !== undefined) headers["content-type"] = contentType;
    const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    try {
      return await fetch(`${this.url}/api/v1${path}`, { method, headers, signal, ...sent });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
      throw new Exit(EXIT.unreachable, `${this.url} does not answer${cause}`);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { detail: text.slice(0, 400) };
  }
}

export const query = (of: Record<string, string | undefined>): string => {
  const given = Object.entries(of).filter((e): e is [string, string] => e[1] !== undefined && e[1] !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
};
