import { InvalidRequest, type ModelTurn, type Run } from "../../index.js";
import { Scope } from "../../time.js";
import type { Gate } from "../gate.js";
import { unless } from "../held.js";
import { readable, used } from "./prompt.js";
import { told } from "./stream.js";
import type { CallParams, Model, Part } from "./types.js";

export type ModelGating = {
  /** The gate of the run under way. */
  gate: () => Gate;
  /** Models that policy may name instead. */
  models?: Record<string, Model | string>;
  /** Names of the tools that are gated, as a model is shown them. */
  known: ReadonlySet<string>;
  ungated: readonly string[];
  /** As the caller set it: then it is also what the model is told. */
  maxOutputTokens?: number;
};

/** What is inside of a gated model: gated again, it is asked for once. */
const inside = new WeakMap<Model, Model>();

/** The model itself, where it is named by its id. @throws InvalidRequest where nobody has said which provider that is */
export function resolved(model: Model | string): Model {
  if (typeof model !== "string") return inside.get(model) ?? model;
  const { AI_SDK_DEFAULT_PROVIDER: provider } = globalThis as {
    AI_SDK_DEFAULT_PROVIDER?: { languageModel(id: string): Model };
  };
  if (provider) return provider.languageModel(model);
  throw new InvalidRequest(
    `The model "${model}" is only a name: give gateway("${model}") or another provider's model, or set AI_SDK_DEFAULT_PROVIDER.`,
    0,
  );
}

/** The same model, asked for before each call and told of after it. Nothing but its two calls is handed through. */
export function gatedModel(named: Model | string, how: ModelGating): Model {
  const model = resolved(named);
  const gated: Model = {
    specificationVersion: model.specificationVersion,
    provider: model.provider,
    modelId: model.modelId,
    get supportedUrls() {
      return model.supportedUrls;
    },
    doGenerate: (params) => generate(model, params, how),
    doStream: (params) => stream(model, params, how),
  };
  inside.set(gated, model);
  return gated;
}

/** One call of the model that answers at once. */
export async function generate(asked: Model, params: CallParams, how: ModelGating) {
  const { turn, model, scope, passed, check } = await begin(asked, params, how);
  let answer: Awaited<ReturnType<Model["doGenerate"]>>;
  try {
    answer = await unless(scope.signal, async () => turn.within(() => model.doGenerate(passed)));
  } catch (error) {
    await turn.failed(error);
    throw error;
  } finally {
    scope.release();
  }
  await turn.done(used(answer.usage), answer.content);
  // Mastra's router answers with an error's stream and nothing else.
  for (const part of answer.content ?? []) check(part);
  return answer;
}

/** One call of the model that answers in parts. */
export async function stream(asked: Model, params: CallParams, how: ModelGating) {
  const { turn, model, scope, passed, check } = await begin(asked, params, how);
  try {
    const answer = await unless(scope.signal, async () => turn.within(() => model.doStream(passed)));
    return { ...answer, stream: told(answer.stream, turn, scope, check) };
  } catch (error) {
    scope.release();
    await turn.failed(error);
    throw error;
  }
}

async function begin(asked: Model, params: CallParams, how: ModelGating) {
  const gate = how.gate();
  const { run } = gate;
  offered(params.tools, how);
  const maxOutputTokens = params.maxOutputTokens ?? how.maxOutputTokens;
  const about = { model: asked.modelId, prompt: readable(params), maxOutputTokens };
  const turn: ModelTurn = await gate.turn(about);
  let model: Model;
  try {
    model = instead(turn.model, asked, how);
  } catch (error) {
    await turn.failed(error);
    throw ended(run, error);
  }
  const scope = new Scope(turn.signal, params.abortSignal);
  const passed = {
    ...params,
    abortSignal: scope.signal,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
  /** What ran at the provider ran unasked: it cannot be undone, but the run does not go on as if nothing were. */
  const check = (part: Part): void => {
    if (part.type !== "tool-call" || !part.providerExecuted || how.ungated.includes(part.toolName ?? "")) return;
    const word = `${part.toolName} ran at the provider, unasked: name it in \`ungated\` if that is meant.`;
    throw ended(run, new InvalidRequest(word, 0));
  };
  return { turn, model, scope, passed, check };
}

/** What a call brings along besides what `gate` was given would run unasked: it is not shown to a model. */
function offered(tools: unknown, { known, ungated, gate }: ModelGating): void {
  const names = (Array.isArray(tools) ? tools : []).map((tool: { name?: unknown }) => String(tool.name));
  const strangers = names.filter((name) => !known.has(name) && !ungated.includes(name));
  if (strangers.length > 0) throw stranger(gate().run, strangers);
}

/** For tools that are not gated: the run is over for it. */
export const stranger = (run: Run, tools: string[]): unknown =>
  ended(
    run,
    new InvalidRequest(
      `Not gated: ${tools.join(", ")}. Give it to \`gate\` among the \`tools\`, or name it in \`ungated\`; nothing was called.`,
      0,
    ),
  );

function ended(run: Run, error: unknown): unknown {
  if (error instanceof InvalidRequest) run.abandon(error);
  return error;
}

/** The model that policy names. @throws InvalidRequest where it is not at hand */
function instead(name: string, asked: Model, { models }: ModelGating): Model {
  if (name === asked.modelId) return asked;
  const other = models?.[name];
  if (!other)
    throw new InvalidRequest(`Policy names ${name} instead of ${asked.modelId}, and \`models\` has no such model.`, 0);
  const model = resolved(other);
  if (model.specificationVersion === asked.specificationVersion) return model;
  const versions = `${model.specificationVersion}, not ${asked.specificationVersion}`;
  throw new InvalidRequest(`The model ${name} is of specification ${versions}: both must be the same.`, 0);
}
