import type { Outcome } from "../outcome.js";
import { written } from "../spans/attributes.js";
import type { Decision, Tokens } from "../wire.js";
import { ask } from "./ask.js";
import { attempt } from "./attempt.js";
import type { Inner } from "./inner.js";
import { ofTheCall } from "./refusal.js";

export type ModelCall<T> = {
  /** As the price table names it. */
  model: string;
  /** Tokens of the prompt, as well as they can be told beforehand: a cap on money cannot hold without it. */
  inputTokens: number;
  /** The most it may answer. */
  maxOutputTokens: number;
  stage?: string;
  /** @param context.model the model to use: beyond a soft limit policy may name a cheaper one */
  call: (context: { model: string; signal: AbortSignal }) => Promise<T> | T;
  /** What the provider says was used. */
  usage: (answer: T) => Tokens & { usd?: number };
};

/** Asked with an estimate, called, told with what was used. Failures are not repeated: the client of the model does that. */
export async function callModel<T>(run: Inner, spec: ModelCall<T>): Promise<Outcome<T>> {
  let decision: Decision;
  try {
    decision = await ask(run.life, {
      kind: "model",
      model: spec.model,
      step: run.stepNow(),
      stage: spec.stage ?? run.stageNow(),
      estimate: { input_tokens: Math.ceil(spec.inputTokens), max_output_tokens: Math.ceil(spec.maxOutputTokens) },
    });
  } catch (error) {
    if (ofTheCall(error)) return { ok: false, error, decisionId: null };
    throw error;
  }
  const { decision_id: decisionId, limits } = decision;
  const model = limits.use_model ?? spec.model;
  const span = run.span(`chat ${model}`, { "gen_ai.operation.name": "chat", "gen_ai.request.model": model });
  const asTool = {
    name: model,
    execute: (_: undefined, { signal }: { signal: AbortSignal }) => spec.call({ model, signal }),
  };
  const done = await span.within(() => attempt(asTool, undefined, decision, 1, run.life.signal));
  const { result: _, ...body } = done.body;
  const used = done.error || done.data === undefined ? undefined : spec.usage(done.data as T);
  const { usd, ...tokens } = used ?? {};
  span.set({
    "interlock.decision.id": decisionId,
    "gen_ai.usage.input_tokens": used?.input,
    "gen_ai.usage.output_tokens": used?.output,
    "gen_ai.usage.cache_read.input_tokens": used?.cached,
    "gen_ai.output.messages": written(done.data),
  });
  span.end(done.error);
  await run.tell(decisionId, {
    ...body,
    ...(used ? { tokens: tokens as Tokens } : {}),
    ...(usd === undefined ? {} : { usd }),
  });
  if (run.life.over) throw run.life.over;
  if (!done.error) return { ok: true, data: done.data as T, replayed: false, decisionId };
  if (!ofTheCall(done.error)) throw done.error;
  return { ok: false, error: done.error, decisionId };
}
