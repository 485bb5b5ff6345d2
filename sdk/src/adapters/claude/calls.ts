import { canonical } from "../../canonical.js";
import { type CallOptions, InvalidRequest, NotExecuted, type Outcome } from "../../index.js";
import { dataOf } from "../../mcp/result.js";
import { Gate, type GateOptions, type ToolFacts } from "../gate.js";

/** What the hook before a tool answers. */
export type Verdict = { say: "go" } | { say: "no"; error: unknown } | { say: "done before"; data: unknown };
export type Settled = { ok: true } | { ok: false; error: unknown };
type Open = {
  input: unknown;
  done: (response: unknown) => void;
  fail: (error: unknown) => void;
  settled: Promise<Settled>;
};
export type ToolCall = { id: string; name: string; input: unknown };

/** Tools of Claude Code itself that only look. What else is not said is a write. */
const READS = new Set(["Read", "Glob", "Grep", "LS"]);
const MCP = /^mcp__(.+?)__/;

/** The calls that a session has asked for: each begun in the hook before it, and settled in the one behind it. */
export class Calls {
  readonly #open = new Map<string, Open>();

  constructor(private readonly options: GateOptions & { toolName?: (name: string) => string }) {}

  /** @returns once it is known whether the tool may run. Never rejects */
  ask(call: ToolCall, how: Pick<CallOptions, "approval"> = {}): Promise<Verdict> {
    return new Promise((resolve) => {
      let begun = false;
      const execute = ({ signal }: { signal: AbortSignal }) =>
        new Promise((done, fail) => {
          signal.addEventListener("abort", () => fail(signal.reason), { once: true });
          begun = true;
          this.#open.set(call.id, { input: call.input, done, fail, settled });
          resolve({ say: "go" });
        });
      // A tool that was let go is Claude's to try again.
      const settled: Promise<Settled> = this.#through(call, execute, { ...how, retry: () => !begun }).then(
        (outcome) => {
          if (!outcome.ok) resolve({ say: "no", error: outcome.error });
          else if (outcome.replayed) resolve({ say: "done before", data: outcome.data });
          return outcome;
        },
        (error: unknown) => {
          resolve({ say: "no", error });
          return { ok: false, error };
        },
      );
    });
  }

  /** The tool has answered, or failed: told, and judged. */
  async settle(id: string, how: { response: unknown; input: unknown } | { error: unknown }): Promise<Settled> {
    const open = this.#open.get(id);
    this.#open.delete(id);
    if (!open) return { ok: true };
    if ("error" in how) open.fail(how.error);
    else open.done(dataOf(how.response));
    const settled = await open.settled;
    if ("error" in how || same(open.input, how.input)) return settled;
    const error = new InvalidRequest(
      "A tool ran with other arguments than were asked for: a hook had changed them.",
      0,
    );
    this.#gate("", {}).run.abandon(error);
    return { ok: false, error };
  }

  /** What was allowed and yet not called: Claude's own permissions refused it. */
  async notCalled(id: string): Promise<void> {
    await this.settle(id, { error: new NotExecuted("Claude Code did not call the tool.") });
  }

  #through<T>(call: ToolCall, execute: Parameters<Gate["tool"]>[2], how: CallOptions): Promise<Outcome<T>> {
    const { toolName = (name) => name, tools = {}, approval } = this.options;
    const name = toolName(call.name);
    const connector = MCP.exec(call.name)?.[1];
    const own: ToolFacts = Object.hasOwn(tools, name) ? (tools[name] ?? {}) : {};
    const facts: ToolFacts = {
      ...(READS.has(call.name) ? { effect: "read" } : {}),
      ...(connector ? { connector } : {}),
      ...own,
    };
    // The same shell command twice is two acts: a ledger of writes knows tools by their arguments.
    const once = connector === undefined ? { dedupeKey: call.id } : {};
    const asked = { approval: approval === "native" ? ("return" as const) : ("wait" as const), ...how };
    const about = facts.about;
    const withKey: ToolFacts = { ...facts, about: (args) => ({ ...once, ...about?.(args) }) };
    return this.#gate(name, withKey).tool(name, call.input, execute, asked) as Promise<Outcome<T>>;
  }
  #gate(name: string, facts: ToolFacts): Gate {
    return new Gate({ ...this.options, tools: { [name]: facts } });
  }
}

const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);
