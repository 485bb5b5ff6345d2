import type {
  HookCallback,
  HookCallbackMatcher,
  HookInput,
  Options,
  SyncHookJSONOutput,
} from "@anthropic-ai/claude-agent-sdk";
import { ApprovalPending, type CallError, InterlockError } from "../../index.js";
import { refusal } from "../gate.js";
import type { Verdict } from "./calls.js";

type Hooks = NonNullable<Options["hooks"]>;

/** A person may take as long as policy lets them: the hook waits. In seconds. */
const HOOK_S = 7 * 24 * 3_600;
const EVENTS = ["PreToolUse", "PostToolUse", "PostToolUseFailure", "PostToolBatch", "UserPromptSubmit"] as const;

/** The gate before and behind each tool, before each prompt and after each round of tools; one's own hooks beside it. */
export function withHooks(own: Hooks = {}, hook: HookCallback): Hooks {
  const mine: HookCallbackMatcher = { hooks: [hook], timeout: HOOK_S, onFailure: "block" };
  const hooks: Hooks = { ...own };
  for (const event of EVENTS) hooks[event] = [mine, ...(own[event] ?? [])];
  hooks.PreToolUse = [mine, ...(own.PreToolUse ?? []).map(unchanging)];
  return hooks;
}

/** A hook that changes what a tool is called with would have something else run than what was asked for. */
const unchanging = (matcher: HookCallbackMatcher): HookCallbackMatcher => ({
  ...matcher,
  hooks: matcher.hooks.map((one) => async (...given) => {
    const answer = await one(...given);
    const more = "hookSpecificOutput" in answer ? answer.hookSpecificOutput : undefined;
    return more?.hookEventName === "PreToolUse" && more.updatedInput !== undefined
      ? decided("deny", "invalid_request: A hook changed the arguments, which cannot be gated.")
      : answer;
  }),
});

/** A hook that throws would let the tool run. */
export const closed =
  (hook: (input: HookInput) => Promise<SyncHookJSONOutput>): HookCallback =>
  async (input) => {
    try {
      return await hook(input);
    } catch (error) {
      const refused = input.hook_event_name === "PreToolUse" ? decided("deny", toldOf(error)) : {};
      return { continue: false, stopReason: toldOf(error), ...refused };
    }
  };

export const decided = (
  permissionDecision: "deny" | "ask" | "defer",
  permissionDecisionReason: string,
): SyncHookJSONOutput => ({
  hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision, permissionDecisionReason },
});

export const said = (verdict: Exclude<Verdict, { say: "go" }>): string =>
  verdict.say === "no"
    ? toldOf(verdict.error)
    : `This had been done before, and was not done again. It answered: ${JSON.stringify(verdict.data) ?? "nothing that was kept"}`;

export function toldOf(error: unknown): string {
  if (!(error instanceof InterlockError))
    return `gate_failed: ${error instanceof Error ? error.message : String(error)}`;
  const where = error instanceof ApprovalPending ? ` A person answers at ${error.approval.url}` : "";
  return refusal(error as CallError) + where;
}
