"use client";

import { NumberInput, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { BudgetShape } from "@/lib/budgets/schema";
import { usePlace } from "../frame/place";
import { KeyValue } from "../kit/panel";
import { detailOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import { bodyOf, useSave } from "./use-save";
import { amountWords, isPromise, nameOf, usedOf } from "./words";

/** More room, now: runs that the cap held go on with their next question. */
export function RaiseCap({ of, onClose }: { of: BudgetShape; onClose: () => void }) {
  const { environment } = usePlace();
  const name = nameOf(of, environment.name);
  const save = useSave(onClose);
  const form = useForm<{ amount: number | ""; note: string }>({
    initialValues: { amount: of.amount, note: "" },
    validate: {
      amount: (n) => (n === "" || n === of.amount ? "Another amount than now." : null),
      note: (note) => (note.trim() === "" ? "Say why: it stands beside the budget." : null),
    },
  });
  const to = form.values.amount;
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`${of.hard && !isPromise(of.metric) ? "Raise the cap of" : "Change the amount of"} ${name}`}
      submit={to === "" || to === of.amount ? "Set the cap" : `Set it to ${amountWords(of.metric, to)}`}
      busy={save.isPending}
      error={detailOf(save.error)}
      onSubmit={form.onSubmit(({ amount, note }) => {
        if (amount !== "")
          save.mutate({
            slug: of.slug,
            body: { ...bodyOf(of), amount, note: note.trim() },
            said: `The cap of ${name} is ${amountWords(of.metric, amount)}`,
          });
      })}
    >
      <KeyValue
        items={[
          { term: "Used or held", value: amountWords(of.metric, usedOf(of)) },
          { term: "Cap now", value: amountWords(of.metric, of.amount) },
          ...(of.soft && to !== ""
            ? [{ term: "Soft limit then", value: amountWords(of.metric, to * of.soft.at) }]
            : []),
        ]}
      />
      <NumberInput
        label={`To${of.metric === "usd" ? ", in US dollars" : of.metric === "error_rate" ? ", a share between 0 and 1" : ""}`}
        data-autofocus
        required
        withAsterisk={false}
        min={0}
        prefix={of.metric === "usd" ? "$" : undefined}
        thousandSeparator=","
        allowNegative={false}
        {...form.getInputProps("amount")}
      />
      <Textarea
        label="Why"
        description="It replaces the note of the budget, and stands in the audit."
        required
        withAsterisk={false}
        autosize
        minRows={2}
        maxLength={300}
        {...form.getInputProps("note")}
      />
    </FormDialog>
  );
}
