import { ApprovalPending, InvalidRequest, NotExecuted } from "../../index.js";
import { ToolRefused } from "../ai-sdk/tools.js";
import type { Gate } from "../gate.js";
import { held } from "../held.js";

type Suspends = { suspend?: (...about: unknown[]) => unknown };
/** What Mastra gives a tool beside its input; an AI SDK tool has the same fields that count here. */
type Context = Suspends & { abortSignal?: AbortSignal; agent?: Suspends; workflow?: Suspends; interlock?: unknown };
type Execute = (input: unknown, context?: Context) => unknown;
export type AnyTool = {
  execute?: Execute;
  onInputAvailable?: (about: unknown) => unknown;
  requireApproval?: unknown;
  needsApprovalFn?: unknown;
  needsApproval?: unknown;
};
export type Tools = Record<string, AnyTool>;
export type ToolGating = { gate: () => Gate; ungated: readonly string[]; known: Set<string>; native: boolean };

const gatedOnes = new WeakSet<AnyTool>();
/** Mastra makes each tool anew for a call and keeps this function of it: by it a gated tool is known again. */
const marks = new WeakSet<(about: unknown) => unknown>();

export const isGated = (tool: AnyTool): boolean =>
  gatedOnes.has(tool) || (tool.onInputAvailable !== undefined && marks.has(tool.onInputAvailable));

/** As Mastra writes a name that a model could not use. */
const shown = (name: string): string => {
  const plain = name.replace(/[^a-zA-Z0-9_-]/g, "_");
  return (/^[a-zA-Z_]/.test(plain) ? plain : `_${plain}`).slice(0, 63);
};

/** The same tools, each asked for where it is really called. @throws InvalidRequest for one that cannot be held */
export function gatedTools(tools: Tools, how: ToolGating): Tools {
  const gated = Object.entries(tools).map(([name, tool]): [string, AnyTool] => {
    if (how.ungated.includes(name)) return [name, tool];
    how.known.add(name).add(shown(name));
    if (isGated(tool)) return [name, tool];
    if (typeof tool.execute === "function") return [name, gatedTool(name, tool, how)];
    throw new InvalidRequest(
      `The tool ${name} has no \`execute\` here, so nobody can be asked before: name it in \`ungated\`.`,
      0,
    );
  });
  return Object.fromEntries(gated);
}

function gatedTool(name: string, tool: AnyTool, { gate, native }: ToolGating): AnyTool {
  const execute = (tool.execute as Execute).bind(tool);
  const onInputAvailable = (about: unknown): unknown => tool.onInputAvailable?.(about);
  marks.add(onInputAvailable);
  const needs = async (input: unknown, about: unknown): Promise<boolean> => {
    if (await needed(tool, input, about)) return true;
    return (await gate().ahead(name, input)) instanceof ApprovalPending;
  };
  const own = (value: unknown) => ({ value, enumerable: true, writable: true, configurable: true });
  const gated = Object.create(Object.getPrototypeOf(tool), {
    ...Object.getOwnPropertyDescriptors(tool),
    execute: own((input: unknown, context?: Context) => answered(gate(), name, input, context ?? {}, execute)),
    onInputAvailable: own(onInputAvailable),
    ...(native ? { requireApproval: own(needs), needsApprovalFn: own(needs), needsApproval: own(needs) } : {}),
  }) as AnyTool;
  gatedOnes.add(gated);
  return gated;
}

/** What the tool itself had said of approval. */
async function needed(tool: AnyTool, input: unknown, about: unknown): Promise<boolean> {
  const said = tool.needsApprovalFn ?? tool.requireApproval ?? tool.needsApproval;
  return typeof said === "function" ? Boolean(await said.call(tool, input, about)) : Boolean(said);
}

async function answered(
  gate: Gate,
  name: string,
  input: unknown,
  context: Context,
  execute: Execute,
): Promise<unknown> {
  let waits = false;
  const noting = (of: Suspends | undefined): void => {
    const suspend = of?.suspend;
    if (!of || !suspend) return;
    of.suspend = (...about) => {
      waits = true;
      return suspend(...about);
    };
  };
  for (const of of [context, context.agent, context.workflow]) noting(of);
  const outcome = await held(gate, name, input, context.abortSignal, async (abortSignal, interlock) => {
    // The same object, not a copy: Mastra knows by it that the input is checked.
    const answer = await execute(input, Object.assign(context, { abortSignal, interlock }));
    // A tool that waits for its own resume has not done its work: it is asked for again when it goes on.
    if (waits && answer === undefined) throw new NotExecuted("The tool waits to be resumed.");
    return answer;
  });
  if (outcome.ok) return outcome.data;
  if (waits && outcome.error instanceof NotExecuted) return undefined;
  throw new ToolRefused(outcome.error);
}
