"use client";

import { Button, PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import { signIn } from "next-auth/react";
import { useState } from "react";
import { ENVIRONMENT_KINDS, type EnvironmentKind, slugOf } from "@/lib/tenancy/schema";
import { ApiProblem, api } from "../api";
import { Split } from "../kit/layout";
import { Note } from "../kit/note";
import { Panel } from "../kit/panel";
import { Meta, Mono } from "../kit/text";
import { detailOf } from "../runs/problem";
import { SetUpFrame, type SetUpStep } from "../shell/auth-frame";
import { SHORTEST } from "./password-form";
import s from "./tenancy.module.css";

const STEPS: SetUpStep[] = [
  { label: "Administrator and environment", state: "current" },
  { label: "Key", state: "open" },
  { label: "Connect an agent", state: "open" },
];

/** First visit: who administers, and what the environment is called. Then in, and on to the first agent. */
export function SetUpForm() {
  const router = useRouter();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useForm<{
    one_time_password: string;
    name: string;
    email: string;
    password: string;
    again: string;
    environment: { name: string; kind: EnvironmentKind };
  }>({
    initialValues: {
      one_time_password: "",
      name: "",
      email: "",
      password: "",
      again: "",
      environment: { name: "production", kind: "production" },
    },
    validate: {
      password: (value) => (value.length < SHORTEST ? `At least ${SHORTEST} characters.` : null),
      again: (value, values) => (value === values.password ? null : "Not the same as above."),
    },
  });
  const submit = form.onSubmit(async ({ again: _again, ...values }) => {
    setBusy(true);
    setProblem(null);
    try {
      const one_time_password = values.one_time_password.trim();
      const made = await api(null).post<{ environment: string }>("/set-up", { ...values, one_time_password });
      const answer = await signIn("credentials", { email: values.email, password: values.password, redirect: false });
      router.replace(answer?.ok ? `/${made.environment}/connect` : "/sign-in");
      router.refresh();
    } catch (error) {
      setBusy(false);
      if (error instanceof ApiProblem && error.status === 401)
        form.setFieldError("one_time_password", "This is not the one that the first start printed.");
      else if (error instanceof ApiProblem && error.errors.length > 0)
        form.setErrors(Object.fromEntries(error.errors.map((e) => [e.path, e.message])));
      else setProblem(detailOf(error));
    }
  });
  const { name, kind } = form.values.environment;
  return (
    <SetUpFrame
      steps={STEPS}
      kind={kind}
      title="Set up Interlock"
      lead="Two minutes: who administers it, what the environment is called, and then the first agent."
    >
      {problem && (
        <div role="alert">
          <Note tone="bad">{problem}</Note>
        </div>
      )}
      <form className={s.setUp} onSubmit={(event) => void submit(event)}>
        <Split even>
          <Panel title="Administrator" sub="may do everything" padded>
            <div className={s.fields}>
              <TextInput
                label="One-time password"
                description="The first start printed it in the terminal."
                required
                autoComplete="off"
                spellCheck={false}
                {...form.getInputProps("one_time_password")}
              />
              <TextInput label="Your name" required autoComplete="name" {...form.getInputProps("name")} />
              <TextInput
                label="Your e-mail"
                type="email"
                required
                autoComplete="username"
                {...form.getInputProps("email")}
              />
              <PasswordInput
                label="A password of your own"
                description={`At least ${SHORTEST} characters; a sentence is best.`}
                required
                autoComplete="new-password"
                {...form.getInputProps("password")}
              />
              <PasswordInput
                label="The same again"
                required
                autoComplete="new-password"
                {...form.getInputProps("again")}
              />
            </div>
          </Panel>
          <Panel title="Environment" sub="the wall around keys, runs and roles" padded>
            <div className={s.fields}>
              <TextInput
                label="Name"
                description="Small letters, digits and dashes: “support-eu”. It stands in every address."
                required
                autoComplete="off"
                spellCheck={false}
                {...form.getInputProps("environment.name")}
              />
              <div>
                <Meta>Kind</Meta>
                <SegmentedControl
                  aria-label="Kind"
                  fullWidth
                  value={kind}
                  onChange={(value) =>
                    form.setFieldValue(
                      "environment.kind",
                      ENVIRONMENT_KINDS.find((each) => each === value) ?? "production",
                    )
                  }
                  data={[...ENVIRONMENT_KINDS]}
                />
              </div>
              <p className={s.words}>
                Its pages begin with <Mono>/{name ? slugOf(name, kind) : "…"}</Mono>. The band at the top wears its
                colour on every page. More environments can be made later, under Settings.
              </p>
            </div>
          </Panel>
        </Split>
        <div className={s.end}>
          <Button type="submit" size="lg" variant="filled" loading={busy}>
            Set up and sign in
          </Button>
          <Meta>Your password is stored as an argon2id hash. Nothing leaves this server.</Meta>
        </div>
      </form>
    </SetUpFrame>
  );
}
