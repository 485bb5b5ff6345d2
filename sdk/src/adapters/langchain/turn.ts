import type { BaseMessage } from "@langchain/core/messages";
import { InvalidRequest, type ModelTurn, type ModelUse } from "../../index.js";
import { Scope } from "../../time.js";
import type { Gate } from "../gate.js";
import { listening, unless } from "../held.js";
import { readable, useOf } from "../readable.js";
import { refuseHosted } from "./hosted.js";
import type { Chunk, Generated, Inner, ModelFacts, Options, Usage } from "./inner.js";

/** One call of a model: asked for, made, told. */
export class Turns {
  answers = 0;
  constructor(
    readonly gate: Gate,
    readonly facts: ModelFacts,
  ) {}

  /** An answer that no provider was asked for. @throws where the run may not go on */
  kept(): void {
    this.gate.run.throwIfOver();
    this.answers++;
  }

  async generate(model: Inner, messages: BaseMessage[], options: Options, manager: unknown): Promise<Generated> {
    const turn = await this.#turn(model, messages, options);
    const scope = new Scope(options.signal, turn.signal);
    let answer: Generated;
    try {
      const inner = this.#chosen(model, turn, this.#name(model, options));
      answer = await unless(scope.signal, () =>
        turn.within(() => inner._generate(messages, { ...options, signal: scope.signal }, manager)),
      );
    } catch (error) {
      await turn.failed(error);
      throw error;
    } finally {
      scope.release();
    }
    this.answers++;
    const said = answer.generations.map(({ message }) => message?.usage_metadata).filter((one) => one !== undefined);
    const { promptTokens, completionTokens } = (answer.llmOutput?.tokenUsage ?? {}) as Record<string, unknown>;
    await turn.done(
      summed(said) ?? useOf(promptTokens, completionTokens),
      answer.generations.map(({ message }) => message),
    );
    return answer;
  }

  async *stream(
    model: Inner,
    name: "_streamResponseChunks" | "_streamChatModelEvents",
    messages: BaseMessage[],
    options: Options,
    manager: unknown,
  ): AsyncIterable<Chunk> {
    const turn = await this.#turn(model, messages, options);
    const scope = new Scope(options.signal, turn.signal);
    const said: Usage[] = [];
    let told = false;
    try {
      const inner = this.#chosen(model, turn, this.#name(model, options));
      const chunks = turn.within(() => inner[name](messages, { ...options, signal: scope.signal }, manager));
      for await (const chunk of listening(chunks, scope.signal)) {
        // Chunks add up; events repeat what is known so far.
        if (chunk.message?.usage_metadata) said.push(chunk.message.usage_metadata);
        else if (chunk.event && chunk.usage) said.splice(0, 1, { ...said[0], ...chunk.usage });
        yield chunk;
      }
      told = true;
      this.answers++;
      await turn.done(summed(said));
    } catch (error) {
      if (!told) await turn.failed(error);
      told = true;
      throw error;
    } finally {
      scope.release();
      if (!told) await turn.failed(new Error("The answer was not read to its end."));
    }
  }

  async #turn(model: Inner, messages: BaseMessage[], given: Options): Promise<ModelTurn> {
    const options = { ...model.defaultOptions, ...given };
    for (const tools of [given.tools, model.defaultOptions?.tools]) refuseHosted(tools, this.facts.ungated);
    const said = messages.map((one) => [one.getType(), one.content, "tool_calls" in one ? one.tool_calls : []]);
    return this.gate.turn({
      model: this.#name(model, given),
      prompt: readable([said, options.tools]),
      maxOutputTokens:
        options.max_tokens ?? options.maxTokens ?? options.maxOutputTokens ?? model.maxTokens ?? model.maxOutputTokens,
    });
  }

  #name(model: Inner, options: Options): string {
    const told = model.getLsParams?.(options).ls_model_name;
    const name = [this.facts.modelName, told, model.model, model.modelName].find(
      (one) => typeof one === "string" && one,
    );
    if (typeof name === "string") return name;
    throw new InvalidRequest("The model does not say its name, so nobody can price it: give `modelName`.", 0);
  }

  #chosen(model: Inner, turn: ModelTurn, asked: string): Inner {
    if (turn.model === asked) return model;
    const other = this.facts.models?.[turn.model];
    if (other) return other as unknown as Inner;
    throw new InvalidRequest(
      `Policy names ${turn.model} instead of ${asked}, which is not at hand: give \`models\`.`,
      0,
    );
  }
}

function summed(said: Usage[]): ModelUse | undefined {
  const sum = (of: (one: Usage) => number | undefined) => said.reduce((total, one) => total + (of(one) ?? 0), 0);
  return useOf(
    sum((one) => one.input_tokens),
    sum((one) => one.output_tokens),
    sum((one) => one.input_token_details?.cache_read),
  );
}
