import type { BudgetScope, Metric, Window } from "./schema";

/** What has been used, and what calls in flight may still cost: tokens, micro-dollars, counts. */
export type Spend = {
  steps: number;
  toolCalls: number;
  tokens: number;
  micros: number;
  heldTokens: number;
  heldMicros: number;
  unsettledTokens: number;
  unsettledMicros: number;
};
export const noSpend = (): Spend => ({
  steps: 0,
  toolCalls: 0,
  tokens: 0,
  micros: 0,
  heldTokens: 0,
  heldMicros: 0,
  unsettledTokens: 0,
  unsettledMicros: 0,
});
export function add(to: Spend, more: Partial<Spend>): void {
  for (const key of Object.keys(more) as (keyof Spend)[]) to[key] += more[key] ?? 0;
}

export type Sum = "steps" | "toolCalls" | "tokens" | "micros";
/** Spent, unsettled and held: what a cap is compared with. */
export function counted(spend: Spend, sum: Sum): number {
  switch (sum) {
    case "steps":
      return spend.steps;
    case "toolCalls":
      return spend.toolCalls;
    case "tokens":
      return spend.tokens + spend.heldTokens + spend.unsettledTokens;
    case "micros":
      return spend.micros + spend.heldMicros + spend.unsettledMicros;
  }
}
export const SUM_OF: Partial<Record<Metric, Sum>> = {
  usd: "micros",
  tokens: "tokens",
  tool_calls: "toolCalls",
  steps: "steps",
};

export type SoftThen = "alert" | "downgrade" | "safe_mode";
/** A budget as a person wrote it; money in micro-dollars. */
export type Budget = {
  slug: string;
  scopeKind: BudgetScope;
  /** Empty: each one of the kind. */
  scopeKey: string;
  metric: Metric;
  window: Window;
  amount: number;
  softAt: number | null;
  softThen: SoftThen;
  hard: boolean;
};
export type Who = { agentId: string; tenantId: string | null; taskType: string; runId: string };

/** Whose usage the budget looks at for this caller, and under which key; null: it does not concern it. */
export function keyFor(budget: Budget, who: Who, tool: string | null, stage: string | null): string | null {
  const own: Record<BudgetScope, string | null> = {
    environment: "",
    tenant: who.tenantId,
    agent: who.agentId,
    task_type: who.taskType,
    run: who.runId,
    tool,
    stage,
  };
  const value = own[budget.scopeKind];
  if (value === null) return null;
  return budget.scopeKey === "" || budget.scopeKey === value ? value : null;
}

/** The first instant of the window that `now` is in, in ms; windows are UTC. */
export function windowStart(window: Window, now: number): number {
  const d = new Date(now);
  switch (window) {
    case "run":
      return 0;
    case "hour":
      return Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCHours());
    case "day":
      return Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate());
    case "month":
      return Date.UTC(d.getUTCFullYear(), d.getUTCMonth());
  }
}
export function windowEnd(window: Window, start: number): number {
  const d = new Date(start);
  switch (window) {
    case "run":
      return start;
    case "hour":
      return start + 3_600_000;
    case "day":
      return start + 86_400_000;
    case "month":
      return Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1);
  }
}
