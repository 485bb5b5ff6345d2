"use client";

import { Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { wordsOf } from "../../runs/problem";
import { FormDialog } from "../../tenancy/dialog";
import { bodyOf, useSave } from "../use-save";
import type { Dialog } from "./dialogs";

const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((each) => each.trim())
    .filter(Boolean);

export function RunbookDialog({ of, onClose }: Dialog) {
  const save = useSave(onClose);
  const { runbook } = of;
  const form = useForm({
    initialValues: {
      a: runbook?.first[0] ?? "",
      b: runbook?.first[1] ?? "",
      c: runbook?.first[2] ?? "",
      next: runbook?.then.join("\n") ?? "",
      verify: runbook?.verify ?? "",
    },
  });
  const move = { maxLength: 300, autosize: true, minRows: 1, required: true, withAsterisk: false };
  return (
    <FormDialog
      opened
      size={620}
      onClose={onClose}
      title={`Runbook of ${of.name}`}
      submit="Save the runbook"
      busy={save.isPending}
      error={save.error ? wordsOf(save.error) : undefined}
      onSubmit={form.onSubmit(({ a, b, c, next, verify }) =>
        save.mutate({
          slug: of.slug,
          revision: of.revision,
          body: { ...bodyOf(of), runbook: { first: [a, b, c], then: lines(next), verify } },
          said: `The runbook of ${of.name} is saved`,
        }),
      )}
    >
      <Textarea label="First move" data-autofocus {...move} {...form.getInputProps("a")} />
      <Textarea label="Second move" {...move} {...form.getInputProps("b")} />
      <Textarea label="Third move" {...move} {...form.getInputProps("c")} />
      <Textarea label="Then" description="One a line." autosize minRows={2} {...form.getInputProps("next")} />
      <Textarea label="It is over when" {...move} maxLength={500} {...form.getInputProps("verify")} />
    </FormDialog>
  );
}
