import { BudgetExhausted, type Run } from "../index.js";
import { callThrough } from "./call.js";
import type { Listing } from "./listing.js";
import type { SessionOptions } from "./options.js";
import type { Peer } from "./peer.js";
import { type CallResult, refused } from "./result.js";
import {
  answered,
  type Ends,
  failed,
  type Id,
  INVALID_PARAMS,
  INVALID_REQUEST,
  isObject,
  type Message,
  type Request,
  RpcError,
} from "./rpc.js";
import type { Tools } from "./tools.js";
import type { View } from "./view.js";
import { Waiting } from "./waiting.js";

export const CALL = "tools/call";
type Parts = { ends: Ends; tools: Tools; server: Peer; client: Peer; listing: Listing; view: View };

/** The calls of tools of one session, from the client's request to the answer that it gets. */
export class Calls {
  readonly #open = new Map<Id, AbortController>();
  /** The last budget that was met. */
  exhausted: BudgetExhausted | null = null;

  constructor(
    private readonly options: SessionOptions,
    private readonly parts: Parts,
  ) {}

  /** Whether it was one of these. */
  cancel(id: Id, why: Error): boolean {
    const call = this.#open.get(id);
    call?.abort(why);
    return call !== undefined;
  }
  close(reason: Error): void {
    for (const call of this.#open.values()) call.abort(reason);
  }

  /** Takes one call. @throws what `run` throws: then nothing was sent */
  begin({ id, params = {} }: Request, context: unknown, elicits: boolean): Promise<void> | void {
    const { name } = params;
    const no = (code: number, why: string) => this.parts.ends.toClient(failed(id, code, why), context, id);
    if (typeof name !== "string") return no(INVALID_PARAMS, "A call needs the name of a tool.");
    if (this.#open.has(id)) return no(INVALID_REQUEST, `A request of the id ${id} is under way.`);
    if (params.task !== undefined) return no(INVALID_PARAMS, "A call as a task cannot be gated: call it without one.");
    // Asked for here, where the caller's own context still holds: outside of a run this throws, and nothing is sent.
    const run = this.options.run();
    const call = new AbortController();
    this.#open.set(id, call);
    void this.#answer(run, id, name, params, call.signal, context, elicits)
      .finally(() => this.#open.delete(id))
      .then((answer) => (call.signal.aborted ? undefined : this.parts.ends.toClient(answer, context, id)))
      .catch(() => undefined);
  }

  async #answer(
    opening: Run | Promise<Run>,
    id: Id,
    name: string,
    params: Record<string, unknown>,
    cancelled: AbortSignal,
    context: unknown,
    elicits: boolean,
  ): Promise<Message> {
    const give = new AbortController();
    const stop = () => give.abort(cancelled.reason);
    cancelled.addEventListener("abort", stop, { once: true });
    const { approval } = this.options;
    const elicit = approval === "native" && elicits;
    const waiting = new Waiting(this.parts.client, this.parts.ends, {
      id,
      name,
      params,
      context,
      elicit,
      giveUp: give,
    });
    try {
      const run = await opening;
      await this.parts.listing.of(name, context);
      const forward = async ({ signal }: { signal: AbortSignal }): Promise<CallResult> => {
        waiting.over();
        const result = await this.parts.server.request(CALL, sentOf(name, params), { signal, context, about: id });
        return isObject(result) ? result : {};
      };
      const how = {
        approval: approval === "return" ? ("return" as const) : ("wait" as const),
        onAsked: waiting.begin,
        cancelled: give.signal,
        outlives: this.options.outlives,
      };
      const called = callThrough(run, this.parts.tools, { name, args: params.arguments }, forward, how);
      const { result, code } = await Promise.race([called, waiting.refused]);
      if (code !== null) this.parts.view.refused(name, code);
      return answered(id, result);
    } catch (error) {
      if (error instanceof RpcError) return { jsonrpc: "2.0", id, error: error.error };
      if (error instanceof BudgetExhausted) this.exhausted = error;
      return answered(id, refused(error));
    } finally {
      waiting.over();
      cancelled.removeEventListener("abort", stop);
    }
  }
}

/** What was asked for, and nothing beside it that a lax server might read instead. */
const sentOf = (name: string, { arguments: args, _meta }: Record<string, unknown>): Record<string, unknown> => ({
  name,
  ...(args === undefined ? {} : { arguments: args }),
  ...(_meta === undefined ? {} : { _meta }),
});
