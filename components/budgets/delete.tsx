"use client";

import type { BudgetShape } from "@/lib/budgets/schema";
import { query } from "../api";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { ConfirmReason } from "../kit/confirm";
import { detailOf } from "../runs/problem";
import { amountWords, measureOf, nameOf, usedOf } from "./words";

export function DeleteBudget(props: {
  of: BudgetShape;
  onClose: () => void;
  /** It is not asked for again while, and after, it goes. */
  onDeleting: (gone: boolean) => void;
  onGone: () => void;
}) {
  const { of, onClose, onDeleting, onGone } = props;
  const { environment } = usePlace();
  const act = useAct({
    topics: ["budgets"],
    run: (call, reason: string) =>
      call.delete<{ audit_row?: number } | null>(`/budgets/${encodeURIComponent(of.slug)}${query({ reason })}`),
    said: () => `The budget ${of.slug} is deleted`,
    leave: () => {
      onClose();
      onGone();
    },
  });
  const send = (reason: string) => {
    onDeleting(true);
    act.mutate(reason, { onError: () => onDeleting(false) });
  };
  return (
    <ConfirmReason
      opened
      onClose={onClose}
      title={`Delete the budget of ${nameOf(of, environment.name)}`}
      confirmLabel="Delete the budget"
      destructive
      busy={act.isPending}
      error={detailOf(act.error)}
      facts={[
        { term: "Budget", value: of.slug },
        { term: "Counts", value: measureOf(of) },
        { term: "Cap", value: amountWords(of.metric, of.amount) },
        { term: "Used or held", value: amountWords(of.metric, usedOf(of)) },
      ]}
      onConfirm={send}
    >
      {of.hard
        ? "Nothing here holds these calls back any more; other budgets and the caps of policies still do."
        : "It is watched no more."}{" "}
      What was spent stays in the runs.
    </ConfirmReason>
  );
}
