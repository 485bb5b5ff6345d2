import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { offered } from "@/app/session";
import { SignInForm } from "@/components/tenancy/sign-in";
import { isSetUp } from "@/lib/tenancy";
import manifest from "@/package.json";

export const metadata = { title: "Sign in" };

type Props = { searchParams: Promise<{ callbackUrl?: string; error?: string }> };

/** Only a path of ours: a link that signs people in must not send them elsewhere. */
function pathOf(callbackUrl: string | undefined): string {
  const ours = callbackUrl !== undefined && /^\/(?![/\\])/.test(callbackUrl);
  return ours ? callbackUrl : "/";
}

export default async function Page({ searchParams }: Props) {
  if (!(await isSetUp())) redirect("/set-up");
  const { callbackUrl, error } = await searchParams;
  const host = (await headers()).get("x-forwarded-host") ?? "";
  return (
    <SignInForm
      back={pathOf(callbackUrl)}
      providers={offered()}
      refused={error !== undefined}
      host={host}
      version={manifest.version}
    />
  );
}
