import { randomBytes } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import type { z } from "zod";
import { knownRevision, stateOf } from "../controls";
import { announce, type Topic } from "../platform/announce";
import { type Ctx, INSTALLATION } from "../platform/ctx";
import { STATUS } from "../platform/errors";
import { readJson } from "./body";
import { identify } from "./identify";
import { counted } from "./metrics";
import { problemHeaders, problemOf, toFailure } from "./problem";

export type App = Hono<{ Bindings: HttpBindings }>;
export type Call = Context<{ Bindings: HttpBindings }>;

/** One line of the API: what stands in the document is what the code validates with. */
export type Endpoint = {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** As in OpenAPI, below /api/v1: `/runs/{run_id}/finish`. */
  path: string;
  summary: string;
  tag: string;
  input: z.ZodType;
  output?: z.ZodType;
  status?: 200 | 201 | 204;
  /** Without a key or session. */
  open?: boolean;
  /** The body is left unread: `run` hands it on as bytes. */
  raw?: boolean;
  /** Pages about these are out of date once it has succeeded. */
  tells?: readonly Topic[];
  run: (ctx: Ctx, input: Record<string, unknown>, call: Call) => Promise<unknown>;
};

/** An answer that is not 200 with plain JSON. */
export class Reply {
  constructor(
    readonly status: number,
    readonly body: string | Uint8Array | null,
    readonly headers: Record<string, string> = {},
  ) {}
  static json(status: number, value: unknown): Reply {
    return new Reply(status, JSON.stringify(value), { "content-type": "application/json" });
  }
}

type Callable = { input: z.ZodType; (ctx: Ctx, raw: never): Promise<unknown> };
type Declared = Omit<Endpoint, "input" | "run">;

/** An endpoint that is a verb and nothing else. */
export const verb = (call: Callable, declared: Declared): Endpoint => ({
  ...declared,
  input: call.input,
  run: (ctx, input) => call(ctx, input as never),
});

/** W3C trace context where the caller sends one, so that its trace and our log meet. */
export function traceIdOf(call: Call): string {
  const parent = call.env.incoming.headers.traceparent;
  const found = typeof parent === "string" ? /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(parent)?.[1] : undefined;
  return found ?? randomBytes(16).toString("hex");
}

export const environmentSlug = (call: Call): string | null =>
  call.req.header("interlock-environment") ?? call.req.query("environment") ?? null;

/** Query, then body, then path: what stands in the path wins. `environment` of a session is not input. */
async function gather(call: Call, { method, raw }: Endpoint): Promise<Record<string, unknown>> {
  const query: Record<string, unknown> = {};
  for (const [name, values] of Object.entries(call.req.queries())) {
    if (name !== "environment") query[name] = values.length === 1 ? values[0] : values;
  }
  const body = method === "get" || raw ? {} : await readJson(call.env.incoming);
  return { ...query, ...body, ...call.req.param() };
}

const SYSTEM: Ctx = {
  environmentId: INSTALLATION,
  actor: { type: "system", id: "open", name: "nobody" },
  requestId: "",
  now: () => new Date(),
};

export async function revisionHeader(ctx: Ctx): Promise<Record<string, string>> {
  if (ctx.environmentId === INSTALLATION) return {};
  const revision = knownRevision(ctx.environmentId) ?? (await stateOf(ctx.environmentId)).snapshot.revision;
  return { "interlock-control-revision": String(revision) };
}

export function mount(app: App, endpoint: Endpoint): void {
  const path = `/api/v1${endpoint.path.replace(/\{(\w+)\}/g, ":$1")}`;
  app[endpoint.method](path, async (call) => {
    const requestId = traceIdOf(call);
    let headers: Record<string, string> = {};
    try {
      const ctx = endpoint.open
        ? { ...SYSTEM, requestId }
        : await identify(call.env.incoming, requestId, environmentSlug(call));
      headers = await revisionHeader(ctx);
      const value = await endpoint.run(ctx, await gather(call, endpoint), call);
      if (endpoint.tells) announce(ctx.environmentId, ...endpoint.tells);
      // A switch that was set by this call is in the header of its own answer.
      if (endpoint.tells?.includes("controls")) headers = await revisionHeader(ctx);
      return answer(endpoint, value, headers);
    } catch (err) {
      const failure = toFailure(err, requestId);
      counted(endpoint.path, STATUS[failure.code]);
      const body = JSON.stringify(problemOf(failure, requestId));
      return new Response(body, { status: STATUS[failure.code], headers: { ...headers, ...problemHeaders(failure) } });
    }
  });
}

function answer(endpoint: Endpoint, value: unknown, headers: Record<string, string>): Response {
  if (value instanceof Response) return value;
  const status = value instanceof Reply ? value.status : (endpoint.status ?? 200);
  counted(endpoint.path, status);
  if (value instanceof Reply) {
    const body = typeof value.body === "string" || value.body === null ? value.body : Buffer.from(value.body);
    return new Response(body, { status, headers: { ...headers, ...value.headers } });
  }
  if (status === 204) return new Response(null, { status, headers });
  return new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json", ...headers } });
}
