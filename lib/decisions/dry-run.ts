import { boundBy } from "../controls";
import { read } from "../platform/verb";
import { type Compiled, checkDocument, compile, evaluate, type Layer, speaking } from "../policies";
import type { Asked } from "./asked";
import { type Book, noChanges } from "./book";
import { allow } from "./enter/allow";
import { limitsOf } from "./enter/limits";
import { judge } from "./judge";
import { liveRun } from "./order/run";
import type { Judgement } from "./order/verdict";
import { callOf, viewOf } from "./prepare";
import { capsOf, type Rules } from "./rules";
import { type DryRunShape, dryRunInput, type Outcome, type Question } from "./schema";
import { settle } from "./settle";
import { type Past, pastDecisions } from "./store/past";
import { emptyBook } from "./try";

const DAYS_30 = 30 * 86_400_000;
const EXAMPLES = 20;
/** After so many the thread is given back: polls and decisions of this process go before a look at the past. */
const SLICE = 40;
/** What the moment decided and no document: switches, the ledger, the queue of people. */
const OF_THE_MOMENT = new Set([
  "stopped",
  "paused",
  "tool_blocked",
  "connector_blocked",
  "effect_in_flight",
  "effect_unknown",
  "approvals_full",
  "replay",
  "replay_without_body",
  "fence_missing",
  "effect_settled",
  "approval_denied",
  "approval_expired",
  "approval_used",
  "approval_mismatch",
]);

type Group = Omit<DryRunShape["groups"][number], "runs" | "succeeded" | "tools"> & {
  runIds: Map<string, boolean>;
  byTool: Map<string, number>;
};

/** The documents that would speak with the draft in the place of its policy; null: the draft concerns this caller not at all. */
function speakers(
  rules: Rules,
  draft: Layer,
  who: { agentId: string; taskType: string; tenantId: string | null },
): Layer[] | null {
  const { enforced, observed } = rules.inForce;
  const others = enforced.filter((l) => l.policyId !== draft.policyId);
  const now = speaking({ enforced, observed }, who).enforcing;
  const then = boundBy(
    [...others, draft],
    (l) => l.document.bindings,
    (l) => l.policyId,
    who,
  );
  const touched = then.includes(draft) || now.some((l) => l.policyId === draft.policyId);
  return touched ? then : null;
}

/** One decision of the past as it would be asked now, by these documents. Hashes are those of the real arguments. */
function asked(past: Past, policy: Compiled, rules: Rules, safeTools: readonly string[]): Asked {
  const q = past.question;
  const question = { ...q, run_id: past.runId, kind: past.kind, tool: past.tool, model: past.model } as Question;
  const of = {
    runId: past.runId,
    agentId: past.agentId,
    taskType: past.taskType,
    tenantId: past.tenantId,
    goal: past.goal,
    scope: q.run_scope ?? [],
    ancestors: [],
  };
  const call = callOf(question);
  const judged = evaluate(policy, call, of);
  // A person had said yes to it: whom the draft would ask as well has answered already.
  if (past.outcome === "allow" && (past.approvalId !== null || past.grantId !== null)) judged.asks = [];
  const tool = past.tool === null ? undefined : policy.budgets.tools.get(past.tool);
  const stage = call.stage === null ? undefined : policy.budgets.stages.get(call.stage);
  return {
    decisionId: past.decisionId,
    question: { ...question, approval_id: null, phase: null },
    requestHash: "",
    by: { keyId: null, personId: "", name: "" },
    of,
    call: { ...call, phase: null },
    policy,
    observing: false,
    judged,
    shadow: null,
    control: {
      revision: 0,
      mode: q.safe_mode ? "safe_mode" : "run",
      reason: "safe mode",
      blocked: null,
      safeTools,
    },
    argsHash: past.argsHash,
    argsCanonical: null,
    fingerprint: past.fingerprint,
    subject: past.decisionId,
    key: null,
    windowMs: null,
    idempotent: false,
    estimate: { tokens: q.held?.tokens ?? null, micros: q.held?.micros ?? null },
    ceilings: [{ runId: past.runId, caps: capsOf({ ...rules, budgets: [] }, policy, of) }],
    watched: [],
    stageCap: stage ?? null,
    toolCap: tool ?? null,
    seconds: policy.budgets.seconds,
    uniqueCalls: policy.budgets.uniqueCalls,
    grants: [],
  };
}

function openRun(book: Book, past: Past): void {
  if (book.runs.has(past.runId)) return;
  const { runId, agentId, taskType, tenantId } = past;
  const fresh = emptyBook(past.runStartedAt, 0, { runId, agentId, taskType, tenantId }).runs.get(runId);
  if (fresh) book.runs.set(runId, { ...fresh, waitedMs: past.runWaitedMs });
}

/** What the call came to is known where it was allowed at the time; else its estimate stays booked. */
function settlePast(book: Book, past: Past, a: Asked): void {
  if (past.status === null) return;
  book.recorded.set(past.decisionId, {
    decisionId: past.decisionId,
    runId: past.runId,
    kind: past.kind,
    tool: past.tool,
    model: past.model,
    connector: a.judged.connectorName,
    fingerprint: past.fingerprint,
    outcome: "allow",
    effectId: null,
    effect: a.judged.effect,
    stage: a.call.stage,
    phase: null,
    bytes: past.question.bytes ?? 0,
    attempt: 1,
    decidedAt: past.at,
    result: null,
  });
  const tokens =
    past.tokensInput === null ? null : { input: past.tokensInput, output: past.tokensOutput ?? 0, cached: 0 };
  settle(book, {
    input: { decision_id: past.decisionId, status: past.status, http_status: past.httpStatus, tokens },
    bodyHash: "",
    policy: a.policy,
    ceilings: a.ceilings,
    seconds: null,
    stopped: false,
    cost: { micros: past.costMicros, source: past.costMicros === null ? null : "table" },
    resultHash: past.resultHash,
    sealed: null,
    schemaErrors: null,
    redactedError: null,
  });
  book.recorded.delete(past.decisionId);
}

/** Rules that look at arguments cannot judge what was not kept. */
const blind = (past: Past, policy: Compiled): boolean => {
  const q = past.question;
  if (past.tool === null || q.args !== undefined || !q.args_bytes || q.args_bytes <= 2) return false;
  const looks = (rule: { fits: (tool: string) => number }) => rule.fits(past.tool ?? "") !== -1;
  return policy.conditions.some(looks) || policy.validators.some(looks);
};

function note(groups: Map<string, Group>, past: Past, j: Judgement): void {
  const key = `${past.outcome} ${past.code} ${j.outcome} ${j.code} ${j.rule ?? ""}`;
  const group: Group = groups.get(key) ?? {
    from: { outcome: past.outcome, code: past.code },
    to: { outcome: j.outcome, code: j.code },
    rule: j.rule ?? "",
    calls: 0,
    examples: [],
    runIds: new Map(),
    byTool: new Map(),
  };
  groups.set(key, group);
  group.calls += 1;
  group.runIds.set(past.runId, past.runStopReason === "success");
  const what = past.tool ?? past.model ?? past.kind;
  group.byTool.set(what, (group.byTool.get(what) ?? 0) + 1);
  if (group.examples.length < EXAMPLES)
    group.examples.push({
      decision_id: past.decisionId,
      run_id: past.runId,
      tool: past.tool,
      at: new Date(past.at).toISOString(),
      message: j.message,
    });
}

const same = (past: Past, to: { outcome: Outcome; code: string }): boolean =>
  past.outcome === to.outcome && (past.outcome === "allow" || past.code === to.code);

/**
 * A draft over past decisions, in the order they were asked, by the very code that decides: what would have been answered
 * otherwise. Counts, caps, loops, circuits and rates are followed through each run; budgets of people stay as they are.
 * @throws Failure `invalid_input` with the path of what is wrong in the draft
 */
export const dryRun = read("policy.dry_run", {
  needs: "policies.read",
  input: dryRunInput,
  run: async ({ tx, ctx, input }): Promise<DryRunShape> => {
    const began = performance.now();
    const draft: Layer = { policyId: input.policy_id, version: 0, document: checkDocument(input.document) };
    const to = input.to ? new Date(input.to) : ctx.now();
    const from = input.from ? new Date(input.from) : new Date(to.getTime() - DAYS_30);
    const { rules, snapshot } = await viewOf(ctx.environmentId);
    const { safeModeTools } = snapshot.settings;
    const compiled = new Map<string, Compiled | null>();
    const policyOf = (past: Past): Compiled | null => {
      const key = `${past.agentId}\n${past.taskType}\n${past.tenantId}`;
      let policy = compiled.get(key);
      if (policy === undefined) {
        const layers = speakers(rules, draft, past);
        policy = layers && compile(layers);
        compiled.set(key, policy);
      }
      return policy;
    };

    const book = emptyBook(0, 0, { runId: "", agentId: "", taskType: "", tenantId: null });
    const groups = new Map<string, Group>();
    const sum = { decisions: 0, differ: 0, unknown: 0, seen: 0 };
    let earliest = to.getTime();
    for await (const page of pastDecisions(tx.sql, ctx.environmentId, from, to, input.limit))
      for (const past of page) {
        sum.seen += 1;
        if (sum.seen % SLICE === 0) await new Promise((resolve) => setImmediate(resolve));
        earliest = Math.min(earliest, past.at);
        const policy = policyOf(past);
        if (!policy || OF_THE_MOMENT.has(past.code)) continue;
        sum.decisions += 1;
        openRun(book, past);
        book.now = past.at;
        const a = asked(past, policy, rules, safeModeTools);
        const j = judge(book, a);
        if (j.outcome === "allow") {
          allow(book, a, liveRun(book, a), j, limitsOf(a, null));
          settlePast(book, past, a);
        }
        book.changes = noChanges();
        if (sum.seen % 500 === 0)
          for (const [connector, hits] of book.rates)
            book.rates.set(
              connector,
              hits.filter((at) => at > past.at - 60_000),
            );
        if (blind(past, policy)) sum.unknown += 1;
        else if (!same(past, j)) {
          sum.differ += 1;
          note(groups, past, j);
        }
      }
    return {
      from: new Date(sum.seen >= input.limit ? earliest : from.getTime()).toISOString(),
      to: to.toISOString(),
      decisions: sum.decisions,
      differ: sum.differ,
      unknown: sum.unknown,
      took_ms: Math.round(performance.now() - began),
      truncated: sum.seen >= input.limit,
      groups: [...groups.values()]
        .sort((a, b) => b.calls - a.calls)
        .map(({ runIds, byTool, ...group }) => ({
          ...group,
          runs: runIds.size,
          succeeded: [...runIds.values()].filter(Boolean).length,
          tools: [...byTool].sort((a, b) => b[1] - a[1]).map(([tool, calls]) => ({ tool, calls })),
        })),
    };
  },
});
