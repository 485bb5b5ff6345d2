import { capOf, keyFor, SUM_OF } from "../budgets";
import { assertFresh, type Caller, callerOf, controlFor, identityOf, stateOf } from "../controls";
import { assertBound, matches } from "../platform/authz";
import { celOf } from "../platform/cel";
import type { Ctx } from "../platform/ctx";
import { Failure } from "../platform/errors";
import { newId } from "../platform/ids";
import { type Call, evaluate, type Refusal } from "../policies";
import { argsFingerprint, canonicalJson, costOf, type Prices, pricesOf, sha256hex } from "../runs";
import type { Asked, Asker, Control } from "./asked";
import { canonicalArgs } from "./canonical";
import { capsOf, type Rules, rulesOf, type Speaking, speakingFor } from "./rules";
import type { Question } from "./schema";

const MAX_ARGS = 1024 * 1024;

/** What one revision of the environment says: switches, documents, budgets, prices. */
export type View = {
  environmentId: string;
  /** As it stood when the view was made: what follows the live state would be judged by one revision and booked under another. */
  snapshot: Awaited<ReturnType<typeof stateOf>>["snapshot"];
  rules: Rules;
  prices: Prices;
};

/** @throws Failure `unavailable` where the control state is too old to act on */
export async function viewOf(environmentId: string): Promise<View> {
  const state = await stateOf(environmentId);
  assertFresh(state);
  const { snapshot } = state;
  const [rules, prices] = await Promise.all([rulesOf(environmentId, snapshot.policyRevision), pricesOf(environmentId)]);
  return { environmentId, snapshot, rules, prices };
}

export const callOf = (q: Question): Call => ({
  kind: q.kind,
  tool: q.tool ?? null,
  connector: q.connector ?? null,
  capability: q.capability ?? null,
  credentialRef: q.credential_ref ?? null,
  effect: q.effect ?? null,
  model: q.model ?? null,
  stage: q.stage ?? null,
  memoryScope: q.scope ?? null,
  inputTokens: q.estimate?.input_tokens ?? null,
  args: q.args,
  facts: q.facts ?? {},
  intent: q.intent ?? null,
  scores: q.scores ?? {},
  phase: q.phase ?? null,
});

export function askerOf({ actor }: Ctx): Asker {
  switch (actor.type) {
    case "key":
      return { keyId: actor.id, personId: actor.personId, name: `${actor.personName} by key ${actor.name}` };
    case "person":
      return { keyId: null, personId: actor.id, name: actor.name };
    case "system":
      return { keyId: null, personId: actor.id, name: actor.name };
  }
}

export function controlOf(view: View, caller: Caller, call: Call, connector: string | null): Control {
  const { snapshot } = view;
  const said = controlFor(snapshot, caller);
  const blocks = (kind: "tool" | "connector", name: string | null): Refusal | null => {
    const hit = snapshot.active.find((s) => s.kind === kind && name !== null && matches(s.key, name));
    if (!hit) return null;
    const code = kind === "tool" ? "tool_blocked" : "connector_blocked";
    return { code, message: `${name} is blocked: ${hit.reason}`, ref: null, rule: `switch ${hit.id}` };
  };
  return {
    revision: snapshot.revision,
    mode: said.mode,
    reason: said.reason ?? "",
    blocked: blocks("tool", call.tool) ?? blocks("connector", connector),
    safeTools: snapshot.settings.safeModeTools,
  };
}
function estimateOf(q: Question, prices: Prices): Asked["estimate"] {
  const e = q.estimate;
  const io =
    e?.input_tokens === undefined && e?.max_output_tokens === undefined
      ? null
      : (e.input_tokens ?? 0) + (e.max_output_tokens ?? 0);
  const tokens = e?.tokens ?? io;
  if (e?.usd !== undefined) return { tokens, micros: Math.round(e.usd * 1e6) };
  if (q.kind !== "model" || tokens === null) return { tokens, micros: null };
  // Tokens whose side nobody named are priced as output: the dearer of the two.
  const input = e?.input_tokens ?? 0;
  const shape = { input, output: Math.max(0, tokens - input), cached: 0, cacheWrite: 0, reasoning: 0 };
  const { micros } = costOf(q.model ?? null, shape, null, prices);
  return { tokens, micros };
}

/** The idempotency key of a write: scope : tool : SHA-256 of the canonical arguments, and what tells twins apart. */
function keyOf(
  q: Question,
  run: { runId: string; agentId: string; tenantId: string | null },
  scope: "run" | "agent" | "tenant",
  hash: string,
): string {
  const whose = scope === "run" ? run.runId : scope === "agent" ? run.agentId : (run.tenantId ?? run.runId);
  const name = scope === "run" ? whose : `${scope}/${whose}`;
  return `${name}:${q.tool ?? "memory"}:${hash}${q.dedupe_key ? `:${q.dedupe_key}` : ""}`;
}

function spokenOf(view: View, agentId: string, taskType: string, tenantId: string | null): Speaking {
  return speakingFor(view.rules, { agentId, taskType, tenantId });
}

/**
 * Makes a question ready to be judged: who asks, what the documents say, hashes and keys, which caps it meets.
 * @throws Failure `not_found` | `forbidden` | `args_not_canonical` | `too_large`
 */
export async function prepare(ctx: Ctx, view: View, q: Question): Promise<Asked> {
  const caller = await callerOf(ctx, { run_id: q.run_id });
  const run = await identityOf(ctx, q.run_id);
  assertBound(ctx, run.agent_id, run.tenant_id);
  const of = {
    runId: run.run_id,
    agentId: run.agent_id,
    taskType: run.task_type,
    tenantId: run.tenant_id,
    goal: run.goal,
    scope: run.scope,
    ancestors: run.ancestors,
  };
  const parents = await Promise.all(run.ancestors.map((id) => identityOf(ctx, id)));
  const asked = ready(view, q, of, controlOf, caller, askerOf(ctx));
  asked.ceilings = [
    ...asked.ceilings,
    ...parents.map((p) => {
      const who = { agentId: p.agent_id, tenantId: p.tenant_id, taskType: p.task_type, runId: p.run_id };
      return {
        runId: p.run_id,
        caps: capsOf(view.rules, spokenOf(view, who.agentId, who.taskType, who.tenantId).policy, who),
      };
    }),
  ];
  return asked;
}

type Of = Asked["of"];
/** The part that asks nobody: the same for a decision, a dry run and a call that is only tried. */
export function ready(
  view: View,
  q: Question,
  of: Of,
  control: typeof controlOf,
  caller: Caller,
  by: Asker,
  spoken?: Speaking,
): Asked {
  const { policy, observing, shadow } = spoken ?? spokenOf(view, of.agentId, of.taskType, of.tenantId);
  const call = callOf(q);
  const judged = evaluate(policy, call, of);
  const needsArgs = q.kind === "tool" || q.kind === "memory" || q.args !== undefined;
  const canonical = needsArgs ? canonicalArgs(q.args ?? {}) : null;
  if (canonical !== null && canonical.length > MAX_ARGS)
    throw new Failure("too_large", `These arguments are ${canonical.length} bytes; at most ${MAX_ARGS} are judged.`, {
      errors: [{ path: "args", message: `Larger than ${MAX_ARGS} bytes.` }],
    });
  const argsHash = canonical === null ? null : sha256hex(canonical);
  const writes = judged.effect !== "read" && q.kind === "tool";
  const idempotency = judged.entry?.idempotency;
  const { agentId, taskType, tenantId, runId } = of;
  const who = { agentId, taskType, tenantId, runId };
  const watched = view.rules.budgets.flatMap((budget) => {
    const sum = SUM_OF[budget.metric];
    const key = keyFor(budget, who, q.tool ?? null, q.stage ?? null);
    if (!sum || key === null || budget.window === "run") return [];
    return [{ budget, cap: capOf(budget, sum), kind: budget.scopeKind, key, window: budget.window }];
  });
  const least = (...all: (number | null | undefined)[]): number | null => {
    const set = all.filter((n): n is number => typeof n === "number");
    return set.length === 0 ? null : Math.min(...set);
  };
  const perRun = (metric: string, scope?: string) =>
    view.rules.budgets.flatMap((b) => {
      if (
        b.metric !== metric ||
        b.window !== "run" ||
        !b.hard ||
        (scope ? b.scopeKind !== scope : b.scopeKind === "tool" || b.scopeKind === "stage")
      )
        return [];
      return keyFor(b, who, q.tool ?? null, q.stage ?? null) === null ? [] : [b.amount];
    });
  const stage = q.stage ? policy.budgets.stages.get(q.stage) : undefined;
  const tool = q.tool ? policy.budgets.tools.get(q.tool) : undefined;
  const stageCap = {
    tokens: least(stage?.tokens, ...perRun("tokens", "stage")),
    micros: least(stage?.micros, ...perRun("usd", "stage")),
  };
  const toolCap = {
    calls: least(tool?.calls, ...perRun("tool_calls", "tool")),
    retries: tool?.retries ?? null,
    tokens: least(...perRun("tokens", "tool")),
    micros: least(...perRun("usd", "tool")),
  };
  const cel = {
    args: call.args ?? {},
    facts: call.facts,
    run: { id: of.runId, task_type: of.taskType, tenant_id: of.tenantId, goal: of.goal, stage: call.stage },
    agent: { id: of.agentId },
  };
  const { request_id, lease_token: _, instance_id: __, ...content } = q;
  return {
    decisionId: newId("dec"),
    question: q,
    requestHash: request_id ? sha256hex(canonicalJson({ ...content, args: argsHash })) : "",
    by,
    of,
    call,
    policy,
    observing,
    judged,
    shadow: shadow && { policy: shadow, judged: evaluate(shadow, call, of) },
    control: control(view, caller, call, judged.connectorName),
    argsHash,
    argsCanonical: canonical,
    fingerprint: q.kind === "tool" ? `${q.tool}:${argsFingerprint(q.args ?? {})}` : null,
    subject: sha256hex(`${q.kind}\n${q.tool ?? q.model ?? ""}\n${argsHash ?? ""}\n${q.dedupe_key ?? ""}`),
    key: writes && argsHash !== null ? keyOf(q, of, idempotency?.scope ?? "run", argsHash) : null,
    windowMs: idempotency?.window_s === undefined ? null : idempotency.window_s * 1000,
    idempotent: q.tool !== null && q.tool !== undefined && policy.idempotencyRequired(q.tool) !== -1,
    estimate: estimateOf(q, view.prices),
    ceilings: [{ runId: of.runId, caps: capsOf(view.rules, policy, who) }],
    watched,
    stageCap: stageCap.tokens === null && stageCap.micros === null ? null : stageCap,
    toolCap: Object.values(toolCap).every((cap) => cap === null) ? null : toolCap,
    seconds: least(policy.budgets.seconds, ...perRun("seconds")),
    uniqueCalls: least(policy.budgets.uniqueCalls, ...perRun("unique_calls")),
    grants: view.rules.grants
      .filter((g) => q.kind === "tool" && g.agent(of.agentId) !== -1 && g.fits(q.tool ?? "") !== -1)
      .filter((g) => g.notFor !== by.personId && (g.tenantId === null || g.tenantId === of.tenantId))
      .filter((g) => granted(g.condition, cel))
      .map((g) => g.id),
  };
}

/** A condition that cannot be judged grants nothing. */
function granted(condition: string | null, cel: Parameters<ReturnType<typeof celOf>>[0]): boolean {
  if (condition === null) return true;
  const { holds, failed } = celOf(condition)(cel);
  return holds && failed === null;
}
