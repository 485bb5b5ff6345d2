import type { GateOptions, ToolFacts } from "../adapters/gate.js";
import type { Schema } from "../index.js";
import type { Effect } from "../wire.js";
import { answerSchema } from "./result.js";
import { isObject } from "./rpc.js";

export type McpOptions = Omit<GateOptions, "approval" | "maxOutputTokens"> & {
  /**
   * Where a person is asked: "wait" holds the call; "return" answers at once with the address where to answer, to be called
   * again; "native" tells the client's user by elicitation, where the client has it, and waits. @default "wait"
   */
  approval?: "wait" | "native" | "return";
  /** As policies name it. @default the server's own name */
  connector?: string;
  /** Whether `readOnlyHint` makes a tool a read: a hint of the server about itself. `destructiveHint` always counts. @default false */
  trustAnnotations?: boolean;
  /** The most bytes of JSON that an answer may have. @default 1_000_000 */
  maxResultBytes?: number;
};
export const MAX_RESULT_BYTES = 1_000_000;

/** A tool as `tools/list` has it. */
export type Listed = { name: string; outputSchema?: unknown; annotations?: Record<string, unknown> };

/** The tools of one server: what it says of them, and what that means for the gate. */
export class Tools {
  readonly #known = new Map<string, Listed>();
  /** Whether all of them have been heard of since they last changed. */
  complete = false;
  connector: string | undefined;

  constructor(readonly options: Omit<McpOptions, "run">) {
    this.connector = options.connector;
  }

  get names(): string[] {
    return [...this.#known.keys()];
  }
  knows(name: string): boolean {
    return this.#known.has(name);
  }

  /** Reads one page of `tools/list`. */
  learn(result: unknown): void {
    const tools = isObject(result) && Array.isArray(result.tools) ? result.tools : [];
    for (const tool of tools as unknown[])
      if (isObject(tool) && typeof tool.name === "string") {
        const annotations = isObject(tool.annotations) ? { annotations: tool.annotations } : {};
        this.#known.set(tool.name, { name: tool.name, outputSchema: tool.outputSchema, ...annotations });
      }
    this.complete ||= isObject(result) && result.nextCursor === undefined;
  }

  /** They have changed: to be heard of anew. */
  forget(): void {
    this.#known.clear();
    this.complete = false;
  }

  connectorOf(name: string): string | undefined {
    return this.options.tools?.[name]?.connector ?? this.connector;
  }

  facts(name: string): Omit<ToolFacts, "output"> & { output: Schema } {
    const own: ToolFacts = Object.hasOwn(this.options.tools ?? {}, name) ? (this.options.tools?.[name] ?? {}) : {};
    const listed = this.#known.get(name);
    const { output, ...rest } = own;
    const connector = own.connector ?? this.connector;
    return {
      ...rest,
      effect: this.#effect(own.effect, listed),
      ...(connector ? { connector } : {}),
      output: answerSchema(
        listed?.outputSchema,
        output as Schema | undefined,
        this.options.maxResultBytes ?? MAX_RESULT_BYTES,
      ),
    };
  }

  #effect(own: Effect | undefined, listed: Listed | undefined): Effect {
    const { destructiveHint, readOnlyHint } = listed?.annotations ?? {};
    if (destructiveHint === true) return "irreversible";
    if (own) return own;
    return this.options.trustAnnotations === true && readOnlyHint === true ? "read" : "write";
  }
}
