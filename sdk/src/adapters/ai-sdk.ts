import { currentRun, type Run } from "../index.js";
import { needsApproval, toolApproval } from "./ai-sdk/approval.js";
import { gatedModel } from "./ai-sdk/model.js";
import { gatedTools } from "./ai-sdk/tools.js";
import type { Model, Options, Tools } from "./ai-sdk/types.js";
import { Gate, type GateOptions } from "./gate.js";

export { type Calling, ToolRefused } from "./ai-sdk/tools.js";
export type { GateOptions, ToolFacts } from "./gate.js";

/** What may bring another model or other tools along. */
const HOOKS = ["prepareStep", "experimental_prepareStep", "prepareCall"] as const;

export type AiSdkGateOptions = GateOptions & {
  /** Models that policy may name beyond a soft limit, by that name. One that is named and not here ends the run. */
  models?: Record<string, Model | string>;
  /** Tools that run where no gate can stand, such as at the provider, and are let through unasked. */
  ungated?: readonly string[];
};

/**
 * What `generateText`, `streamText` and `new ToolLoopAgent` take, with each call of the model and each tool asked for
 * before it happens and told of after it. Version 6 and 7 of the AI SDK.
 * @param options the framework's own: `model`, `tools` and whatever else; what is not about these passes as it is
 * @returns the same, to be given to the framework
 * @throws InvalidRequest for a tool that cannot be held and is not in `ungated`, and for a model that is only a name
 */
export function gate<O extends { model: unknown }>(options: O, how: AiSdkGateOptions = {}): O {
  const { ungated = [], models, maxOutputTokens } = how;
  // A stream that is read elsewhere has lost its place: then it belongs to the run in which this was called.
  const made = how.run ?? underWay();
  const run = (): Run | undefined => how.run ?? underWay() ?? made;
  const here = (): Gate => new Gate({ ...how, run: run() });
  const gating = { gate: here, models, ungated, known: new Set<string>(), maxOutputTokens };

  /** What the framework is handed, also where its own hooks make it anew for a step. */
  const held = (given: Options): Options => {
    const { model, tools } = given;
    return {
      ...given,
      ...(model === undefined ? {} : { model: gatedModel(model, gating) }),
      ...(tools ? { tools: heldTools(tools) } : {}),
    };
  };
  const heldTools = (tools: Tools): Tools => {
    const gated = gatedTools(tools, gating);
    if (how.approval !== "native") return gated;
    for (const [name, tool] of Object.entries(gated))
      if (tool !== tools[name])
        Object.defineProperty(tool, "needsApproval", {
          enumerable: true,
          configurable: true,
          value: needsApproval(name, tools[name] ?? {}, here),
        });
    return gated;
  };
  const anew = (hook: (about: unknown) => unknown) => async (about: unknown) => {
    const made = await hook(about);
    return typeof made === "object" && made !== null ? held(made) : made;
  };

  const given = options as Options;
  const gated: Options = held(given);
  const { tools = {} } = given;
  if (how.approval === "native") gated.toolApproval = toolApproval(given.toolApproval, tools, here, ungated);
  for (const name of HOOKS) {
    const hook = given[name];
    if (hook) gated[name] = anew(hook);
  }
  // Read by each call of the framework, so that options which are made once follow the run that they are used in.
  Object.defineProperty(gated, "abortSignal", {
    enumerable: true,
    configurable: true,
    get: () => joined(given.abortSignal, run()?.signal),
  });
  return gated as O;
}

const joined = (...signals: (AbortSignal | undefined)[]): AbortSignal | undefined => {
  const some = signals.filter((signal) => signal !== undefined);
  return some.length > 1 ? AbortSignal.any(some) : some[0];
};

function underWay(): Run | undefined {
  try {
    return currentRun();
  } catch {
    return undefined;
  }
}
