import type { BaseMessage } from "@langchain/core/messages";
import { InvalidRequest } from "../../index.js";
import type { Gate } from "../gate.js";
import { refuseHosted } from "./hosted.js";
import type { Inner, ModelFacts, Options } from "./inner.js";
import { Turns } from "./turn.js";

/** Where LangChain's bindings, sequences, maps and fallbacks have what they are made of. */
const PARTS = ["bound", "first", "middle", "last", "steps", "runnable", "fallbacks"] as const;
const isObject = (thing: unknown): thing is object => typeof thing === "object" && thing !== null;
/** What gives another model or a chain around one: some providers build it anew, and it would not ask. */
const MAKERS = ["bindTools", "withStructuredOutput", "withConfig", "bind"] as const;

const gated = new WeakSet<object>();

export class Models {
  readonly #turns: Turns;
  constructor(gate: Gate, facts: ModelFacts) {
    this.#turns = new Turns(gate, facts);
  }

  /** How many calls of a model have given an answer. */
  get answers(): number {
    return this.#turns.answers;
  }

  /** A model, or a chain that a model is in. @throws InvalidRequest where there is none: it would not ask */
  gated<T extends object>(thing: T): T {
    const found = this.#within(thing);
    if (found === null)
      throw new InvalidRequest("This is no chat model of LangChain, nor a chain with one: it cannot be held.", 0);
    return found;
  }

  #within<T extends object>(thing: T): T | null {
    if (gated.has(thing)) return thing;
    if (!("lc_runnable" in thing)) return null;
    const own = "_generate" in thing ? this.#model(thing as unknown as Inner) : this.#parts(thing);
    if (own === null) return null;
    const made = Object.create(thing, Object.getOwnPropertyDescriptors(own)) as T;
    gated.add(made);
    return made;
  }

  /** What a binding, a sequence, a map or fallbacks are made of; null where no model is in it. */
  #parts(thing: object): object | null {
    const own: Record<string, unknown> = {};
    let found = false;
    const within = (part: unknown): unknown => {
      const made = isObject(part) ? this.#within(part) : null;
      found ||= made !== null;
      return made ?? part;
    };
    for (const key of PARTS) {
      const part = key in thing ? (thing as Record<string, unknown>)[key] : undefined;
      // A sequence makes its `steps` of what comes first, between and last.
      if (part === undefined || (key === "steps" && "first" in thing)) continue;
      if (Array.isArray(part)) own[key] = part.map(within);
      else if (isObject(part) && !("lc_runnable" in part))
        own[key] = Object.fromEntries(Object.entries(part).map(([name, one]) => [name, within(one)]));
      else own[key] = within(part);
    }
    return found ? { ...own, ...this.#makers(thing) } : null;
  }

  #makers(thing: object): object {
    const own = thing as Record<string, (...args: unknown[]) => object>;
    return Object.fromEntries(
      MAKERS.filter((name) => typeof own[name] === "function").map((name) => [
        name,
        (...args: unknown[]) => {
          const given = name === "bindTools" ? args[0] : (args[0] as { tools?: unknown } | undefined)?.tools;
          refuseHosted(given, this.#turns.facts.ungated);
          return this.gated((own[name] as (...args: unknown[]) => object).apply(thing, args));
        },
      ]),
    );
  }

  #model(model: Inner): object {
    const made: Record<string, unknown> = {
      ...this.#makers(model),
      _generate: (messages: BaseMessage[], options: Options, manager?: unknown) =>
        this.#turns.generate(model, messages, options, manager),
    };
    // Only what the provider has of its own: LangChain looks at it to see whether a model can stream.
    for (const name of ["_streamResponseChunks", "_streamChatModelEvents"] as const)
      if (overridden(model, name))
        made[name] = (messages: BaseMessage[], options: Options, manager?: unknown) =>
          this.#turns.stream(model, name, messages, options, manager);
    // What LangChain has in its cache costs nothing and is no call.
    const { _generateCached } = model;
    if (_generateCached)
      made._generateCached = async (asked: unknown) => {
        const found = await _generateCached.call(model, asked);
        if (found.missingPromptIndices.length === 0) this.#turns.kept();
        return found;
      };
    // A model that is named by a string is made when it is called.
    const { _getModelInstance } = model;
    if (_getModelInstance)
      made._getModelInstance = async (config?: unknown) => this.gated(await _getModelInstance.call(model, config));
    return made;
  }
}

/** Whether the provider has it of its own: the class that generates without a cache is LangChain's. */
function overridden(model: object, name: string): boolean {
  for (let at = model; at; at = Object.getPrototypeOf(at) as object)
    if (Object.hasOwn(at, name)) return !Object.hasOwn(at, "_generateUncached");
  return false;
}
