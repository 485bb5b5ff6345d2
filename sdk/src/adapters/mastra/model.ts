import { InvalidRequest } from "../../index.js";
import { generate, type ModelGating, stream } from "../ai-sdk/model.js";
import type { CallParams, Model } from "../ai-sdk/types.js";

type Dynamic = (about: { mastra?: { listGateways?: () => Record<string, unknown> | undefined } }) => unknown;

/** What is inside of a gated model: gated again, it is asked for once. */
const inside = new WeakMap<object, Model>();
/** Mastra puts a model into one of its own and keeps this field of it: by it a gated model is known again. */
const marks = new WeakSet<object>();

const isObject = (thing: unknown): thing is object => typeof thing === "object" && thing !== null;
const isModel = (thing: unknown): thing is Model =>
  isObject(thing) && "specificationVersion" in thing && "doStream" in thing && "doGenerate" in thing;

export const isGated = (model: Model): boolean =>
  inside.has(model) || (isObject(model.supportedUrls) && marks.has(model.supportedUrls));

/** The model of an agent's options, in each form that Mastra takes: itself, a name, a function, or several to fall back on. */
export function gatedConfig(given: unknown, how: ModelGating): unknown {
  if (Array.isArray(given))
    return given.map((one) =>
      isObject(one) && "model" in one ? { ...one, model: gatedConfig(one.model, how) } : gatedConfig(one, how),
    );
  if (typeof given === "function")
    return async (about: unknown) => gatedConfig(await (given as (about: unknown) => unknown)(about), how);
  if (isModel(given)) return gatedModel(inside.get(given) ?? given, how);
  const routed: Dynamic = async ({ mastra }) => {
    const { ModelRouterLanguageModel } = await import("@mastra/core/llm");
    type Config = ConstructorParameters<typeof ModelRouterLanguageModel>;
    const gateways = Object.values(mastra?.listGateways?.() ?? {}) as Config[1];
    return gatedModel(new ModelRouterLanguageModel(given as Config[0], gateways) as unknown as Model, how);
  };
  return routed;
}

/** The same model, asked for before each call, and only with tools that are asked for too. */
export function gatedModel(model: Model, how: ModelGating): Model {
  if (isGated(model)) return model;
  if (!["v2", "v3", "v4"].includes(model.specificationVersion))
    throw new InvalidRequest(`Models of specification ${model.specificationVersion} (AI SDK 4) cannot be held.`, 0);
  let urls: object | undefined;
  const gated = new Proxy(model, {
    get(target, key) {
      switch (key) {
        case "doGenerate":
          return (params: CallParams) => generate(model, params, how);
        case "doStream":
          return (params: CallParams) => stream(model, params, how);
        case "supportedUrls":
          urls ??= Promise.resolve(target.supportedUrls ?? {});
          marks.add(urls);
          return urls;
        default: {
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === "function" ? value.bind(target) : value;
        }
      }
    },
  });
  inside.set(gated, model);
  return gated;
}
