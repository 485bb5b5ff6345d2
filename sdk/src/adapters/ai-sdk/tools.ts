import { type CallError, InvalidRequest } from "../../index.js";
import { type Gate, refusal } from "../gate.js";
import { held } from "../held.js";
import type { AnyTool, CallInfo, Tools } from "./types.js";

/** In the second argument of a gated tool's `execute`. */
export type Calling = {
  interlock: {
    /** The same for every attempt of the same write: hand it downstream. */
    idempotencyKey: string | null;
    /** Counted from 1. */
    attempt: number;
    /** What allowed it: as `interlock.decision.id` it belongs on spans of your own. Null where nobody could be asked. */
    decisionId: string | null;
  };
};
/** Why a tool did not answer, as the model is told; `cause` is the error itself. */
export class ToolRefused extends Error {
  constructor(override readonly cause: CallError) {
    super(refusal(cause));
    this.name = cause.name;
  }
}

type Execute = NonNullable<AnyTool["execute"]>;
const gatedOnes = new WeakSet<AnyTool>();

/** Where a tool runs that no gate can stand before. */
function outOfReach(tool: AnyTool): string | null {
  if (tool.isProviderExecuted) return "runs at the provider";
  if (typeof tool.execute !== "function") return "has no `execute` here";
  // Both are given another `execute` by the framework, after this one.
  if ((tool as { experimental_toolCaller?: { type?: string } }).experimental_toolCaller?.type === "local")
    return "calls other tools by itself";
  if (Symbol.for("vercel.ai.toolSearch") in tool) return "is made anew by the framework for each step";
  return null;
}

export type ToolGating = {
  gate: () => Gate;
  ungated: readonly string[];
  /** The names that are gated, to which these are added. */
  known: Set<string>;
};

/** The same tools, each asked for where it is really called. @throws InvalidRequest for one that cannot be held */
export function gatedTools(tools: Tools, { gate, ungated, known }: ToolGating): Tools {
  const gated = Object.entries(tools).map(([name, tool]): [string, AnyTool] => {
    if (ungated.includes(name)) return [name, tool];
    known.add(name);
    if (gatedOnes.has(tool)) return [name, tool];
    const why = outOfReach(tool);
    if (why === null) return [name, gatedTool(name, tool, gate)];
    throw new InvalidRequest(`The tool ${name} ${why}, so nobody can be asked before: name it in \`ungated\`.`, 0);
  });
  return Object.fromEntries(gated);
}

function gatedTool(name: string, tool: AnyTool, gate: () => Gate): AnyTool {
  const execute = (tool.execute as Execute).bind(tool);
  const call = (input: unknown, info: CallInfo, work: Execute): Promise<unknown> =>
    answered(gate(), name, input, info, work);
  const streams = Object.prototype.toString.call(tool.execute) === "[object AsyncGeneratorFunction]";
  const gated = Object.create(Object.getPrototypeOf(tool), {
    ...Object.getOwnPropertyDescriptors(tool),
    execute: {
      enumerable: true,
      writable: true,
      configurable: true,
      value: streams
        ? (input: unknown, info: CallInfo) => parts((work) => call(input, info, work), execute)
        : (input: unknown, info: CallInfo) => call(input, info, async (i, o) => last(await execute(i, o))),
    },
  }) as AnyTool;
  gatedOnes.add(gated);
  return gated;
}

async function answered(gate: Gate, name: string, input: unknown, info: CallInfo, work: Execute): Promise<unknown> {
  const outcome = await held(gate, name, input, info.abortSignal, (abortSignal, interlock) => {
    const calling: CallInfo & Calling = { ...info, abortSignal, interlock };
    return work(input, calling);
  });
  if (outcome.ok) return outcome.data;
  throw new ToolRefused(outcome.error);
}

const isStream = (thing: unknown): thing is AsyncIterable<unknown> =>
  typeof thing === "object" && thing !== null && Symbol.asyncIterator in thing;

/** What a tool answers that streams without being an async generator: its last part. */
async function last(answer: unknown): Promise<unknown> {
  if (!isStream(answer)) return answer;
  let part: unknown;
  for await (part of answer);
  return part;
}

/** What a tool yields on the way, handed on as it comes; then what the call brought. */
async function* parts(call: (work: Execute) => Promise<unknown>, execute: Execute): AsyncGenerator<unknown> {
  const waiting: unknown[] = [];
  let wake = () => {};
  let over = false;
  let newest: unknown;
  let any = false;
  const answer = call(async (input, info) => {
    let part: unknown;
    for await (part of execute(input, info) as AsyncIterable<unknown>) {
      waiting.push(part);
      wake();
    }
    return part;
  }).finally(() => {
    over = true;
    wake();
  });
  // Thrown below, where it is awaited; a reader that leaves early does not make it an unhandled one.
  answer.catch(() => undefined);
  for (;;) {
    while (waiting.length > 0) {
      newest = waiting.shift();
      any = true;
      yield newest;
    }
    if (over) break;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  const data = await answer;
  if (!any || data !== newest) yield data;
}
