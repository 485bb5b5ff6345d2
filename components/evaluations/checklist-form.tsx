"use client";

import { Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type PutChecklist, putChecklistInput, type ReleaseChecklistShape } from "@/lib/evaluations/schema";
import { ApiProblem } from "../api";
import { useAct } from "../frame/act";
import { wordsOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import { errorsOf, refusalsOf } from "./form-errors";
import { ProbeFields, type ProbeValues, probeOf, probeValues } from "./probe-fields";

type Values = { runbook: string; agents: string; note: string; probes: ProbeValues[] };

/** The probes of a runbook, made or written again as a whole. */
export function ChecklistForm({ of, onClose }: { of?: ReleaseChecklistShape; onClose: () => void }) {
  const form = useForm<Values>({
    initialValues: {
      runbook: of?.runbook ?? "",
      agents: of?.agent_ids.join(", ") ?? "",
      note: of?.note ?? "",
      probes: (of?.probes ?? [{ name: "", type: "end-to-end" as const }]).map(probeValues),
    },
  });
  const save = useAct({
    topics: ["evaluations", "readiness"],
    run: (call, { runbook, ...body }: PutChecklist) =>
      call.put<{ audit_row?: number }>(`/release-checklists/${encodeURIComponent(runbook)}`, body),
    said: (_, { runbook }) => `The release checklist of ${runbook} is ${of ? "changed" : "made"}`,
    done: onClose,
  });
  const send = form.onSubmit((v) => {
    const read = putChecklistInput.safeParse({
      runbook: v.runbook.trim(),
      agent_ids: v.agents
        .split(",")
        .map((a) => a.trim())
        .filter(Boolean),
      probes: v.probes.map(probeOf),
      ...(v.note.trim() ? { note: v.note.trim() } : {}),
    });
    if (read.success)
      return save.mutate(read.data, {
        onError: (error) => error instanceof ApiProblem && form.setErrors(refusalsOf(error.errors)),
      });
    const { agent_ids, ...errors } = errorsOf(read.error.issues);
    form.setErrors({ ...errors, ...(agent_ids ? { agents: agent_ids } : {}) });
  });
  return (
    <FormDialog
      opened
      size={680}
      onClose={onClose}
      title={of ? `Release checklist of ${of.runbook}` : "New release checklist"}
      submit={of ? "Save the checklist" : "Make the checklist"}
      busy={save.isPending}
      error={save.isError ? wordsOf(save.error) : (form.errors.probes ?? undefined)}
      onSubmit={send}
    >
      {!of && (
        <TextInput
          data-autofocus
          label="Runbook"
          description="Small letters, digits, dots, dashes."
          placeholder="roll-out"
          autoComplete="off"
          {...form.getInputProps("runbook")}
        />
      )}
      <TextInput
        label="Agents"
        description="Names or patterns with *, divided by commas. Empty: every agent."
        placeholder="triage-*"
        autoComplete="off"
        {...form.getInputProps("agents")}
      />
      <ProbeFields form={form as unknown as Parameters<typeof ProbeFields>[0]["form"]} />
      <Textarea label="Note" autosize minRows={2} {...form.getInputProps("note")} />
    </FormDialog>
  );
}
