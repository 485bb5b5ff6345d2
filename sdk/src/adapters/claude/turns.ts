import { InvalidRequest, type ModelTurn, type ModelUse, NotExecuted } from "../../index.js";
import { estimated, type Gate } from "../gate.js";

/** What Anthropic says was used; cached tokens stand beside the input there, and inside it here. */
export type Usage = {
  input_tokens?: number | null;
  output_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
};
export type Answer = { id?: string; usage?: Usage; content?: unknown };
/** An event of the stream of the Messages API, as far as it says what was used. */
export type StreamEvent = { type?: string; message?: Answer; usage?: Usage };
type Use = Required<Omit<ModelUse, "usd">>;
const NONE: Use = { input: 0, output: 0, cached: 0 };

export const useOf = (usage: Usage): Use => ({
  input: (usage.input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
  output: usage.output_tokens ?? 0,
  cached: usage.cache_read_input_tokens ?? 0,
});
const plus = (a: Use, b: Use): Use => ({
  input: a.input + b.input,
  output: a.output + b.output,
  cached: a.cached + b.cached,
});
const less = (a: Use, b: Use): Use => ({
  input: Math.max(0, a.input - b.input),
  output: Math.max(0, a.output - b.output),
  cached: Math.max(0, a.cached - b.cached),
});

/** The turns of the model: asked for before each, told with what was used. The last one carries what only the end says. */
export class Turns {
  #open: ModelTurn | null = null;
  /** Answers of the model by their id: one comes in several messages. */
  #heard = new Map<string, Use>();
  /** The answer that streams now, of the session or of one of its subagents. */
  readonly #streaming = new Map<unknown, string>();
  #told: Use = NONE;
  #context = 0;

  constructor(
    private readonly gate: Gate,
    private readonly about: { model: string; contextTokens: number },
  ) {}

  /** May the model be asked again? @throws InterlockError, after which the run is over */
  async next(prompt: unknown): Promise<void> {
    await this.#tell(this.#sum());
    const inputTokens = Math.max(this.about.contextTokens, this.#context) + estimated(prompt);
    const turn = await this.gate.turn({ model: this.about.model, prompt, inputTokens });
    if (turn.model === this.about.model) {
      this.#open = turn;
      return;
    }
    const error = new InvalidRequest(
      `Policy names ${turn.model} now, and a query of Claude Code keeps the model that it began with.`,
      0,
    );
    await turn.failed(new NotExecuted(error.message));
    this.gate.run.abandon(error);
    throw error;
  }

  /** A message of the model, as it came. One that nobody was asked for (a hook of others went on, an input was closed) is asked for now. */
  async heard({ id = "", usage = {} }: Answer): Promise<void> {
    // Refused, the run is over for it; what was used counts all the same.
    if (!this.#open && !this.#heard.has(id)) await this.next("").catch(() => undefined);
    const use = useOf(usage);
    const before = this.#heard.get(id) ?? NONE;
    this.#heard.set(id, { ...use, output: Math.max(use.output, before.output) });
    this.#context = Math.max(this.#context, use.input + use.output);
  }

  /** The stream of an answer: its beginning says the input, its last event the output. */
  async streamed({ type, message, usage }: StreamEvent, of: unknown): Promise<void> {
    if (type === "message_start" && message) {
      this.#streaming.set(of, message.id ?? "");
      await this.heard(message);
    }
    const id = this.#streaming.get(of);
    const before = id === undefined ? undefined : this.#heard.get(id);
    if (type === "message_delta" && usage && id !== undefined && before)
      this.#heard.set(id, { ...before, output: Math.max(before.output, useOf(usage).output) });
  }

  /** The query is over: what it used in all, less what was told. */
  async end(total: Usage): Promise<void> {
    const sum = this.#sum();
    const all = useOf(total);
    const rest = all.input + all.output > 0 ? less(all, this.#told) : sum;
    await this.#tell(rest);
    this.#told = NONE;
  }
  /** It broke off: what was heard is what there is. */
  async broken(): Promise<void> {
    await this.#tell(this.#sum());
    this.#told = NONE;
  }

  #sum(): Use {
    const sum = [...this.#heard.values()].reduce(plus, NONE);
    this.#heard = new Map();
    return sum;
  }
  async #tell(use: Use): Promise<void> {
    const turn = this.#open;
    this.#open = null;
    this.#told = plus(this.#told, use);
    // A run that is over says so at the next question.
    await turn?.done(use).catch(() => undefined);
  }
}
