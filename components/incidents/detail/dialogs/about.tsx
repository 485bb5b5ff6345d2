"use client";

import { Select, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { INCIDENT_SEVERITIES } from "@/lib/incidents/schema";
import { elseOf, saidOf } from "../../../failures/entry/dialogs";
import { usePeople } from "../../../failures/people";
import { useAct } from "../../../frame/act";
import { detailOf } from "../../../runs/problem";
import { FormDialog } from "../../../tenancy/dialog";
import t from "../../../tenancy/tenancy.module.css";
import { useChange } from "../../use-change";
import type { Dialog } from "../doing";

export function NoteDialog({ of, onClose }: Dialog) {
  const [text, setText] = useState("");
  const add = useAct<void, { audit_row: number }>({
    topics: ["incidents"],
    run: (call) => call.post(`/incidents/${encodeURIComponent(of.incident_id)}/notes`, { text }),
    said: () => "The note stands in the timeline",
    leave: onClose,
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Note on ${of.incident_id}`}
      submit="Add the note"
      disabled={text.trim() === ""}
      busy={add.isPending}
      error={detailOf(add.error)}
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Textarea
        label="What you saw"
        description="It stands in the timeline, with your name and the time. It cannot be changed."
        data-autofocus
        autosize
        minRows={3}
        maxLength={4_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

export function CommanderDialog({ of, onClose }: Dialog) {
  const people = usePeople();
  const change = useChange(of, onClose);
  const [who, setWho] = useState<string | null>(of.commander ? null : null);
  const name = people.find((p) => p.value === who)?.label.split(",")[0] ?? "Somebody";
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={of.commander ? `Hand over ${of.incident_id}` : `Commander of ${of.incident_id}`}
      submit={of.commander ? "Hand over" : "Name the commander"}
      disabled={who === null}
      busy={change.isPending}
      error={elseOf(change.error, ["commander"])}
      onSubmit={(event) => {
        event.preventDefault();
        if (who) change.mutate({ change: { commander: who }, said: `${name} commands ${of.incident_id}` });
      }}
    >
      <p className={t.words}>
        One person leads and decides who does what.{of.commander && ` Now it is ${of.commander.name}.`}
      </p>
      <Select
        label="Person"
        data-autofocus
        searchable
        data={people.filter((p) => p.value !== of.commander?.person_id)}
        value={who}
        onChange={setWho}
        error={saidOf(change.error, "commander")}
      />
    </FormDialog>
  );
}

export function AboutDialog({ of, onClose }: Dialog) {
  const change = useChange(of, onClose);
  const form = useForm({ initialValues: { title: of.title, severity: of.severity } });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Title and severity of ${of.incident_id}`}
      submit="Save"
      busy={change.isPending}
      error={elseOf(change.error, ["title"])}
      onSubmit={form.onSubmit((v) => change.mutate({ change: v, said: `${of.incident_id} is changed` }))}
    >
      <TextInput
        label="What went wrong"
        data-autofocus
        maxLength={200}
        {...form.getInputProps("title")}
        error={saidOf(change.error, "title")}
      />
      <Select
        label="Severity"
        description="Raised, people are told again."
        allowDeselect={false}
        data={INCIDENT_SEVERITIES.map((value) => ({ value, label: value }))}
        {...form.getInputProps("severity")}
      />
    </FormDialog>
  );
}

export function RunsDialog({ of, onClose }: Dialog) {
  const change = useChange(of, onClose);
  const [text, setText] = useState("");
  const ids = text.split(/[\s,]+/).filter(Boolean);
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Add runs to ${of.incident_id}`}
      submit="Add"
      disabled={ids.length === 0}
      busy={change.isPending}
      error={detailOf(change.error)}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ change: { run_ids: ids }, said: `${ids.length === 1 ? "The run is" : "The runs are"} added` });
      }}
    >
      <p className={t.words}>What they wrote is to be validated, and what they did stands in the timeline.</p>
      <Textarea
        label="Ids of runs"
        description="One a line."
        data-autofocus
        autosize
        minRows={2}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
