import { type FunctionTool, invokeFunctionTool, ToolTimeoutError } from "@openai/agents";
import type { Outcome } from "../../index.js";
import { type Gate, refusal } from "../gate.js";
import { GONE, held } from "../held.js";
import { settled, wouldAsk } from "./ask.js";
import { failing, SaidFailure } from "./failure.js";

/** In the third argument of a gated tool's `execute`. */
export type Calling = { interlock: Parameters<Work<unknown>>[1] };
type Work<T> = Parameters<typeof held<T>>[4];
export type Details = NonNullable<Parameters<FunctionTool["invoke"]>[2]>;

/** As the model wrote them: what is hashed, approved and replayed. */
export function argsOf(input: string): unknown {
  try {
    return JSON.parse(input === "" ? "{}" : input);
  } catch {
    return { input };
  }
}

/** The same with other values, and with what hangs on it by symbols that are not listed. */
export const altered = <T extends object>(thing: T, changes: Partial<T>): T =>
  Object.defineProperties(Object.create(Object.getPrototypeOf(thing) as object | null), {
    ...Object.getOwnPropertyDescriptors(thing),
    ...Object.getOwnPropertyDescriptors(changes),
  }) as T;

/** Asked once the questions that the SDK asked beforehand are settled. */
export async function calling<T>(
  gate: Gate,
  name: string,
  args: unknown,
  given: AbortSignal | undefined,
  work: Work<T>,
): Promise<Outcome<T>> {
  await settled(gate.run);
  return held(gate, name, args, given, work);
}

/** A function tool whose own execution asks first: also a call that was approved earlier and is resumed. */
export function gatedTool(tool: FunctionTool, gate: Gate): FunctionTool {
  // What was too late is told as that, and not as the text that the SDK makes of it.
  const raising = altered(tool, { timeoutBehavior: "raise_exception" });
  const invoke: FunctionTool["invoke"] = async (runContext, input, given) => {
    const outcome = await calling(gate, tool.name, argsOf(input), given?.signal, (signal, interlock) => {
      const details = altered<Details & Partial<Calling>>(given ?? {}, { signal, interlock });
      // The tool's own time-out counts from here, and not while a person is asked.
      return failing(tool.name, () => invokeFunctionTool({ tool: raising, runContext, input, details }));
    });
    if (outcome.ok) return outcome.replayed ? (outcome.data ?? GONE) : outcome.data;
    const { error } = outcome;
    if (error.cause instanceof SaidFailure) return error.cause.said;
    if (error.cause instanceof ToolTimeoutError && tool.timeoutBehavior !== "raise_exception")
      return tool.timeoutErrorFunction?.(runContext, error.cause, given) ?? error.cause.message;
    if (tool.outputSchema || error.cause instanceof ToolTimeoutError) throw error;
    return refusal(error);
  };
  return altered(tool, { invoke, timeoutMs: undefined, ...approvalOf(tool, gate) });
}

/** In native mode the SDK asks beforehand, and stands still. Its own reasons to ask stay. */
export function approvalOf(tool: FunctionTool, gate: Gate, name = tool.name): Partial<FunctionTool> {
  if (gate.options.approval !== "native") return {};
  const own = tool.needsApproval;
  return {
    needsApproval: async (context, args, callId) =>
      (await own(context, args, callId)) || (await wouldAsk(gate, name, args)),
  };
}
