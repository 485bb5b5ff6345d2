"use client";

import { Button, PasswordInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { ApiProblem, api } from "../api";
import { Note } from "../kit/note";
import { detailOf } from "../runs/problem";
import s from "./tenancy.module.css";

export const SHORTEST = 8;

/** The present password, the new one, and the new one again. `done` gets the new one once the server has taken it. */
export function PasswordForm(props: {
  currentLabel: string;
  submit: string;
  large?: boolean;
  email?: string;
  done: (password: string) => Promise<void> | void;
}) {
  const { currentLabel, submit, large, email, done } = props;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({
    initialValues: { current: "", password: "", again: "" },
    validate: {
      password: (value, values) =>
        value.length < SHORTEST
          ? `At least ${SHORTEST} characters.`
          : value === values.current
            ? "It must not be the present one."
            : null,
      again: (value, values) => (value === values.password ? null : "Not the same as above."),
    },
  });
  const send = form.onSubmit(async ({ current, password }) => {
    setBusy(true);
    setProblem(null);
    try {
      await api(null).post("/password", { current, password });
      await done(password);
      form.reset();
    } catch (error) {
      if (error instanceof ApiProblem && error.errors.length > 0)
        form.setErrors(Object.fromEntries(error.errors.map((e) => [e.path, e.message])));
      else setProblem(detailOf(error));
    } finally {
      setBusy(false);
    }
  });
  return (
    <form className={s.form} onSubmit={(event) => void send(event)}>
      {problem && (
        <div role="alert">
          <Note tone="bad">{problem}</Note>
        </div>
      )}
      {/* a password manager files the new password under this name */}
      {email && <input type="hidden" name="username" autoComplete="username" value={email} readOnly />}
      <PasswordInput label={currentLabel} required autoComplete="current-password" {...form.getInputProps("current")} />
      <PasswordInput
        label="New password"
        description={`At least ${SHORTEST} characters; a sentence is best.`}
        required
        autoComplete="new-password"
        {...form.getInputProps("password")}
      />
      <PasswordInput label="New password again" required autoComplete="new-password" {...form.getInputProps("again")} />
      <div>
        <Button type="submit" size={large ? "lg" : "sm"} variant="filled" fullWidth={large} loading={busy}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
