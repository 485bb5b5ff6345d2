"use client";

import { Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { detailOf } from "../../../runs/problem";
import { FormDialog } from "../../../tenancy/dialog";
import { useChange } from "../../use-change";
import { PARTS } from "../../words";
import type { Dialog } from "../doing";

const MEANS: Record<(typeof PARTS)[number][0], string> = {
  what_happened: "In the order in which it did. The timeline has the times.",
  root_cause: "Of the system, not of a person: why nothing held it.",
  what_helped: "What made it shorter or smaller.",
  what_hindered: "What made it longer or larger.",
};
export function PostMortemDialog({ of, onClose }: Dialog) {
  const change = useChange(of, onClose);
  const form = useForm({ initialValues: of.post_mortem });
  return (
    <FormDialog
      opened
      size={720}
      onClose={onClose}
      title={`Post-mortem of ${of.incident_id}`}
      submit="Save"
      busy={change.isPending}
      error={detailOf(change.error)}
      onSubmit={form.onSubmit((v) => {
        // Only what was changed here: the rest may have been written by somebody else meanwhile.
        const parts = PARTS.filter(([part]) => v[part] !== of.post_mortem[part]).map(([part]) => [part, v[part]]);
        if (parts.length === 0) return onClose();
        change.mutate({ change: { post_mortem: Object.fromEntries(parts) }, said: "The post-mortem is saved" });
      })}
    >
      {PARTS.map(([part, name], n) => (
        <Textarea
          key={part}
          label={name}
          description={MEANS[part]}
          data-autofocus={n === 0 || undefined}
          autosize
          minRows={2}
          maxRows={10}
          maxLength={10_000}
          {...form.getInputProps(part)}
        />
      ))}
    </FormDialog>
  );
}
