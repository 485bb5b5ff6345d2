import type { Model, Runner } from "@openai/agents";
import type { GateOptions } from "../gate.js";

export type AgentGateOptions = GateOptions & {
  /** Who resolves models that are given by name. @default what the framework's `run()` uses: its default provider */
  runner?: Runner;
  /** Models by name, where policy names another one beyond a soft limit. @default what the runner finds under the name; with a model object, the turn is refused */
  models?: Record<string, Model>;
  /** What the price table calls a model that is given as an object. @default the object's own `model`, `modelName`, `modelId` or `_model` */
  modelName?: string | ((model: Model) => string);
  /** Names of tools that the provider or the SDK executes (web search, hosted MCP, computer, shell …) and that may run without being asked about. @default none: such tools are refused */
  ungated?: string[];
};
