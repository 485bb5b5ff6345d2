import { redirect } from "next/navigation";
import { isSetUp } from "@/lib/tenancy";
import { visitor } from "./session";

export default async function Home() {
  const who = await visitor();
  if (who?.oneTime) redirect("/password");
  const first = who?.environments[0];
  if (first) redirect(`/${first.slug}/overview`);
  redirect((await isSetUp()) ? "/sign-in" : "/set-up");
}
