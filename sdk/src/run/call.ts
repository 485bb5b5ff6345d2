import { Unavailable } from "../errors.js";
import type { Outcome } from "../outcome.js";
import { written } from "../spans/attributes.js";
import type { Span } from "../spans/recorder.js";
import { sleep } from "../time.js";
import type { CallOptions, Tool } from "../tool.js";
import type { Decision, Phase, Question } from "../wire.js";
import { allowedAlone, wentAlone } from "./alone.js";
import { ask } from "./ask.js";
import { type Attempt, attempt } from "./attempt.js";
import type { Inner } from "./inner.js";
import { errorOf, ofTheCall } from "./refusal.js";

/** Who asks for more patience than this is not waited for: the call is given back as rate limited. */
const PATIENCE_MS = 60_000;

/** One call of a tool: asked, done, told; again where policy lets it, with the same key. */
export async function callTool<A, T>(
  run: Inner,
  tool: Tool<A, T>,
  args: A,
  options: CallOptions = {},
  phase?: Phase,
): Promise<Outcome<T>> {
  const question: Question = {
    kind: "tool",
    tool: tool.name,
    args,
    step: run.stepNow(),
    effect: tool.effect ?? "write",
    connector: tool.connector,
    capability: tool.capability,
    credential_ref: tool.credentialRef,
    intent: options.intent,
    facts: options.facts,
    estimate: options.estimate,
    dedupe_key: options.dedupeKey,
    stage: options.stage ?? run.stageNow(),
    phase,
  };
  for (let nth = 1; ; nth++) {
    let decision: Decision;
    const span = run.span(`execute_tool ${tool.name}`, {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": tool.name,
      "gen_ai.tool.call.arguments": written(args ?? {}),
      "url.full": tool.endpoint,
    });
    try {
      decision = await permitted(run, tool, { ...question, attempt: nth }, options);
    } catch (error) {
      // Nothing was called: its decision is the record, and no span says that it happened.
      if (ofTheCall(error)) return { ok: false, error, decisionId: null };
      throw error;
    }
    const decisionId = decision.decision_id || null;
    if (decision.outcome === "replay")
      return { ok: true, data: decision.replay?.result as T, replayed: true, decisionId };
    const done = await span.within(() => attempt(intercepted(run, tool), args, decision, nth, run.life.signal));
    seen(span, decision, done);
    const word = decisionId === null ? null : await run.tell(decisionId, done.body);
    if (decisionId === null) wentAlone(run.life, tool.name, done.error !== undefined);
    if (run.life.over) throw run.life.over;
    const error = done.error ?? word;
    if (!error) return { ok: true, data: done.data as T, replayed: false, decisionId };
    if (!ofTheCall(error)) throw error;
    if (word || options.retry?.() === false || !again(decision, done, nth)) return { ok: false, error, decisionId };
    await sleep(Math.max(pauseBefore(decision, nth), done.retryAfterMs ?? 0), run.life.signal);
  }
}

function intercepted<A, T>({ life }: Inner, tool: Tool<A, T>): Tool<A, T> {
  const { intercept } = life.api.settings;
  if (!intercept.tool) return tool;
  const between = intercept.tool;
  return {
    ...tool,
    execute: (args, context) => {
      const call = { runId: life.runId, tool: tool.name, args, attempt: context.attempt, signal: context.signal };
      return between(call, async () => tool.execute(args, context)) as Promise<T>;
    },
  };
}

/** The word of the server; for a read, where nobody can be asked and `on_stale` is `continue`, the last known rules. */
async function permitted<A, T>(
  run: Inner,
  tool: Tool<A, T>,
  question: Question,
  options: CallOptions,
): Promise<Decision> {
  let decision: Decision;
  try {
    decision = await ask(run.life, question, options);
  } catch (error) {
    const alone = error instanceof Unavailable ? allowedAlone(run.life, question) : null;
    if (alone === null) throw error;
    return alone;
  }
  // A switch may have come while a person was asked: what the stream has said since counts too.
  const why = run.life.control.forbids(run.life.runId, tool.name, tool.connector);
  if (why === null || decision.outcome === "replay") return decision;
  await run.tell(decision.decision_id, { status: "not_executed" });
  throw errorOf("tool_denied", "tool_blocked", why);
}

function seen<T>(span: Span, decision: Decision, done: Attempt<T>): void {
  span.set({
    "interlock.decision.id": decision.decision_id || undefined,
    "gen_ai.tool.call.result": written(done.data),
    "http.response.status_code": done.body.http_status,
  });
  span.end(done.error);
}

/** Time-outs and the statuses that policy names. What was called in vain is asked for anew: the server counts, and knows the write. */
function again<T>(decision: Decision, { body, retryAfterMs = 0 }: Attempt<T>, nth: number): boolean {
  if (nth >= decision.limits.max_attempts || retryAfterMs > PATIENCE_MS) return false;
  if (body.status === "timeout") return true;
  if (body.status !== "error") return false;
  // An error without a status may be a mistake in the tool itself: what may have been written is not tried again for that.
  if (body.http_status === undefined) return decision.effect === "read";
  return decision.limits.retryable_status.includes(body.http_status);
}
const pauseBefore = ({ limits }: Decision, nth: number): number => {
  const ms = limits.backoff_ms[Math.min(nth, limits.backoff_ms.length) - 1] ?? 250;
  return ms * (1 + Math.random() / 4);
};
