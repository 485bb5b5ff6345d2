import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { visitor } from "@/app/session";
import { FirstPassword } from "@/components/tenancy/first-password";
import manifest from "@/package.json";

export const metadata = { title: "Choose a password" };

export default async function Page() {
  const who = await visitor();
  if (!who) redirect("/sign-in");
  if (!who.oneTime) redirect("/");
  const host = (await headers()).get("x-forwarded-host") ?? "";
  return <FirstPassword email={who.person.email} host={host} version={manifest.version} />;
}
