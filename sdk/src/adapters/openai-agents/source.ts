import { getDefaultModel, type Model, Runner } from "@openai/agents";
import { InvalidRequest } from "../../index.js";

/** Which model, and how another one is found by its name. */
export type Source = {
  name: string;
  /** The object where one was given. */
  model?: Model;
  byName: (name: string) => Model | Promise<Model>;
  /** The SDK gives a model that is named its defaults where the agent has no settings of its own. */
  defaults: boolean;
};

/** The name of a model object, which the SDK's interface does not have. */
export function nameOf(model: Model, said: string | ((model: Model) => string) | undefined): string {
  const own = model as { model?: unknown; modelName?: unknown; modelId?: unknown; _model?: unknown };
  const found = [typeof said === "function" ? said(model) : said, own.model, own.modelName, own.modelId, own._model];
  const name = found.find((one) => typeof one === "string" && one !== "");
  if (typeof name === "string") return name;
  throw new InvalidRequest("The model does not say its name, so nobody can price it: give `modelName`.", 0);
}

/** What the agent's `model` stands for, as the runner would read it. */
export function sourceOf(
  model: string | Model | undefined,
  how: {
    runner?: Runner;
    models?: Record<string, Model>;
    modelName?: string | ((model: Model) => string);
    explicitSettings: boolean;
  },
): Source {
  const runner = how.runner ?? new Runner();
  const byName = (name: string) => how.models?.[name] ?? runner.config.modelProvider.getModel(name);
  const chosen = model || runner.config.model || getDefaultModel();
  if (typeof chosen === "string") return { name: chosen, byName, defaults: !how.explicitSettings };
  const name = nameOf(chosen, how.modelName);
  const only = (named: string): Model | Promise<Model> => {
    if (how.runner || how.models?.[named]) return byName(named);
    throw new InvalidRequest(`Policy names ${named} instead of ${name}, which is not at hand: give \`models\`.`, 0);
  };
  return { name, model: chosen, byName: only, defaults: false };
}
