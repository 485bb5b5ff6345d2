import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { BudgetDetailShape, budgetsShape } from "@/lib/budgets/schema";
import { api } from "../api";

export type Budgets = z.output<typeof budgetsShape>;

export const budgetsQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "budgets", "list"],
    queryFn: ({ signal }) => api(environment).get<Budgets>("/budgets", signal),
    // Spending is no event of its own: the figures follow in their own time.
    refetchInterval: 15_000,
  });

export const budgetQuery = (environment: string, slug: string) =>
  queryOptions({
    queryKey: [environment, "budgets", "one", slug],
    queryFn: ({ signal }) => api(environment).get<BudgetDetailShape>(`/budgets/${encodeURIComponent(slug)}`, signal),
    refetchInterval: 15_000,
  });
