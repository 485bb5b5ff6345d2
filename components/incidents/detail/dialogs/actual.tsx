"use client";

import { Checkbox, NumberInput, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { ApiProblem } from "../../../api";
import { detailOf } from "../../../runs/problem";
import { FormDialog } from "../../../tenancy/dialog";
import t from "../../../tenancy/tenancy.module.css";
import { useChange } from "../../use-change";
import type { Dialog } from "../doing";

const FIELDS: Record<string, string> = {
  "actual.impact": "impact",
  "actual.changes": "changes",
  "actual.cost_usd": "cost",
  "actual.minutes_early_or_late": "minutes",
};
/** Filled from the records where they say; a person answers for it. */
export function ActualDialog({ of, onClose }: Dialog) {
  const change = useChange(of, onClose);
  const { actual: a, evidence: e, predicted: p } = of;
  const form = useForm({
    initialValues: {
      fired: a?.rule_fired ?? e.rule_fired,
      minutes: (a ? a.minutes_early_or_late : e.minutes_early_or_late) ?? ("" as number | ""),
      cost: (a ? a.cost_usd : e.cost_usd) ?? ("" as number | ""),
      impact: a?.impact ?? "",
      changes: a?.changes ?? "",
    },
    validate: {
      impact: (v) => (v.trim() ? null : "Say what it did to people or systems."),
      changes: (v) => (v.trim() ? null : "Say what is different from now on."),
    },
  });
  const send = form.onSubmit((v) =>
    change.mutate(
      {
        change: {
          actual: {
            rule_fired: v.fired,
            minutes_early_or_late: v.fired && v.minutes !== "" ? v.minutes : null,
            cost_usd: v.cost === "" ? null : v.cost,
            impact: v.impact,
            changes: v.changes,
          },
        },
        said: "What was stands beside what was predicted",
      },
      {
        onError: (error) => {
          if (error instanceof ApiProblem)
            for (const each of error.errors) form.setFieldError(FIELDS[each.path] ?? each.path, each.message);
        },
      },
    ),
  );
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="Predicted against actual"
      submit="Save"
      busy={change.isPending}
      error={detailOf(change.error)}
      onSubmit={send}
    >
      <p className={t.words}>
        {p
          ? `The entry foresaw: ${(p.text || p.impact || "nothing in words").replace(/\.$/, "")}${p.detect_minutes === null ? "" : `; known within ${p.detect_minutes} min`}.`
          : "No entry is chosen yet, so nothing was foreseen."}{" "}
        What the records say is filled in.
      </p>
      <Checkbox label="Its rule fired" data-autofocus {...form.getInputProps("fired", { type: "checkbox" })} />
      <div className={t.pair}>
        <NumberInput
          label="Minutes against the prediction"
          description="Below 0 early, above 0 late."
          disabled={!form.values.fired}
          allowNegative
          {...form.getInputProps("minutes")}
        />
        <NumberInput
          label="Cost"
          description="All its runs, US dollars."
          prefix="$"
          min={0}
          decimalScale={6}
          {...form.getInputProps("cost")}
        />
      </div>
      <Textarea label="Impact" autosize minRows={2} maxLength={1_000} {...form.getInputProps("impact")} />
      <Textarea label="What changes" autosize minRows={2} maxLength={1_000} {...form.getInputProps("changes")} />
    </FormDialog>
  );
}
