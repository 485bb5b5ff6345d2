"use client";

import { Select, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { FAULTS, FAULTS_OF_NO_TOOL } from "@/lib/incidents/schema";
import { STOP_REASONS } from "@/lib/runs/stop-reasons";
import { elseOf, saidOf } from "../../../failures/entry/dialogs";
import { stopReasonLabel } from "../../../kit/stop-reasons";
import { type Change, useChange } from "../../use-change";
import { FAULT_WORDS } from "../../words";
import type { Dialog } from "../doing";
import { EitherDialog, useEither } from "./either";

const PATHS = ["name", "inject", "tool", "expect_stop_reason", "none"].map((field) => `regression_case.${field}`);
const NO_TOOL: ReadonlySet<string> = new Set(FAULTS_OF_NO_TOOL);
type Case = NonNullable<Change["regression_case"]>;

/** What is broken on purpose, in which tool, and how a run must end then. */
export function RegressionDialog({ of, onClose }: Dialog) {
  const was = of.regression_case;
  const either = useEither(was?.none);
  const change = useChange(of, onClose);
  const form = useForm({
    initialValues: {
      name: was?.name ?? `${of.incident_id.toLowerCase()}-`,
      inject: was?.inject ?? null,
      tool: was?.tool ?? "",
      expect: (was?.expect_stop_reason ?? null) as string | null,
      notes: was?.notes ?? "",
    },
  });
  const v = form.values;
  const said = (field: string) => saidOf(change.error, `regression_case.${field}`);
  const withTool = v.inject !== null && !NO_TOOL.has(v.inject);
  const given =
    either.kind === "none"
      ? { none: either.reason.trim() }
      : ({
          name: v.name.trim(),
          inject: v.inject,
          expect_stop_reason: v.expect,
          ...(withTool && v.tool.trim() ? { tool: v.tool.trim() } : {}),
          ...(v.notes.trim() ? { notes: v.notes.trim() } : {}),
        } as Case);
  return (
    <EitherDialog
      {...either}
      title="Regression case"
      words="A golden task for the chaos harness: it must pass before the next version goes out."
      there="A case"
      size={600}
      ready={v.name.trim() !== "" && v.inject !== null && v.expect !== null}
      busy={change.isPending}
      reasonError={said("none")}
      error={elseOf(change.error, PATHS)}
      onClose={onClose}
      onSend={() => change.mutate({ change: { regression_case: given }, said: "The regression case is written" })}
    >
      <TextInput
        label="Name"
        description="Small letters, digits, - and _."
        autoComplete="off"
        {...form.getInputProps("name")}
        error={said("name")}
      />
      <Select
        label="What is broken"
        searchable
        data={FAULTS.map((value) => ({ value, label: `${FAULT_WORDS[value] ?? value} (${value})` }))}
        {...form.getInputProps("inject")}
        error={said("inject")}
      />
      {withTool && (
        <TextInput
          label="In which tool"
          placeholder="search.read"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps("tool")}
          error={said("tool")}
        />
      )}
      <Select
        label="The run must end with"
        searchable
        data={STOP_REASONS.map((value) => ({ value, label: `${stopReasonLabel(value)} (${value})` }))}
        {...form.getInputProps("expect")}
        error={said("expect_stop_reason")}
      />
      <Textarea label="Notes" autosize minRows={2} maxLength={2_000} {...form.getInputProps("notes")} />
    </EitherDialog>
  );
}
