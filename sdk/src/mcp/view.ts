import { matches } from "../control/held.js";
import type { Run } from "../index.js";
import { isObject } from "./rpc.js";
import type { Tools } from "./tools.js";

/** The lists of tools that policy has; null where it has no such list. */
export type Allowed = { allow: string[] | null; deny: string[] };
type Sources = { run: () => Run | Promise<Run>; policy?: () => Promise<Allowed | null> };

/** Refusals of a tool whatever its arguments are. */
const OF_THE_TOOL = new Set([
  "tool_denied",
  "tool_not_allowed",
  "no_policy",
  "capability_not_allowed",
  "connector_role",
]);
/** A list does not wait long for a run: it is no permission. */
const PATIENCE_MS = 3_000;

/** Which tools a client is shown: those that no switch blocks, that safe mode leaves, and that policy has not refused as such. */
export class View {
  readonly #refused = new Set<string>();
  #run: Run | null = null;
  #off: (() => void) | null = null;
  #last: string | null = null;
  #policy: Allowed | null = null;

  constructor(
    private readonly tools: Tools,
    private readonly sources: Sources,
    private readonly changed: () => void,
  ) {}

  /** A page of `tools/list` as the client may see it. */
  async shown(result: unknown): Promise<{ result?: unknown }> {
    if (!isObject(result) || !Array.isArray(result.tools)) return {};
    await this.#watch();
    this.#last = this.#names();
    const tools = result.tools.filter(
      (tool: unknown) => isObject(tool) && typeof tool.name === "string" && this.#may(tool.name),
    );
    return { result: { ...result, tools } };
  }

  /** A call was refused with this code: the list may be shorter for it. */
  refused(tool: string, code: string): void {
    if (!OF_THE_TOOL.has(code)) return;
    this.#refused.add(tool);
    this.#look();
  }

  close(): void {
    this.#off?.();
    this.#off = null;
  }

  async #watch(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), PATIENCE_MS);
    });
    try {
      const run = await Promise.race([Promise.resolve().then(this.sources.run), late]);
      if (run === null || run === this.#run) return;
      this.close();
      this.#run = run;
      this.#off = run.onControl(() => void this.#news());
      await this.#read();
    } catch {
      // Without a run nothing can be called; what there is may be shown.
    } finally {
      clearTimeout(timer);
    }
  }

  /** What policy refuses may have changed with what the switches say. */
  async #news(): Promise<void> {
    this.#refused.clear();
    this.#look();
    await this.#read();
    this.#look();
  }
  async #read(): Promise<void> {
    this.#policy = (await this.sources.policy?.().catch(() => null)) ?? null;
  }

  #may(tool: string): boolean {
    const { allow = null, deny = [] } = this.#policy ?? {};
    if (deny.some((p) => matches(p, tool)) || (allow && !allow.some((p) => matches(p, tool)))) return false;
    return !this.#refused.has(tool) && (this.#run?.forbids(tool, this.tools.connectorOf(tool)) ?? null) === null;
  }
  #names(): string {
    return JSON.stringify(this.tools.names.filter((name) => this.#may(name)));
  }
  #look(): void {
    const names = this.#names();
    if (this.#last === null || names === this.#last) return;
    this.#last = names;
    this.changed();
  }
}
