import type { Decision, Question } from "../wire.js";
import type { Life } from "./life.js";

const TIMEOUT_S = 10;
const FAILURES = 5;
const WINDOW_MS = 60_000;

/** Failures of tools while nobody could be asked, by run and tool: the only breaker that is not the fleet's. */
const failures = new WeakMap<Life, Map<string, number[]>>();

/** Says of a call that was allowed alone how it went. */
export function wentAlone(life: Life, tool: string, failed: boolean): void {
  const of = failures.get(life) ?? new Map<string, number[]>();
  failures.set(life, of);
  of.set(tool, failed ? [...(of.get(tool) ?? []), performance.now()].slice(-FAILURES) : []);
}

/**
 * Nobody can be asked. A read that the last known switches leave may go on where `on_stale` is `continue`; a write never.
 * @returns null where it may not
 */
export function allowedAlone(life: Life, question: Question): Decision | null {
  const { control } = life;
  if (question.kind !== "tool" || question.effect !== "read" || !question.tool) return null;
  if (control.state?.on_stale !== "continue") return null;
  if (control.forbids(life.runId, question.tool, question.connector) !== null) return null;
  const recent = (failures.get(life)?.get(question.tool) ?? []).filter((at) => performance.now() - at < WINDOW_MS);
  if (recent.length >= FAILURES) return null;
  return {
    decision_id: "",
    outcome: "allow",
    code: "alone",
    stop_reason: null,
    message: "Interlock cannot be reached; reads go on.",
    retry_after_ms: null,
    effect: "read",
    effect_id: null,
    idempotency_key: null,
    replay: null,
    approval: null,
    limits: { timeout_s: TIMEOUT_S, max_attempts: 1, backoff_ms: [], retryable_status: [], use_model: null },
    remaining: { steps: null, tool_calls: null, seconds: null, usd: null, tokens: null },
    control: { revision: control.state.revision, mode: control.state.mode },
  };
}
