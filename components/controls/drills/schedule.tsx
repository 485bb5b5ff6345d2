"use client";

import { Autocomplete, Button, NumberInput, Select } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { type DrillSchedule, drillSchedule } from "@/lib/controls/schema";
import { useAct } from "../../frame/act";
import { usePlace } from "../../frame/place";
import { wordsOf } from "../../runs/problem";
import { agentNamesQuery } from "../../runs/queries";
import { FormDialog } from "../../tenancy/dialog";
import t from "../../tenancy/tenancy.module.css";
import s from "./drills.module.css";
import { hourWords, scheduleWords } from "./words";

const HOURS = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: `${hourWords(hour)} UTC` }));

/** Which agent is stopped by itself, how often and at which hour; or none. */
export function ScheduleForm({ of, onClose }: { of: DrillSchedule | null; onClose: () => void }) {
  const { slug } = usePlace().environment;
  const agents = useQuery(agentNamesQuery(slug)).data?.items.map((agent) => agent.agent_id) ?? [];
  const form = useForm({
    initialValues: {
      agent_id: of?.agent_id ?? "",
      every_days: (of?.every_days ?? 7) as number | string,
      hour: String(of?.hour ?? 3),
    },
  });
  const save = useAct({
    topics: ["controls"],
    run: (call, drill: DrillSchedule | null) => call.put<{ audit_row: number }>("/control/settings", { drill }),
    said: (_, drill) =>
      drill ? `${drill.agent_id} is drilled ${scheduleWords(drill)}` : "No drill is on schedule any more",
    done: onClose,
  });
  const send = form.onSubmit((values) => {
    const drill = {
      agent_id: values.agent_id.trim(),
      every_days: Number(values.every_days),
      hour: Number(values.hour),
    };
    const read = drillSchedule.safeParse(drill);
    if (read.success) save.mutate(read.data);
    else
      form.setErrors({
        ...(drill.agent_id ? {} : { agent_id: "Name the agent" }),
        ...(drill.every_days >= 1 ? {} : { every_days: "At least 1" }),
      });
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="Drill on schedule"
      submit="Save the schedule"
      busy={save.isPending}
      error={save.isError ? wordsOf(save.error) : undefined}
      onSubmit={send}
    >
      <p className={s.words}>
        At its hour the agent is stopped for real: running runs end with kill_switch. It is released as soon as
        everybody has confirmed. Where nothing is connected then, the drill has failed and people are told.
      </p>
      <Autocomplete
        label="Agent"
        description="A canary: one whose runs may end."
        data={agents}
        limit={30}
        data-autofocus
        {...form.getInputProps("agent_id")}
      />
      <div className={t.pair}>
        <NumberInput label="Every" suffix=" days" min={1} max={366} {...form.getInputProps("every_days")} />
        <Select label="At" data={HOURS} allowDeselect={false} {...form.getInputProps("hour")} />
      </div>
      {of && (
        <Button className={s.none} loading={save.isPending} onClick={() => save.mutate(null)}>
          No drill on schedule
        </Button>
      )}
    </FormDialog>
  );
}
