"use client";

import { useRouter } from "next/navigation";
import { signIn, signOut } from "next-auth/react";
import { Meta } from "../kit/text";
import { AuthFrame } from "../shell/auth-frame";
import { PasswordForm } from "./password-form";
import s from "./tenancy.module.css";
import { useFoot } from "./use-foot";

/** The server keeps what it knows of a session for two seconds: before that it would ask for a password once more. */
const SETTLED_MS = 2_200;

/** Whoever came in with a one-time password chooses one of their own, and is signed in with it. */
export function FirstPassword({ email, host, version }: { email: string; host: string; version: string }) {
  const router = useRouter();
  const foot = useFoot(host, version);
  const enter = async (password: string) => {
    const [answer] = await Promise.all([
      signIn("credentials", { email, password, redirect: false }),
      new Promise((resolve) => setTimeout(resolve, SETTLED_MS)),
    ]);
    router.replace(answer?.ok ? "/" : "/sign-in");
    router.refresh();
  };
  return (
    <AuthFrame
      title="Choose a password"
      foot={foot}
      note={
        <Meta>
          You came in as {email}.{" "}
          <button type="button" className={s.link} onClick={() => void signOut({ callbackUrl: "/sign-in" })}>
            Sign out
          </button>
        </Meta>
      }
    >
      <p className={s.words}>The password that you were given works once. Choose one that only you know.</p>
      <PasswordForm currentLabel="One-time password" submit="Choose password" large email={email} done={enter} />
    </AuthFrame>
  );
}
