"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { BudgetShape } from "@/lib/budgets/schema";
import { api } from "../api";
import { auditOf } from "../approvals/decide/use-verdict";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";
import { KeyValue } from "../kit/panel";
import { wordsOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import t from "../tenancy/tenancy.module.css";
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
  const client = useQueryClient();
  const name = nameOf(of, environment.name);
  const act = useMutation({
    mutationFn: () =>
      api(environment.slug).delete<{ audit_row?: number } | null>(`/budgets/${encodeURIComponent(of.slug)}`),
    onMutate: () => onDeleting(true),
    onError: () => onDeleting(false),
    onSuccess: async (answer) => {
      notify({
        tone: "good",
        title: `The budget ${of.slug} is deleted`,
        audit: auditOf(environment.slug, answer?.audit_row),
      });
      onClose();
      onGone();
      await client.invalidateQueries({ queryKey: [environment.slug, "budgets"] });
    },
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Delete the budget of ${name}`}
      submit="Delete the budget"
      destructive
      busy={act.isPending}
      error={act.isError ? wordsOf(act.error) : undefined}
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate();
      }}
    >
      <p className={t.words}>
        {of.hard
          ? "Nothing here holds these calls back any more; other budgets and the caps of policies still do."
          : "It is watched no more."}{" "}
        What was spent stays in the runs.
      </p>
      <KeyValue
        items={[
          { term: "Budget", value: of.slug },
          { term: "Counts", value: measureOf(of) },
          { term: "Cap", value: amountWords(of.metric, of.amount) },
          { term: "Used or held", value: amountWords(of.metric, usedOf(of)) },
        ]}
      />
    </FormDialog>
  );
}
