import { Gate, type ToolFacts } from "../adapters/gate.js";
import {
  BudgetExhausted,
  type CallOptions,
  InvalidRequest,
  NotExecuted,
  type Run,
  type Schema,
  Unavailable,
} from "../index.js";
import { Scope } from "../time.js";
import { type CallResult, refused, replayed, SaidError } from "./result.js";
import { RpcError } from "./rpc.js";
import type { Tools } from "./tools.js";

export type ToolCall = { name: string; args: unknown };
export type Forward = (context: { signal: AbortSignal }) => Promise<CallResult>;
export type Called = {
  result: CallResult;
  /** Why it was refused; null where the tool itself was asked. */
  code: string | null;
};
type How = Pick<CallOptions, "approval" | "onAsked"> & {
  /** The caller takes the call back. */
  cancelled?: AbortSignal;
  /** A session outlives an outage, a budget that is met and a call that makes no sense: each call is refused by itself. @default false */
  outlives?: boolean;
};

class SessionGate extends Gate {
  protected override ends(error: unknown): boolean {
    return ![Unavailable, BudgetExhausted, InvalidRequest].some((one) => error instanceof one);
  }
}

/**
 * One call of a tool of MCP through the run. What the tool said, and what is about this call alone, is a result.
 * @throws InterlockError where the run may not go on | RpcError, as the server answered it
 */
export async function callThrough(
  run: Run,
  tools: Tools,
  call: ToolCall,
  forward: Forward,
  how: How = {},
): Promise<Called> {
  const { cancelled, outlives = false, ...options } = how;
  const { output, ...facts } = tools.facts(call.name);
  // What is told of a call may be a part of what was answered: the whole is for the caller, as it came to the check.
  let whole: CallResult = {};
  const keeping: Schema = {
    "~standard": {
      version: 1,
      vendor: "interlock",
      validate: (value) => {
        whole = value as CallResult;
        return output["~standard"].validate(value);
      },
    },
  };
  const { failures } = tools.options;
  const about = { [call.name]: { ...facts, output: keeping as ToolFacts["output"] } };
  const gate = new (outlives ? SessionGate : Gate)({ run, tools: about, ...(failures ? { failures } : {}) });
  const outcome = await gate.tool(
    call.name,
    call.args ?? {},
    async ({ signal }) => {
      if (cancelled?.aborted) throw new NotExecuted(`${call.name} was taken back before it began.`);
      const either = new Scope(signal, cancelled);
      try {
        const result = await forward({ signal: either.signal });
        if (result.isError === true) throw new SaidError(result);
        return result as unknown;
      } catch (error) {
        throw error instanceof RpcError && error.nothingDone ? new NotExecuted(error.message, error) : error;
      } finally {
        either.release();
      }
    },
    options,
  );
  if (outcome.ok) return { result: outcome.replayed ? replayed(outcome.data) : whole, code: null };
  const { cause } = outcome.error;
  if (cause instanceof RpcError) throw cause;
  if (cause instanceof SaidError) return { result: cause.result, code: null };
  return { result: refused(outcome.error), code: outcome.error.code };
}
