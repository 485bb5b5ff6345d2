import { currentRun, type Run } from "../index.js";
import { stranger } from "./ai-sdk/model.js";
import type { Model } from "./ai-sdk/types.js";
import { Gate, type GateOptions } from "./gate.js";
import { gatedConfig, gatedModel, isGated } from "./mastra/model.js";
import { type AnyTool, gatedTools, isGated as isGatedTool, type Tools } from "./mastra/tools.js";

export { type Calling, ToolRefused } from "./ai-sdk/tools.js";
export type { GateOptions, ToolFacts } from "./gate.js";

export type MastraGateOptions = GateOptions & {
  /** Models that policy may name beyond a soft limit, by that name. One that is named and not here ends the run. */
  models?: Record<string, Model>;
  /** Tools that are let through unasked: such as run at the provider, or `agent-…` for a sub-agent that is gated itself. */
  ungated?: readonly string[];
};
type Step = { model: Model; tools?: Record<string, AnyTool> };
type Processor = { id: string; processInputStep: (step: Step) => { model: Model } | undefined };
type Config = { model: unknown; tools?: unknown; inputProcessors?: unknown };

/**
 * What `new Agent` takes, with each call of the model and each tool asked for before it happens and told of after it.
 * @param config the agent's own options; what is not about its models and tools passes as it is
 * @returns the same, to be given to `new Agent`
 * @throws InvalidRequest for a tool that cannot be held and is not in `ungated`
 */
export function gate<C extends { model: unknown }>(config: C, how: MastraGateOptions = {}): C {
  const { ungated = [], models, maxOutputTokens } = how;
  // Work that goes on elsewhere has lost its place: then it belongs to the run in which this was called.
  const made = how.run ?? underWay();
  const here = (): Gate => new Gate({ ...how, run: how.run ?? underWay() ?? made });
  const known = new Set<string>();
  const tooled = { gate: here, ungated, known, native: how.approval === "native" };
  const modelled = { gate: here, models, ungated, known, maxOutputTokens };

  /** Before each step: a model or a tool that a call brings along instead of the agent's own. */
  const processor: Processor = {
    id: "interlock",
    processInputStep({ model, tools = {} }) {
      const strangers = Object.entries(tools)
        .filter(([name, tool]) => !ungated.includes(name) && !isGatedTool(tool))
        .map(([name]) => name);
      if (strangers.length > 0) throw stranger(here().run, strangers);
      // Another form than `models` has: a name of policy's is refused here.
      return isGated(model) ? undefined : { model: gatedModel(model, { ...modelled, models: undefined }) };
    },
  };
  const given = config as Config;
  const gated: Config = {
    ...given,
    model: gatedConfig(given.model, modelled),
    inputProcessors: beside(given.inputProcessors, processor),
  };
  if (typeof given.tools === "function") {
    const made = given.tools as (about: unknown) => Tools | Promise<Tools>;
    gated.tools = async (about: unknown) => gatedTools((await made(about)) ?? {}, tooled);
  } else if (given.tools) gated.tools = gatedTools(given.tools as Tools, tooled);
  return gated as C;
}

/** The agent's processors, and the gate's as the last. */
function beside(given: unknown, processor: Processor): unknown {
  if (typeof given === "function") return async (about: unknown) => [...((await given(about)) ?? []), processor];
  return [...((given ?? []) as unknown[]), processor];
}

function underWay(): Run | undefined {
  try {
    return currentRun();
  } catch {
    return undefined;
  }
}
