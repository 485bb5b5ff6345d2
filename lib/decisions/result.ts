import { acknowledge, callerOf, identityOf } from "../controls";
import { announce } from "../platform/announce";
import { assertBound, assertMay } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import { notFound } from "../platform/errors";
import { seal } from "../platform/seal";
import { parse, reader } from "../platform/verb";
import { canonicalJson, costOf, redact, sha256hex } from "../runs";
import type { Book } from "./book";
import { outputErrors } from "./output-schema";
import { controlOf, type View } from "./prepare";
import { enterBook } from "./queue";
import { capsOf, speakingFor } from "./rules";
import { type ResultInput, type ResultOut, resultInput } from "./schema";
import { settle, type Told } from "./settle";
import * as store from "./store/reads";

const MAX_RESULT = 64 * 1024;

type About = NonNullable<Awaited<ReturnType<typeof store.aboutDecision>>>;

async function prepare(ctx: Ctx, view: View, input: ResultInput, about: About): Promise<Told> {
  const caller = await callerOf(ctx, { run_id: about.runId });
  const run = await identityOf(ctx, about.runId);
  const who = { agentId: run.agent_id, tenantId: run.tenant_id, taskType: run.task_type, runId: run.run_id };
  const { policy, observing } = speakingFor(view.rules, who);
  const caps = capsOf(view.rules, policy, who).filter((cap) => !observing || cap.source.startsWith("budget "));
  const given = input.result !== undefined;
  const text = given ? canonicalJson(input.result) : null;
  const tokens = input.tokens && { ...input.tokens, cacheWrite: 0, reasoning: 0 };
  const schema = about.tool === null ? undefined : policy.catalog.get(about.tool)?.output_schema;
  const { decision_id: _, lease_token: __, ...content } = input;
  const missing = [{ path: "result", message: "The tool declares an output schema: send what it answered." }];
  return {
    input: tidied(input),
    bodyHash: sha256hex(canonicalJson(content)),
    policy,
    ceilings: [{ runId: run.run_id, caps }],
    seconds: observing ? null : policy.budgets.seconds,
    stopped: controlOf(view, caller, NO_CALL, null).mode === "stop",
    cost:
      about.kind === "model" || input.usd != null
        ? costOf(about.model, tokens ?? null, input.usd ?? null, view.prices)
        : { micros: null, source: null },
    resultHash: input.result_hash ?? (text === null ? null : sha256hex(text)),
    sealed:
      text !== null && about.effectId !== null && text.length <= MAX_RESULT ? seal(input.result).toString("hex") : null,
    schemaErrors:
      schema === undefined || input.status !== "ok"
        ? null
        : given
          ? outputErrors(schema, input.result)
          : input.output_valid === true
            ? []
            : missing,
    redactedError: input.error ? String(redact(input.error.message)).slice(0, 2_000) : null,
  };
}
/** What undoes a write is kept and shown: without what a database refuses, and without secrets. */
function tidied(input: ResultInput): ResultInput {
  const undo = input.effect?.compensation;
  if (undo?.args === undefined) return input;
  return { ...input, effect: { ...input.effect, compensation: { ...undo, args: redact(undo.args) } } };
}

const NO_CALL = {
  kind: "step",
  tool: null,
  connector: null,
  capability: null,
  credentialRef: null,
  effect: null,
  model: null,
  stage: null,
  memoryScope: null,
  inputTokens: null,
  args: undefined,
  facts: {},
  intent: null,
  scores: {},
  phase: null,
} as const;

/**
 * What came of an allowed call, one time: settles its hold, feeds the breaker, completes the ledger, checks the output.
 * @throws Failure `not_found` | `conflict` (nothing was allowed, or another result came before) | `unavailable`
 */
export async function giveResult(ctx: Ctx, raw: unknown): Promise<ResultOut> {
  assertMay(ctx, "decisions.write");
  const input = parse(resultInput, raw);
  const about = await store.aboutDecision(reader().sql, ctx.environmentId, input.decision_id);
  if (!about) throw notFound("decision");
  assertBound(ctx, about.agentId, about.tenantId);
  const out = await enterBook(ctx.environmentId, {
    prepare: (view) => prepare(ctx, view, input, about),
    wants: (_told, w) => {
      w.runIds.add(about.runId);
      w.inFlight = true;
      w.decisionIds.add(input.decision_id);
      if (about.effectId !== null) w.effectIds.add(about.effectId);
      if (about.tool !== null) w.tools.add(about.tool);
      if (about.fingerprint !== null) w.calls.push({ runId: about.runId, fingerprint: about.fingerprint });
    },
    run: (book: Book, told: Told) => settle(book, told),
  });
  acknowledge(ctx, { instanceId: null, revision: null, agentId: null, runIds: [about.runId] });
  announce(ctx.environmentId, "decisions", "runs", "budgets");
  return out;
}
