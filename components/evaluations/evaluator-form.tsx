"use client";

import { NumberInput, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type EvaluatorShape, type PutEvaluator, putEvaluatorInput } from "@/lib/evaluations/schema";
import { ApiProblem } from "../api";
import { useAct } from "../frame/act";
import { detailOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import s from "./form.module.css";
import { errorsOf, refusalsOf } from "./form-errors";

const PATTERNS = "Names, * for any characters; Enter after each. Empty: any.";

/** Who is asked, made or written again as a whole. */
export function EvaluatorForm({ of, onClose }: { of?: EvaluatorShape; onClose: () => void }) {
  const form = useForm({
    initialValues: {
      slug: of?.slug ?? "",
      url: of?.url ?? "",
      agent_ids: of?.agent_ids ?? [],
      task_types: of?.task_types ?? [],
      sample: (of ? of.sample * 100 : 100) as number | string,
      timeout_s: (of?.timeout_s ?? 20) as number | string,
      note: of?.note ?? "",
      enabled: of?.enabled ?? true,
    },
  });
  const save = useAct({
    topics: ["evaluations"],
    run: (call, { slug, ...body }: PutEvaluator) =>
      call.put<{ audit_row: number }>(`/evaluators/${encodeURIComponent(slug)}`, body),
    said: (_, { slug }) => (of ? `The evaluator ${slug} is changed` : `The evaluator ${slug} is asked from now on`),
    done: onClose,
  });
  const send = form.onSubmit((v) => {
    const read = putEvaluatorInput.safeParse({
      ...v,
      slug: v.slug.trim(),
      url: v.url.trim(),
      sample: v.sample === "" ? undefined : Number(v.sample) / 100,
      timeout_s: v.timeout_s === "" ? undefined : v.timeout_s,
      note: v.note.trim() || null,
    });
    if (!read.success) return form.setErrors(errorsOf(read.error.issues));
    save.mutate(read.data, {
      onError: (error) => error instanceof ApiProblem && form.setErrors(refusalsOf(error.errors)),
    });
  });
  return (
    <FormDialog
      opened
      size={560}
      onClose={onClose}
      title={of ? `Evaluator ${of.slug}` : "New evaluator"}
      submit={of ? "Save the evaluator" : "Make the evaluator"}
      busy={save.isPending}
      error={detailOf(save.error)}
      onSubmit={send}
    >
      {!of && (
        <TextInput
          data-autofocus
          label="Name"
          description="Small letters, digits, dots, dashes. It stands beside each score, and cannot be changed."
          placeholder="judge"
          autoComplete="off"
          {...form.getInputProps("slug")}
        />
      )}
      <TextInput
        label="Address"
        description="It gets a POST with each run once it has ended, and answers with scores. Anybody who may look at evaluations sees it."
        placeholder="https://judge.example.com/runs"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps("url")}
      />
      <TagsInput label="Of which agents" description={PATTERNS} {...form.getInputProps("agent_ids")} />
      <TagsInput label="Of which task types" description={PATTERNS} {...form.getInputProps("task_types")} />
      <div className={s.two}>
        <NumberInput
          label="Share of the runs, %"
          description="The same run is always in or out."
          min={0.01}
          max={100}
          decimalScale={2}
          {...form.getInputProps("sample")}
        />
        <NumberInput
          label="Time to answer, s"
          description="Asked three times at the most."
          min={1}
          max={120}
          allowDecimal={false}
          {...form.getInputProps("timeout_s")}
        />
      </div>
      <Textarea label="Note" autosize minRows={2} maxLength={1_000} {...form.getInputProps("note")} />
      <Switch
        label="Switched on"
        description="Off: it is asked about no further run. Its scores stay."
        {...form.getInputProps("enabled", { type: "checkbox" })}
      />
    </FormDialog>
  );
}
