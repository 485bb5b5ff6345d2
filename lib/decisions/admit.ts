import { counted, keyFor, SUM_OF, type Sum } from "../budgets";
import { type Admitted, admit, type MayBegin, stateOf } from "../controls";
import type { Ctx } from "../platform/ctx";
import { Failure } from "../platform/errors";
import { parse } from "../platform/verb";
import type { Compiled } from "../policies";
import { type OpenRun, openRunInput } from "../runs/schema";
import { capsOf, rulesOf, speakingFor } from "./rules";
import * as store from "./store/begin";

export type Begun = Admitted & {
  policy: { id: string | null; version: number | null; mode: "enforce" | "observe" };
  limits: Record<string, number>;
};

const exhausted = (budget: string, message: string): Failure =>
  new Failure("budget_exhausted", message, { extra: { budget, stop_reason: "cost_budget" } });

const limitsOf = ({ budgets: b }: Compiled): Record<string, number> =>
  Object.fromEntries(
    Object.entries({
      max_steps: b.steps,
      max_seconds: b.seconds,
      max_tool_calls: b.toolCalls,
      max_usd: b.micros === null ? null : b.micros / 1e6,
      max_tokens: b.tokens,
      max_unique_calls: b.uniqueCalls,
      max_depth: b.depth,
      max_children: b.children,
    }).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );

/**
 * Opens a run where no switch forbids it and every budget can hold what it says it will need. The estimate is checked, not held.
 * @throws Failure `budget_exhausted` naming the budget | `stopped` | `paused` | `run_locked` | `request_id_reused`
 */
export async function beginRun(ctx: Ctx, raw: unknown): Promise<Begun> {
  const input = parse(openRunInput, raw);
  const admitted = await admit(ctx, input, mayBegin(ctx, input));
  const { snapshot } = await stateOf(ctx.environmentId);
  const rules = await rulesOf(ctx.environmentId, snapshot.policyRevision);
  const { policy, observing } = speakingFor(rules, whoOf(input));
  return {
    ...admitted,
    policy: {
      id: policy.ref?.id ?? null,
      version: policy.ref?.version ?? null,
      mode: observing ? "observe" : "enforce",
    },
    limits: limitsOf(policy),
  };
}

const whoOf = (input: OpenRun) => ({
  agentId: input.agent_id,
  taskType: input.task_type,
  tenantId: input.tenant_id ?? null,
});

const mayBegin =
  (ctx: Ctx, input: OpenRun): MayBegin =>
  async (tx, opened, caller, policyRevision) => {
    if (opened.tookOver) return store.lapseHolds(tx, ctx.environmentId, opened.run.run_id);
    const rules = await rulesOf(ctx.environmentId, policyRevision);
    const who = { ...whoOf(input), runId: opened.run.run_id };
    const { policy, observing } = speakingFor(rules, who);
    const more: Record<Sum, number> = {
      steps: 0,
      toolCalls: 0,
      tokens: input.estimate?.tokens ?? 0,
      micros: Math.round((input.estimate?.usd ?? 0) * 1e6),
    };
    const budgets = rules.budgets.filter((b) => b.hard);
    const live = await store.liveCounts(tx, ctx.environmentId, who, input.parent_run_id ?? null);
    const b = policy.budgets;
    const name = `policy ${policy.ref?.id ?? "none"}`;
    const depth = caller.ancestorIds.length;
    if (!observing) {
      if (b.depth !== null && depth > b.depth)
        throw exhausted(name, `${name}: a run may stand ${b.depth} deep; this one would stand ${depth}.`);
      if (b.children !== null && live.children > b.children)
        throw exhausted(name, `${name}: a run may have ${b.children} children.`);
      if (b.concurrentRuns !== null && live.agent > b.concurrentRuns)
        throw exhausted(name, `${name}: ${input.agent_id} may have ${b.concurrentRuns} runs at once.`);
      for (const cap of capsOf(rules, policy, who))
        if (cap.hard && more[cap.sum] > cap.amount)
          throw exhausted(cap.source, `${cap.source} cannot hold what this run says it will need.`);
    }
    const at: Record<string, number> = {
      agent: live.agent,
      task_type: live.task_type,
      tenant: live.tenant,
      environment: live.environment,
      depth,
      children: live.children,
    };
    for (const budget of budgets) {
      if (keyFor(budget, who, null, null) === null) continue;
      const value =
        budget.metric === "concurrent_runs"
          ? at[budget.scopeKind]
          : budget.metric === "depth" || budget.metric === "children"
            ? at[budget.metric]
            : undefined;
      if (value !== undefined && value > budget.amount)
        throw exhausted(
          `budget ${budget.slug}`,
          `budget ${budget.slug}: ${budget.metric} may be ${budget.amount}; this would make ${value}.`,
        );
    }
    for (const budget of budgets) {
      const sum = SUM_OF[budget.metric];
      const key = keyFor(budget, who, null, null);
      if (
        !sum ||
        key === null ||
        budget.window === "run" ||
        budget.scopeKind === "tool" ||
        budget.scopeKind === "stage"
      )
        continue;
      const spend = await store.windowSpend(tx, ctx.environmentId, budget.scopeKind, key, budget.window);
      const used = counted(spend, sum);
      if (used >= budget.amount || used + more[sum] > budget.amount)
        throw exhausted(
          `budget ${budget.slug}`,
          `budget ${budget.slug} (${budget.metric} per ${budget.window}) cannot hold what this run says it will need.`,
        );
    }
  };
