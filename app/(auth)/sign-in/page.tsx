import { offered } from "@/app/session";
import { SignInForm } from "@/components/tenancy/sign-in";

export const metadata = { title: "Sign in" };

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ callbackUrl?: string; error?: string }>;
}) {
  const { callbackUrl, error } = await searchParams;
  // Only a path of ours: a link that signs people in must not send them elsewhere.
  const back = callbackUrl?.startsWith("/") && !callbackUrl.startsWith("//") ? callbackUrl : "/";
  return <SignInForm back={back} providers={offered()} refused={error !== undefined} />;
}
