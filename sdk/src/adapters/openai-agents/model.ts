import {
  getDefaultModelSettings,
  type Model,
  type ModelRequest,
  type ModelResponse,
  type StreamEvent,
} from "@openai/agents";
import type { ModelTurn, ModelUse } from "../../index.js";
import { Scope } from "../../time.js";
import type { Gate } from "../gate.js";
import { listening, unless } from "../held.js";
import { readable, useOf } from "../readable.js";
import type { Source } from "./source.js";

type Settings = ModelRequest["modelSettings"];
type Usage = Pick<ModelResponse["usage"], "inputTokens" | "outputTokens"> & { inputTokensDetails?: unknown };

/** Asks before each call, whoever runs the agent: a retry of the runner is another call. */
export class GatedModel implements Model {
  readonly supportsPromptModelSelection: boolean | undefined;
  constructor(
    readonly gate: Gate,
    readonly source: Source,
  ) {
    this.supportsPromptModelSelection = source.model?.supportsPromptModelSelection;
  }

  async getResponse(request: ModelRequest): Promise<ModelResponse> {
    const turn = await this.#turn(request);
    const scope = new Scope(request.signal, turn.signal);
    try {
      const response = await this.#failing(turn, async () => {
        const model = await this.#model(turn.model);
        return unless(scope.signal, () => turn.within(() => model.getResponse(this.#request(request, scope.signal))));
      });
      await turn.done(used(response.usage), response.output);
      return response;
    } finally {
      scope.release();
    }
  }

  async *getStreamedResponse(request: ModelRequest): AsyncIterable<StreamEvent> {
    const turn = await this.#turn(request);
    const scope = new Scope(request.signal, turn.signal);
    let told = false;
    try {
      const model = await this.#model(turn.model);
      const stream = turn.within(() => model.getStreamedResponse(this.#request(request, scope.signal)));
      for await (const event of listening(stream, scope.signal)) {
        if (event.type === "response_done" && !told) {
          told = true;
          await turn.done(used(event.response.usage), event.response.output);
        }
        yield event;
      }
    } catch (error) {
      if (!told) await turn.failed(error);
      told = true;
      throw error;
    } finally {
      scope.release();
      // Whoever stops reading has used what it cost so far, and nobody says how much that is: the estimate stays booked.
      if (!told) await turn.failed(new Error("The answer was not read to its end."));
    }
  }

  async getRetryAdvice(args: Parameters<NonNullable<Model["getRetryAdvice"]>>[0]) {
    const model = await this.#model(this.source.name);
    return model.getRetryAdvice?.(args);
  }

  #turn(request: ModelRequest): Promise<ModelTurn> {
    const { systemInstructions, input, tools, modelSettings } = request;
    return this.gate.turn({
      model: this.source.name,
      prompt: readable({ systemInstructions, input, tools }),
      maxOutputTokens: modelSettings.maxTokens,
    });
  }

  /** Beyond a soft limit policy may name another model than the agent's own. */
  #model(name: string): Model | Promise<Model> {
    return this.source.model && name === this.source.name ? this.source.model : this.source.byName(name);
  }

  #request(request: ModelRequest, signal: AbortSignal): ModelRequest {
    if (!this.source.defaults) return { ...request, signal };
    return {
      ...request,
      signal,
      modelSettings: merged(getDefaultModelSettings(this.source.name), request.modelSettings),
    };
  }

  async #failing<T>(turn: ModelTurn, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await turn.failed(error);
      throw error;
    }
  }
}

const merged = (defaults: Settings, given: Settings): Settings => ({
  ...defaults,
  ...given,
  ...(defaults.reasoning ? { reasoning: { ...defaults.reasoning, ...given.reasoning } } : {}),
  ...(defaults.text ? { text: { ...defaults.text, ...given.text } } : {}),
});

function used(usage: Usage | undefined): ModelUse | undefined {
  const details = [usage?.inputTokensDetails ?? []].flat() as Record<string, unknown>[];
  const cached = details.reduce((sum, d) => sum + Number(d.cached_tokens ?? d.cached_input_tokens ?? 0), 0);
  return useOf(usage?.inputTokens, usage?.outputTokens, cached);
}
