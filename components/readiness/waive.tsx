"use client";

import { Select, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { LONGEST_WAIVER_DAYS, type ReadinessShape, type WaiverShape } from "@/lib/readiness/schema";
import { ApiProblem } from "../api";
import { useAct } from "../frame/act";
import { detailOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import t from "../tenancy/tenancy.module.css";
import { dayWords } from "./words";

type Written = WaiverShape & { audit_row: number };
const DAY = 86_400_000;
const inDays = (n: number): string => new Date(Date.now() + n * DAY).toISOString().slice(0, 10);

/** Somebody answers for one open condition, by name, until a day. */
export function WaiveDialog({ of, onClose }: { of: ReadinessShape; onClose: () => void }) {
  const open = of.checks.filter((c) => !c.ok);
  const form = useForm({
    initialValues: { check: open[0]?.check ?? "", reason: "", until: inDays(14) },
    validate: { reason: (v) => (v.trim() ? null : "Say why it may wait.") },
  });
  const act = useAct({
    topics: ["readiness"],
    run: (call, body: { check: string; reason: string; until: string }) =>
      call.post<Written>("/readiness/waivers", { agent_id: of.agent_id, version: of.version, ...body }),
    said: (answer) => `${answer.check} is waived until ${dayWords(answer.until)}`,
    done: onClose,
  });
  const chosen = open.find((c) => c.check === form.values.check);
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Waive a condition of ${of.agent_id}${of.version === null ? "" : ` ${of.version}`}`}
      submit="Waive it in my name"
      busy={act.isPending}
      error={detailOf(act.error)}
      onSubmit={form.onSubmit((body) =>
        act.mutate(body, {
          onError: (error) => {
            if (error instanceof ApiProblem) for (const e of error.errors) form.setFieldError(e.path, e.message);
          },
        }),
      )}
    >
      <p className={t.words}>
        The condition stays open and says so; the gate counts it as met until the day you name. Then it blocks again by
        itself. Your name, the reason and the day stand on this page and in the audit.
      </p>
      <Select
        label="Condition"
        data-autofocus
        allowDeselect={false}
        data={open.map((c) => ({ value: c.check, label: c.title }))}
        description={chosen?.detail}
        {...form.getInputProps("check")}
      />
      <Textarea label="Why" autosize minRows={2} maxLength={1_000} {...form.getInputProps("reason")} />
      <TextInput
        type="date"
        label="Until"
        description={`The last day on which it holds, UTC; at most ${LONGEST_WAIVER_DAYS} days from today.`}
        min={inDays(0)}
        max={inDays(LONGEST_WAIVER_DAYS)}
        {...form.getInputProps("until")}
      />
    </FormDialog>
  );
}
