import { deleteBudget, getBudget, listBudgets, putBudget } from "../../budgets";
import { type BudgetInput, budgetDetailShape, budgetInput, budgetsShape } from "../../budgets/schema";
import { assertMay } from "../../platform/authz";
import type { Ctx } from "../../platform/ctx";
import { parse } from "../../platform/verb";
import { type Endpoint, verb } from "../endpoint";

const tag = "budgets";
const tells = ["budgets", "controls", "audit"] as const;

/** With ?dry_run=true: what would be there, checked and not kept. */
async function put(ctx: Ctx, raw: Record<string, unknown>) {
  const { dry_run, ...rest } = raw;
  if (dry_run !== "true" && dry_run !== true) return putBudget(ctx, rest as BudgetInput);
  assertMay(ctx, "budgets.write");
  const input = parse(budgetInput, rest);
  const before = await getBudget(ctx, { slug: input.slug }).catch(() => null);
  return {
    valid: true,
    before: before && {
      amount: before.amount,
      metric: before.metric,
      window: before.window,
      soft: before.soft,
      hard: before.hard,
    },
    after: input,
  };
}

export const budgetRoutes: Endpoint[] = [
  verb(listBudgets, {
    method: "get",
    path: "/budgets",
    tag,
    summary: "Budgets and what they have used",
    output: budgetsShape,
  }),
  verb(getBudget, {
    method: "get",
    path: "/budgets/{slug}",
    tag,
    summary: "One budget: spend, forecast, holds",
    output: budgetDetailShape,
  }),
  {
    ...verb(putBudget, {
      method: "put",
      path: "/budgets/{slug}",
      tag,
      summary: "Write a budget; ?dry_run=true only checks it",
      tells,
    }),
    run: put,
  },
  verb(deleteBudget, { method: "delete", path: "/budgets/{slug}", tag, summary: "Delete a budget", tells }),
];
