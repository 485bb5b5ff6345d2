"use client";

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import { signIn } from "next-auth/react";
import { useState } from "react";
import { Note } from "../kit/note";
import { Meta, Mono } from "../kit/text";
import { AuthDivider, AuthFrame } from "../shell/auth-frame";

type Props = { back: string; providers: { id: string; name: string }[]; refused: boolean };

export function SignInForm({ back, providers, refused }: Props) {
  const router = useRouter();
  const [problem, setProblem] = useState(
    refused ? "This account could not be signed in. Ask an administrator to invite it." : null,
  );
  const [busy, setBusy] = useState(false);
  const form = useForm({ initialValues: { email: "", password: "" } });
  const submit = form.onSubmit(async (values) => {
    setBusy(true);
    const answer = await signIn("credentials", { ...values, redirect: false });
    if (answer?.ok) {
      router.replace(back);
      router.refresh();
      return;
    }
    setBusy(false);
    setProblem(
      answer?.error && answer.error !== "CredentialsSignin" ? answer.error : "E-mail or password is not right.",
    );
  });
  return (
    <AuthFrame
      title="Sign in"
      note={
        <Meta>
          In an emergency the switch also answers without the console: <Mono>POST /api/v1/switches</Mono> with a key of
          scope operate.
        </Meta>
      }
    >
      {problem ? <Note tone="bad">{problem}</Note> : null}
      {providers.map((p) => (
        <Button key={p.id} size="lg" fullWidth onClick={() => void signIn(p.id, { callbackUrl: back })}>
          Continue with {p.name}
        </Button>
      ))}
      {providers.length > 0 ? <AuthDivider>or with a local account</AuthDivider> : null}
      <form onSubmit={submit}>
        <TextInput label="E-mail" type="email" autoComplete="username" required {...form.getInputProps("email")} />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          mt="sm"
          {...form.getInputProps("password")}
        />
        <Button type="submit" size="lg" variant="filled" fullWidth mt="lg" loading={busy}>
          Sign in
        </Button>
      </form>
    </AuthFrame>
  );
}
