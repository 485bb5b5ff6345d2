import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { type CallOptions, currentRun, InvalidRequest } from "../index.js";
import { callThrough } from "./call.js";
import type { CallResult } from "./result.js";
import { isObject } from "./rpc.js";
import { type McpOptions, Tools } from "./tools.js";

const CALL = "tools/call";
type CallTool = Client["callTool"];
type Ask = (request: { method: string; params?: unknown }, schema: unknown, options?: unknown) => Promise<unknown>;

/**
 * The same client, whose calls of tools go through the run that is under way where it calls. A refusal is a result with `isError`.
 * `approval: "native"` is "return": the result names the address, and the same call is made again after the verdict.
 * @throws InvalidRequest outside of a run, and for calls as tasks, which cannot be gated; InterlockError where the run may not go on
 */
export function gate<C extends Client>(client: C, how: McpOptions = {}): C {
  const tools = new Tools(how);
  const approval: CallOptions["approval"] = (how.approval ?? "wait") === "wait" ? "wait" : "return";

  async function known(name: string): Promise<void> {
    tools.connector ??= client.getServerVersion()?.name;
    let cursor: string | undefined;
    while (!tools.complete && !tools.knows(name)) {
      const page = await client.listTools(cursor === undefined ? undefined : { cursor });
      tools.learn(page);
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
  }

  async function through(
    params: { name: string; arguments?: unknown; task?: unknown },
    options: { signal?: AbortSignal; task?: unknown } | undefined,
    call: (options: { signal: AbortSignal }) => Promise<unknown>,
  ): Promise<CallResult> {
    const run = how.run ?? currentRun();
    if (params.task !== undefined || options?.task !== undefined) throw asTask();
    options?.signal?.throwIfAborted();
    await known(params.name);
    const forward = async ({ signal }: { signal: AbortSignal }) => (await call({ ...options, signal })) as CallResult;
    const asked = { name: params.name, args: params.arguments };
    return (await callThrough(run, tools, asked, forward, { approval, cancelled: options?.signal })).result;
  }

  // What the SDK's own types say of an answer holds: it is the server's, or an error of the same shape.
  const callTool = ((params, schema, options) =>
    through(params, options, (o) => client.callTool(params, schema, { ...options, ...o }))) as CallTool;
  const request: Ask = (asked, schema, options) => {
    const plain = (o: unknown) => (client.request as Ask).call(client, asked, schema, o);
    if (asked.method !== CALL) return plain(options);
    const params = asked.params as { name: string };
    return through(params, isObject(options) ? options : undefined, plain);
  };
  const requestStream = (asked: { method: string }, ...rest: unknown[]) => {
    if (asked.method === CALL) throw asTask();
    return Reflect.apply(client.experimental.tasks.requestStream, client.experimental.tasks, [asked, ...rest]);
  };
  const tasks = over(() => client.experimental.tasks, { requestStream, callToolStream: refuse });
  const experimental = over(() => client.experimental, { tasks });
  return over(() => client, { callTool, request, requestStream, experimental }) as C;
}

/** Everything of `thing`, but for these. */
function over<T extends object>(thing: () => T, mine: Record<string, unknown>): T {
  return new Proxy(thing(), {
    get(target, key) {
      if (typeof key === "string" && Object.hasOwn(mine, key)) return mine[key];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}

const asTask = () => new InvalidRequest("A call as a task cannot be gated: use `callTool` without `task`.", 0);
const refuse = () => {
  throw asTask();
};
