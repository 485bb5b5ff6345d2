"use client";

import { Select, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import type { FailureDetail } from "@/lib/failures/schema";
import { ApiProblem } from "../../api";
import { wordsOf } from "../../runs/problem";
import { FormDialog } from "../../tenancy/dialog";
import t from "../../tenancy/tenancy.module.css";
import { usePeople } from "../people";
import { bodyOf, useSave } from "../use-save";
import { TRIAGE_WORDS } from "../words";

export type Dialog = { of: FailureDetail; onClose: () => void };
/** The words for this field, else all of them. */
export const saidOf = (error: unknown, path: string): string | undefined =>
  error instanceof ApiProblem ? error.errors.find((e) => e.path === path)?.message : undefined;
export const elseOf = (error: unknown, paths: string[]): string | undefined =>
  error === null || paths.some((path) => saidOf(error, path)) ? undefined : wordsOf(error);

export function OwnerDialog({ of, onClose }: Dialog) {
  const people = usePeople();
  const [owner, setOwner] = useState<string | null>(of.owner?.person_id ?? null);
  const [text, setText] = useState("");
  const save = useSave(onClose);
  const named = people.find((p) => p.value === owner)?.label.split(",")[0];
  const given = text.trim() || owner;
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Owner of ${of.name}`}
      submit={given ? "Name the owner" : "Leave it without an owner"}
      busy={save.isPending}
      error={elseOf(save.error, ["owner"])}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({
          slug: of.slug,
          revision: of.revision,
          body: { ...bodyOf(of), owner: given },
          said: given ? `${text.trim() || named || "Somebody"} owns ${of.name}` : `${of.name} has no owner`,
        });
      }}
    >
      <p className={t.words}>
        One person who keeps the entry true and answers for it. A team or a shared mailbox is nobody in particular, and
        is refused.
      </p>
      <Select
        label="Person"
        data-autofocus
        searchable
        clearable
        data={people}
        value={owner}
        onChange={setOwner}
        error={text.trim() ? undefined : saidOf(save.error, "owner")}
      />
      <TextInput
        label="Or by e-mail address"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={text.trim() ? saidOf(save.error, "owner") : undefined}
      />
    </FormDialog>
  );
}

export function TriageDialog({ of, onClose }: Dialog) {
  const save = useSave(onClose);
  const form = useForm({
    initialValues: { when: of.triage.when, reason: of.triage.reason ?? "", review_at: of.triage.review_at ?? "" },
  });
  const { when } = form.values;
  const later = when === "after_first_incident";
  const paths = ["triage.reason", "triage.review_at"];
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Triage of ${of.name}`}
      submit={later ? "Put it off" : "Before launch"}
      busy={save.isPending}
      error={elseOf(save.error, paths)}
      onSubmit={form.onSubmit(({ reason, review_at }) =>
        save.mutate({
          slug: of.slug,
          revision: of.revision,
          body: { ...bodyOf(of), triage: { when, reason: reason.trim() || null, review_at: review_at || null } },
          said: `${of.name}: ${TRIAGE_WORDS[when]}`,
        }),
      )}
    >
      <Select
        label="When must it be watched"
        allowDeselect={false}
        data-autofocus
        data={[
          { value: "pre_launch", label: "Before launch: armed and owned" },
          { value: "after_first_incident", label: "After the first incident: put off, in writing" },
        ]}
        {...form.getInputProps("when")}
      />
      {later && (
        <>
          <Textarea
            label="Why it can wait"
            description="What is not written down evaporates."
            autosize
            minRows={2}
            maxLength={1_000}
            required
            withAsterisk={false}
            {...form.getInputProps("reason")}
            error={saidOf(save.error, "triage.reason")}
          />
          <TextInput
            type="date"
            label="Looked at again on"
            description="From that day on it is told as overdue, once a day."
            required
            withAsterisk={false}
            {...form.getInputProps("review_at")}
            error={saidOf(save.error, "triage.review_at")}
          />
        </>
      )}
    </FormDialog>
  );
}
