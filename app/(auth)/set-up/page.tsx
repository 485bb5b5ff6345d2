import { redirect } from "next/navigation";
import { SetUpForm } from "@/components/tenancy/set-up";
import { isSetUp } from "@/lib/tenancy";

export const metadata = { title: "Set up" };

export default async function Page() {
  if (await isSetUp()) redirect("/sign-in");
  return <SetUpForm />;
}
