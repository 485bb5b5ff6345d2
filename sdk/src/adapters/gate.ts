import {
  ApprovalPending,
  type CallError,
  type CallOptions,
  currentRun,
  InterlockError,
  InvalidRequest,
  type ModelTurn,
  type Outcome,
  type Run,
  type Tool,
  type ToolContext,
} from "../index.js";
import { ofTheCall } from "../run/refusal.js";

/** What a tool is, where the framework's own definition does not tell. */
export type ToolFacts = Pick<
  Tool<never, never>,
  "effect" | "capability" | "connector" | "credentialRef" | "endpoint" | "output"
> & {
  externalId?: (data: never) => string | undefined;
  compensation?: (data: never, args: never) => { tool: string; args?: unknown };
  /** Of one call: why, what it touches, facts that conditions ask about. */
  about?: (args: never) => Pick<CallOptions, "intent" | "facts" | "estimate" | "dedupeKey">;
};

export type GateOptions = {
  /** @default the run under way where the agent is called */
  run?: Run;
  /** By the tool's name. What is not said here is a write. */
  tools?: Record<string, ToolFacts>;
  /**
   * Where a person is asked: "wait" holds the call until there is a verdict; "native" hands it to the framework's own
   * approval, which lets the process end: call again after the verdict. @default "wait"
   */
  approval?: "wait" | "native";
  /**
   * What a call that is refused or fails is to the run: "tell" says it to the model, which may go another way;
   * "stop" ends the run with that call's stop reason. A question that waits for a person is neither. @default "tell"
   */
  failures?: "tell" | "stop";
  /** Tokens of a prompt, where you can count them. @default characters by three, which is more than English needs */
  countTokens?: (prompt: unknown) => number;
  /** The most tokens that a call of the model may answer, where the call does not say. @default 4_096 */
  maxOutputTokens?: number;
};

const MAX_OUTPUT = 4_096;
/** Fewer than a token has in English: an estimate that is too low would let a cap be crossed. */
const CHARACTERS_A_TOKEN = 3;

/** What every adapter does between its framework and a run: ask before a turn and before a tool, say what came of it. */
export class Gate {
  constructor(readonly options: GateOptions = {}) {}

  /** @throws InvalidRequest outside of a run: nothing is done without one */
  get run(): Run {
    return this.options.run ?? currentRun();
  }

  /** May the agent take its next turn, and may it call this model? @throws InterlockError, after which the run is over */
  async turn(about: {
    model: string;
    prompt: unknown;
    /** Where the framework knows better than the text of the prompt tells. */
    inputTokens?: number;
    maxOutputTokens?: number;
  }): Promise<ModelTurn> {
    const { run } = this;
    return this.fatal(run, async () => {
      run.throwIfOver();
      await run.nextStep();
      return run.beginModel({
        model: about.model,
        inputTokens: about.inputTokens ?? (this.options.countTokens ?? estimated)(about.prompt),
        maxOutputTokens: about.maxOutputTokens ?? this.options.maxOutputTokens ?? MAX_OUTPUT,
      });
    });
  }

  /**
   * A call of a tool that the model asked for. What is about this call comes back as `{ ok: false }`, to be told to the model with `refusal`.
   * @throws InterlockError where the run may not go on; whoever swallows it, the run is over
   */
  async tool<T>(
    name: string,
    args: unknown,
    execute: (context: ToolContext) => Promise<T> | T,
    how: CallOptions = {},
  ): Promise<Outcome<T>> {
    const { run } = this;
    const { about, ...facts } = (this.options.tools?.[name] ?? {}) as ToolFacts;
    const options: CallOptions = {
      approval: this.options.approval === "native" ? "return" : "wait",
      ...about?.(args as never),
      ...how,
    };
    const tool = { name, ...facts, execute: (_: unknown, context) => execute(context) } as Tool<unknown, T>;
    return this.fatal(run, async () => {
      const outcome = await run.tool(tool, args, options);
      if (!outcome.ok && this.options.failures === "stop" && this.halts(outcome.error)) throw outcome.error;
      return outcome;
    });
  }

  /**
   * Why a call would not happen if it were made now; null where it would. For a framework that has to know before it calls.
   * Nothing is held or counted for it, and nothing may be done on its word alone: `tool` asks again. @throws as `tool`
   */
  async ahead(name: string, args: unknown): Promise<CallError | null> {
    const { run } = this;
    const {
      about,
      effect = "write",
      connector,
      capability,
      credentialRef,
    } = (this.options.tools?.[name] ?? {}) as ToolFacts;
    return this.fatal(run, async () => {
      const { intent, facts, estimate, dedupeKey } = about?.(args as never) ?? {};
      const question = { tool: name, args, effect, connector, capability, credential_ref: credentialRef };
      try {
        const decision = await run.ask(
          { kind: "tool", ...question, intent, facts, estimate, dedupe_key: dedupeKey },
          { approval: "return" },
        );
        if (decision.outcome === "allow") await run.told(decision, { status: "not_executed" });
        return null;
      } catch (error) {
        if (ofTheCall(error)) return error;
        throw error;
      }
    });
  }

  /** Whether `failures: "stop"` is meant by it. What stands still for a person has not failed. */
  protected halts(error: CallError): boolean {
    return !(error instanceof ApprovalPending);
  }

  /** Whether the run is over for it. A session that outlives an outage may say no: each question still fails closed. */
  protected ends(_error: unknown): boolean {
    return true;
  }

  /** A framework that catches what is thrown must not go on for it: the run is ended, and each later question throws the same. */
  private async fatal<T>(run: Run, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (this.ends(error))
        run.abandon(
          error instanceof InterlockError
            ? error
            : new InterlockError(`The gate failed: ${String(error)}`, {
                code: "gate_failed",
                stopReason: "internal_error",
                cause: error,
              }),
        );
      throw error;
    }
  }
}

/** The gate's word to the model about a call that did not happen, or failed: plain, so that it reports and does not try around it. */
export const refusal = (error: CallError): string => `${error.code}: ${error.message}`;

export function estimated(prompt: unknown): number {
  const text = typeof prompt === "string" ? prompt : JSON.stringify(prompt);
  if (text === undefined) throw new InvalidRequest("The prompt cannot be read, so its tokens cannot be told.", 0);
  return Math.ceil(text.length / CHARACTERS_A_TOKEN);
}
