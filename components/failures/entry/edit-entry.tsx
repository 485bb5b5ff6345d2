"use client";

import { MultiSelect, NumberInput, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { REGIMES } from "@/lib/failures/schema";
import { STOP_REASONS } from "@/lib/runs/stop-reasons";
import { ApiProblem } from "../../api";
import { wordsOf } from "../../runs/problem";
import { FormDialog } from "../../tenancy/dialog";
import { bodyOf, type FailureBody, useSave } from "../use-save";
import { REGIME_WORDS } from "../words";
import type { Dialog } from "./dialogs";
import s from "./entry.module.css";

const FIELDS: Record<string, string> = {
  root_cause: "cause",
  "seen.at": "seenOn",
  "seen.where": "where",
  "seen.resolution": "resolution",
  "prediction.text": "prediction",
  "prediction.cost_usd": "cost",
  "prediction.impact": "predictedImpact",
  "prediction.detect_minutes": "minutes",
  stop_reasons: "reasons",
};
const area = { autosize: true, minRows: 2, maxLength: 2_000 };

/** The words of the entry; owner, triage, runbook and rule are changed where they stand. */
export function EditEntry({ of, onClose }: Dialog) {
  const save = useSave(onClose);
  const p = of.prediction;
  const form = useForm({
    initialValues: {
      name: of.name,
      regime: of.regime,
      symptom: of.symptom,
      cause: of.root_cause,
      impact: of.impact,
      prediction: p.text,
      minutes: p.detect_minutes ?? ("" as number | ""),
      cost: p.cost_usd ?? ("" as number | ""),
      predictedImpact: p.impact ?? "",
      seenOn: of.seen?.at.slice(0, 10) ?? "",
      where: of.seen?.where ?? "",
      resolution: of.seen?.resolution ?? "",
      reasons: of.stop_reasons,
      agents: of.agents,
    },
  });
  const send = form.onSubmit((v) => {
    const number = (value: number | "") => (value === "" ? null : value);
    // The hour of a day that was not changed stays.
    const at = of.seen?.at.startsWith(v.seenOn) ? of.seen.at : `${v.seenOn}T00:00:00Z`;
    const body: FailureBody = {
      ...bodyOf(of),
      name: v.name.trim(),
      regime: v.regime,
      symptom: v.symptom,
      root_cause: v.cause,
      impact: v.impact,
      prediction: {
        text: v.prediction,
        detect_minutes: number(v.minutes),
        cost_usd: number(v.cost),
        impact: v.predictedImpact || null,
      },
      seen: v.seenOn ? { at, where: v.where, resolution: v.resolution } : null,
      stop_reasons: v.reasons,
      agents: v.agents,
    };
    save.mutate(
      { slug: of.slug, revision: of.revision, body, said: `${v.name.trim()} is saved` },
      {
        onError: (error) => {
          if (error instanceof ApiProblem)
            for (const each of error.errors) form.setFieldError(FIELDS[each.path] ?? each.path, each.message);
        },
      },
    );
  });
  return (
    <FormDialog
      opened
      size={720}
      onClose={onClose}
      title={`Edit ${of.name}`}
      submit={`Save as revision ${of.revision + 1}`}
      busy={save.isPending}
      error={save.error ? wordsOf(save.error) : undefined}
      onSubmit={send}
    >
      <div className={s.two}>
        <TextInput label="Name" data-autofocus maxLength={200} {...form.getInputProps("name")} />
        <Select
          label="Regime"
          allowDeselect={false}
          data={REGIMES.map((value) => ({ value, label: REGIME_WORDS[value] }))}
          {...form.getInputProps("regime")}
        />
      </div>
      <Textarea label="Symptom" {...area} {...form.getInputProps("symptom")} />
      <Textarea label="Root cause" {...area} {...form.getInputProps("cause")} />
      <Textarea label="Impact" {...area} {...form.getInputProps("impact")} />
      <Textarea
        label="Prediction"
        description="What we expect before it has been seen."
        {...area}
        {...form.getInputProps("prediction")}
      />
      <div className={s.two}>
        <NumberInput label="We would know within, minutes" min={0} hideControls {...form.getInputProps("minutes")} />
        <NumberInput label="Cost of one run" prefix="$" min={0} hideControls {...form.getInputProps("cost")} />
      </div>
      <TextInput label="Impact, predicted" maxLength={500} {...form.getInputProps("predictedImpact")} />
      <div className={s.two}>
        <TextInput
          type="date"
          label="Seen on"
          description="Empty: expected, never seen."
          {...form.getInputProps("seenOn")}
        />
        <TextInput
          label="Where"
          description="Agent, environment, run."
          disabled={!form.values.seenOn}
          maxLength={300}
          {...form.getInputProps("where")}
        />
      </div>
      <TextInput
        label="Resolution"
        disabled={!form.values.seenOn}
        maxLength={1_000}
        {...form.getInputProps("resolution")}
      />
      <MultiSelect
        label="Stop reasons"
        description="Runs that end with these show its runbook."
        searchable
        clearable
        data={[...STOP_REASONS]}
        {...form.getInputProps("reasons")}
      />
      <TagsInput label="Agents" description="Patterns with *. Empty: all." {...form.getInputProps("agents")} />
    </FormDialog>
  );
}
