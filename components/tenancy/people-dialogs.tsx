"use client";

import { Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { PersonShape } from "@/lib/tenancy/schema";
import { ApiProblem } from "../api";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { CopyButton } from "../kit/copy";
import { counted } from "../kit/numbers";
import { detailOf } from "../runs/problem";
import { Described, FormDialog, Once } from "./dialog";
import { keysQuery } from "./queries";
import s from "./tenancy.module.css";
import { ROLES, type Role } from "./words";

type Where = "here" | "everywhere";

function RolesInput({ value, onChange, error }: { value: Role[]; onChange: (roles: Role[]) => void; error?: string }) {
  return (
    <Checkbox.Group
      label="Roles"
      value={value}
      onChange={(next) => onChange(ROLES.flatMap((each) => (next.includes(each.value) ? [each.value] : [])))}
      error={error}
    >
      <div className={s.choices}>
        {ROLES.map(({ value: role, what }) => (
          <Checkbox key={role} value={role} label={<Described name={role} what={what} />} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

function WhereInput({ value, onChange }: { value: Where; onChange: (where: Where) => void }) {
  const { environment } = usePlace();
  return (
    <SegmentedControl
      aria-label="Where"
      fullWidth
      value={value}
      onChange={(next) => onChange(next === "everywhere" ? "everywhere" : "here")}
      data={[
        { value: "here", label: `In ${environment.slug}` },
        { value: "everywhere", label: "In every environment" },
      ]}
    />
  );
}

/** Invites a person; the one-time password of a local account is shown once, then nobody can see it again. */
export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return opened ? <Invite onClose={onClose} /> : null;
}

function Invite({ onClose }: { onClose: () => void }) {
  const [where, setWhere] = useState<Where>("here");
  const form = useForm<{ name: string; email: string; roles: Role[] }>({
    initialValues: { name: "", email: "", roles: ["viewer"] },
    validate: { roles: (roles) => (roles.length === 0 ? "At least one role." : null) },
  });
  const invite = useAct<typeof form.values, { one_time_password: string; audit_row: number }>({
    topics: ["settings"],
    run: (call, values) => call.post("/people", { ...values, everywhere: where === "everywhere" }),
  });
  const { name, email } = form.values;
  if (invite.data)
    return (
      <FormDialog opened hold onClose={onClose} title={`${name} is invited`} closeLabel="I have passed it on">
        <Once
          what={`One-time password of ${email}`}
          secret={invite.data.one_time_password}
          action={<CopyButton text={invite.data.one_time_password} name="One-time password" size="sm" primary />}
        />
        <p className={s.words}>
          Give it to {name} by a way that you trust. At the first sign-in they choose a password of their own. Who signs
          in by a provider with this e-mail address does not need it.
        </p>
      </FormDialog>
    );
  const submit = form.onSubmit((values) =>
    invite.mutate(values, {
      onError: (error) => {
        if (error instanceof ApiProblem)
          form.setErrors(Object.fromEntries(error.errors.map((e) => [e.path, e.message])));
      },
    }),
  );
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="Invite a person"
      submit="Invite"
      onSubmit={submit}
      busy={invite.isPending}
      error={detailOf(invite.error)}
    >
      <TextInput label="Name" required data-autofocus autoComplete="off" {...form.getInputProps("name")} />
      <TextInput label="E-mail" type="email" required autoComplete="off" {...form.getInputProps("email")} />
      <WhereInput value={where} onChange={setWhere} />
      <RolesInput
        value={form.values.roles}
        onChange={(roles) => form.setFieldValue("roles", roles)}
        error={typeof form.errors.roles === "string" ? form.errors.roles : undefined}
      />
    </FormDialog>
  );
}

export function RolesDialog({ person, onClose }: { person: PersonShape | null; onClose: () => void }) {
  return person ? <Roles key={person.person_id} person={person} onClose={onClose} /> : null;
}

function Roles({ person, onClose }: { person: PersonShape; onClose: () => void }) {
  const [where, setWhere] = useState<Where>(
    person.roles.length === 0 && person.everywhere.length > 0 ? "everywhere" : "here",
  );
  const [chosen, setChosen] = useState<Record<Where, Role[]>>({ here: person.roles, everywhere: person.everywhere });
  const change = useAct<void>({
    topics: ["settings"],
    run: (call) =>
      call.put(`/people/${encodeURIComponent(person.person_id)}/roles`, {
        roles: chosen[where],
        everywhere: where === "everywhere",
      }),
    said: () => `The roles of ${person.name} are changed`,
    done: onClose,
  });
  const was = where === "here" ? person.roles : person.everywhere;
  const same = was.length === chosen[where].length && was.every((role) => chosen[where].includes(role));
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Roles of ${person.name}`}
      submit="Change roles"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
      busy={change.isPending}
      disabled={same}
      error={detailOf(change.error)}
    >
      <WhereInput value={where} onChange={setWhere} />
      <RolesInput value={chosen[where]} onChange={(roles) => setChosen({ ...chosen, [where]: roles })} />
      <p className={s.words}>
        {chosen[where].length === 0
          ? where === "here"
            ? "Without a role here and everywhere they no longer see this environment."
            : "They keep the roles that they have in single environments."
          : "It holds within 2 s, in every open page of theirs."}
      </p>
    </FormDialog>
  );
}

export function DisableDialog({ person, onClose }: { person: PersonShape | null; onClose: () => void }) {
  return person ? <Disable key={person.person_id} person={person} onClose={onClose} /> : null;
}

function Disable({ person, onClose }: { person: PersonShape; onClose: () => void }) {
  const { slug } = usePlace().environment;
  const keys = useQuery(keysQuery(slug));
  const theirs = keys.data?.items.filter((key) => key.person.person_id === person.person_id && key.state === "active");
  const disable = useAct<void>({
    topics: ["settings"],
    run: (call) => call.post(`/people/${encodeURIComponent(person.person_id)}/disable`),
    said: () => `${person.name} is disabled`,
    done: onClose,
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Disable ${person.name}`}
      submit={`Disable ${person.name}`}
      destructive
      onSubmit={(event) => {
        event.preventDefault();
        disable.mutate();
      }}
      busy={disable.isPending}
      error={detailOf(disable.error)}
    >
      <p className={s.words}>
        They are signed out everywhere, in every environment.{" "}
        {theirs && theirs.length > 0
          ? `${counted(theirs.length, "key")} of theirs here stop${theirs.length === 1 ? "s" : ""} working: ${theirs.map((key) => key.name).join(", ")}.`
          : "No active key of this environment is theirs."}{" "}
        The console cannot enable them again.
      </p>
    </FormDialog>
  );
}
