import type {
  CanUseTool,
  HookInput,
  Options,
  PreToolUseHookInput,
  SyncHookJSONOutput,
} from "@anthropic-ai/claude-agent-sdk";
import { ApprovalPending, InvalidRequest } from "../index.js";
import { Calls, type Settled } from "./claude/calls.js";
import { closed, decided, said, toldOf, withHooks } from "./claude/hooks.js";
import { type Line, listening } from "./claude/stream.js";
import { type Answer, type StreamEvent, Turns, type Usage } from "./claude/turns.js";
import { Gate, type GateOptions } from "./gate.js";

export type ClaudeOptions = GateOptions & {
  /** What policies call a tool. @default the name that Claude Code has for it, such as `Bash` or `mcp__tickets__create` */
  toolName?: (name: string) => string;
  /** Tokens of what Claude Code says before the first prompt: its instructions and its tools. @default 20_000 */
  contextTokens?: number;
};
/** What was answered should be read before the input is closed. */
const ABORT_AFTER_MS = 100;
const CONTEXT_TOKENS = 20_000;

/**
 * The options of `query()` with the gate in them: for one query each. Every tool, built in or of a server, is asked for in the hook before it.
 * The model is asked for before a prompt and after each round of tools.
 * @throws InvalidRequest outside of a run, and where `options.model` is not said
 */
export function gate(options: Options, how: ClaudeOptions = {}): Options {
  const asked = new Gate(how);
  const { run } = asked;
  if (!options.model)
    throw new InvalidRequest("Say which model is asked: `options.model`. No budget can hold without its price.", 0);
  const calls = new Calls({ ...how, run });
  const turns = new Turns(new Gate({ ...how, run }), {
    model: options.model,
    contextTokens: how.contextTokens ?? CONTEXT_TOKENS,
  });
  const abortController = options.abortController ?? new AbortController();
  const process = listening(
    options,
    (line) => heard(turns, line),
    () => turns.broken(),
  );
  // An input that is closed lets Claude Code go on for a while without its hooks: it is interrupted first.
  const abort = () => {
    process.interrupt();
    setTimeout(() => {
      abortController.abort(run.signal.reason);
      process.end();
    }, ABORT_AFTER_MS);
  };
  if (run.signal.aborted) abort();
  else run.signal.addEventListener("abort", abort, { once: true });

  const over = (error: unknown): SyncHookJSONOutput => ({ continue: false, stopReason: toldOf(error) });
  const isOver = () => run.signal.aborted;

  async function before(input: PreToolUseHookInput): Promise<SyncHookJSONOutput> {
    const { tool_use_id: id, tool_name: name, tool_input } = input;
    const verdict = await calls.ask({ id, name, input: tool_input });
    if (verdict.say === "go") return {};
    const pending = verdict.say === "no" && verdict.error instanceof ApprovalPending;
    // Somebody who is there is asked; where nobody is, the session ends here and is gone on with by `resume`.
    if (pending && how.approval === "native")
      return decided(options.canUseTool ? "ask" : "defer", toldOf(verdict.error));
    return { ...(isOver() && verdict.say === "no" ? over(verdict.error) : {}), ...decided("deny", said(verdict)) };
  }
  async function after(settled: Settled): Promise<SyncHookJSONOutput> {
    if (settled.ok) return {};
    if (isOver()) return over(settled.error);
    const text = toldOf(settled.error);
    return {
      decision: "block",
      reason: text,
      hookSpecificOutput: { hookEventName: "PostToolUse", updatedToolOutput: text },
    };
  }
  async function turn(prompt: unknown): Promise<SyncHookJSONOutput> {
    try {
      await turns.next(prompt);
      return {};
    } catch (error) {
      return { decision: "block", reason: toldOf(error), ...over(error) };
    }
  }
  async function hook(input: HookInput): Promise<SyncHookJSONOutput> {
    switch (input.hook_event_name) {
      case "PreToolUse":
        return before(input);
      case "PostToolUse":
        return after(await calls.settle(input.tool_use_id, { response: input.tool_response, input: input.tool_input }));
      case "PostToolUseFailure": {
        const settled = await calls.settle(input.tool_use_id, { error: new Error(input.error) });
        return isOver() && !settled.ok ? over(settled.error) : {};
      }
      case "PostToolBatch":
        for (const call of input.tool_calls) await calls.notCalled(call.tool_use_id);
        return turn(input.tool_calls.map((call) => call.tool_response ?? ""));
      case "UserPromptSubmit":
        return turn(input.prompt);
      default:
        return {};
    }
  }

  const canUseTool: CanUseTool | undefined =
    options.canUseTool &&
    (async (name, input, context) => {
      const answer = await options.canUseTool?.(name, input, context);
      if (answer?.behavior !== "allow") {
        await calls.notCalled(context.toolUseID);
        return answer ?? { behavior: "deny", message: "Nobody answered." };
      }
      // What is called is what is asked for: the call as it was may be open, or still have a person to wait for.
      await calls.notCalled(context.toolUseID);
      const updatedInput = answer.updatedInput ?? input;
      const verdict = await calls.ask({ id: context.toolUseID, name, input: updatedInput }, { approval: "wait" });
      return verdict.say === "go"
        ? { ...answer, updatedInput }
        : { behavior: "deny", message: said(verdict), interrupt: isOver() };
    });

  return {
    ...options,
    abortController,
    ...(canUseTool ? { canUseTool } : {}),
    hooks: withHooks(options.hooks, closed(hook)),
    // What the model used is said in full by the events of its stream alone; who did not ask for them does not get them.
    includePartialMessages: true,
    // The bundled Claude Code knows it; servers' secrets stay off the command line.
    ...(options.spawnClaudeCodeProcess || options.pathToClaudeCodeExecutable
      ? {}
      : { mcpServersDelivery: options.mcpServersDelivery ?? "initialize" }),
    spawnClaudeCodeProcess: process.spawn,
  };
}

function heard(turns: Turns, line: Line): Promise<void> | void {
  const { message, event } = line as { message?: Answer; event?: StreamEvent };
  if (line.type === "assistant" && message) return turns.heard(message);
  if (line.type === "stream_event" && event) return turns.streamed(event, line.parent_tool_use_id);
  if (line.type === "result") return turns.end((line.usage ?? {}) as Usage);
}
