import type { Outcome } from "../outcome.js";
import { written } from "../spans/attributes.js";
import type { Decision, Tokens } from "../wire.js";
import { ask } from "./ask.js";
import { type Attempt, attempt, failedBy } from "./attempt.js";
import type { Inner } from "./inner.js";
import { ofTheCall } from "./refusal.js";

export type ModelUse = Tokens & { usd?: number };
export type ModelQuestion = {
  /** As the price table names it. */
  model: string;
  /** Tokens of the prompt, as well as they can be told beforehand: a cap on money cannot hold without it. */
  inputTokens: number;
  /** The most it may answer. */
  maxOutputTokens: number;
  stage?: string;
};
export type ModelCall<T> = ModelQuestion & {
  /** @param context.model the model to use: beyond a soft limit policy may name a cheaper one */
  call: (context: { model: string; signal: AbortSignal }) => Promise<T> | T;
  /** What the provider says was used. */
  usage: (answer: T) => ModelUse;
};

/** A call of a model that was allowed. Whoever has one says once, with `done` or `failed`, what came of it. */
export type ModelTurn = {
  /** The model to use: beyond a soft limit policy may name a cheaper one. */
  model: string;
  decisionId: string;
  /** Aborted when the run may not go on. */
  signal: AbortSignal;
  /** What is begun inside becomes a child of its span. */
  within: <T>(work: () => T) => T;
  /** @throws where the run may not go on after it */
  done: (used?: ModelUse, answer?: unknown) => Promise<void>;
  failed: (error: unknown) => Promise<void>;
};

type Begun = ModelTurn & { decision: Decision; settle: (done: Attempt<unknown>, used?: ModelUse) => Promise<void> };

/** Asked with an estimate. @throws as `Run.tool`, and Denied | ApprovalRefused */
export async function beginModel(run: Inner, question: ModelQuestion): Promise<Begun> {
  const decision = await ask(run.life, {
    kind: "model",
    model: question.model,
    step: run.stepNow(),
    stage: question.stage ?? run.stageNow(),
    estimate: { input_tokens: Math.ceil(question.inputTokens), max_output_tokens: Math.ceil(question.maxOutputTokens) },
  });
  const { decision_id: decisionId, limits } = decision;
  const { signal } = run.life;
  const model = limits.use_model ?? question.model;
  const began = performance.now();
  const span = run.span(`chat ${model}`, {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": model,
    "interlock.decision.id": decisionId,
  });
  const settle: Begun["settle"] = async (done, used) => {
    const { usd, ...tokens } = used ?? {};
    const { result: _, ...body } = done.body;
    span.set({
      "gen_ai.usage.input_tokens": used?.input,
      "gen_ai.usage.output_tokens": used?.output,
      "gen_ai.usage.cache_read.input_tokens": used?.cached,
      "gen_ai.output.messages": written(done.data),
    });
    span.end(done.error);
    await run.tell(decisionId, {
      latency_ms: performance.now() - began,
      ...body,
      ...(used ? { tokens: tokens as Tokens } : {}),
      ...(usd === undefined ? {} : { usd }),
    });
  };
  return {
    model,
    decisionId,
    decision,
    signal,
    within: (work) => span.within(work),
    settle,
    done: async (used, answer) => {
      await settle({ body: { status: "ok" }, data: answer }, used);
      if (run.life.over) throw run.life.over;
    },
    failed: (error) => settle(failedBy(error, model, signal)),
  };
}

/** Asked, called, told with what was used. Failures are not repeated: the client of the model does that. */
export async function callModel<T>(run: Inner, spec: ModelCall<T>): Promise<Outcome<T>> {
  let turn: Begun;
  try {
    turn = await beginModel(run, spec);
  } catch (error) {
    if (ofTheCall(error)) return { ok: false, error, decisionId: null };
    throw error;
  }
  const { model, decisionId, decision, signal } = turn;
  const once = {
    name: model,
    execute: (_: undefined, context: { signal: AbortSignal }) =>
      between(run, { model, signal: context.signal }, async () => spec.call({ model, signal: context.signal })),
  };
  const done = await turn.within(() => attempt(once, undefined, decision, 1, signal));
  await turn.settle(done, done.error || done.data === undefined ? undefined : spec.usage(done.data as T));
  if (run.life.over) throw run.life.over;
  if (!done.error) return { ok: true, data: done.data as T, replayed: false, decisionId };
  if (!ofTheCall(done.error)) throw done.error;
  return { ok: false, error: done.error, decisionId };
}

const between = <T>(
  run: Inner,
  call: { model: string; signal: AbortSignal },
  execute: () => Promise<T>,
): Promise<T> => {
  const { intercept } = run.life.api.settings;
  return intercept.model ? (intercept.model(call, execute) as Promise<T>) : execute();
};

/** For a framework that calls the model itself. @throws as `beginModel` */
export async function beginOwnModel(run: Inner, question: ModelQuestion): Promise<ModelTurn> {
  const turn = await beginModel(run, question);
  try {
    await between(run, turn, async () => undefined);
  } catch (error) {
    await turn.failed(error);
    throw error;
  }
  return turn;
}
