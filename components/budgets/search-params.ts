import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

export const BUDGET_VIEWS = ["all", "near", "reached"] as const;
export type BudgetView = (typeof BUDGET_VIEWS)[number];

export const budgetParams = {
  view: parseAsStringLiteral(BUDGET_VIEWS).withDefault("all"),
  /** The chosen one, by its slug. */
  budget: parseAsString,
  metric: parseAsString,
  scope: parseAsString,
};
export const loadBudgets = createLoader(budgetParams);
