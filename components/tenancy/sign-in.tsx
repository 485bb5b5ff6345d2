"use client";

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconBrandGithub, IconBrandGoogle, IconKey } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { signIn } from "next-auth/react";
import { useState } from "react";
import { Note } from "../kit/note";
import { duration } from "../kit/numbers";
import { Meta, Mono } from "../kit/text";
import { AuthDivider, AuthFrame } from "../shell/auth-frame";
import s from "./tenancy.module.css";
import { useFoot } from "./use-foot";

type Props = {
  back: string;
  providers: { id: string; name: string }[];
  refused: boolean;
  host: string;
  version: string;
};

const ICONS: Record<string, typeof IconKey> = { github: IconBrandGithub, google: IconBrandGoogle };
const WRONG = "E-mail or password is not right.";

/** What the server said, in words for whoever stands at the door. */
function said(error: string | null | undefined): { tone: "bad" | "warn"; text: string } {
  const seconds = error?.match(/^Too many attempts\. Try again in (\d+) s\.$/)?.[1];
  if (seconds)
    return {
      tone: "warn",
      text: `Too many attempts. Neither this account nor this address is heard for another ${duration(Number(seconds), "prose")}, whatever the password.`,
    };
  if (!error || error === "CredentialsSignin" || error.startsWith("The request is well-formed"))
    return { tone: "bad", text: WRONG };
  return { tone: "bad", text: error };
}

export function SignInForm({ back, providers, refused, host, version }: Props) {
  const router = useRouter();
  const foot = useFoot(host, version);
  const [problem, setProblem] = useState<ReturnType<typeof said> | null>(
    refused ? said("This account could not be signed in. Ask an administrator to invite it.") : null,
  );
  const [busy, setBusy] = useState(false);
  const form = useForm({ initialValues: { email: "", password: "" } });
  const submit = form.onSubmit(async (values) => {
    setBusy(true);
    setProblem(null);
    const answer = await signIn("credentials", { ...values, redirect: false }).catch(() => undefined);
    if (answer?.ok) {
      router.replace(back);
      router.refresh();
      return;
    }
    setBusy(false);
    setProblem(answer ? said(answer.error) : { tone: "bad", text: "The server cannot be reached. Try again." });
  });
  return (
    <AuthFrame
      title="Sign in"
      foot={foot}
      note={
        <Meta>
          In an emergency the switch also answers without the console: <Mono>POST /api/v1/switches</Mono> with a key of
          scope operate.
        </Meta>
      }
    >
      {problem && (
        <div role="alert">
          <Note tone={problem.tone}>{problem.text}</Note>
        </div>
      )}
      {providers.length > 0 && (
        <div className={s.providers}>
          {providers.map((p) => {
            const Icon = ICONS[p.id] ?? IconKey;
            return (
              <Button
                key={p.id}
                size="lg"
                fullWidth
                leftSection={<Icon size={17} aria-hidden />}
                onClick={() => void signIn(p.id, { callbackUrl: back })}
              >
                Continue with {p.name}
              </Button>
            );
          })}
        </div>
      )}
      {providers.length > 0 && <AuthDivider>or with a local account</AuthDivider>}
      <form className={s.form} onSubmit={(event) => void submit(event)}>
        <TextInput
          size="lg"
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          size="lg"
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          {...form.getInputProps("password")}
        />
        <Button type="submit" size="lg" variant="filled" fullWidth loading={busy}>
          Sign in
        </Button>
      </form>
    </AuthFrame>
  );
}
