"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { BudgetShape, budgetInput } from "@/lib/budgets/schema";
import { api } from "../api";
import { auditOf } from "../approvals/decide/use-verdict";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";

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

/** The whole budget, under its slug: made, or put in the place of what stood there. */
export function useSave(done: (slug: string) => void) {
  const { slug: environment } = usePlace().environment;
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ slug, body }: { slug: string; body: BudgetBody; said: string }) =>
      api(environment).put<{ audit_row?: number }>(`/budgets/${encodeURIComponent(slug)}`, body),
    onSuccess: async (answer, { slug, said }) => {
      notify({ tone: "good", title: said, audit: auditOf(environment, answer.audit_row) });
      await client.invalidateQueries({ queryKey: [environment, "budgets"] });
      done(slug);
    },
  });
}
