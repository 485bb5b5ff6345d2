"use client";

import type { z } from "zod";
import type { BudgetShape, budgetInput } from "@/lib/budgets/schema";
import { useAct } from "../frame/act";

export type BudgetBody = Omit<z.input<typeof budgetInput>, "slug" | "dry_run">;

export const bodyOf = (b: BudgetShape): BudgetBody => ({
  scope: b.scope.key === null ? { kind: b.scope.kind } : { kind: b.scope.kind, key: b.scope.key },
  metric: b.metric,
  window: b.window,
  amount: b.amount,
  hard: b.hard,
  ...(b.soft ? { soft: b.soft } : {}),
  ...(b.note ? { note: b.note } : {}),
});

type Sent = { slug: string; body: BudgetBody; said: string };
/** The whole budget, under its slug: made, or put in the place of what stood there. */
export const useSave = (done: (slug: string) => void) =>
  useAct({
    topics: ["budgets"],
    run: (call, { slug, body }: Sent) => call.put<{ audit_row?: number }>(`/budgets/${encodeURIComponent(slug)}`, body),
    said: (_, { said }) => said,
    done: (_, { slug }) => done(slug),
  });
