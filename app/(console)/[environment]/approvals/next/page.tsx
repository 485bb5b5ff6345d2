import { redirect } from "next/navigation";
import { place } from "@/app/session";
import { queueInput } from "@/components/approvals/queries";
import { listApprovals } from "@/lib/approvals";

type Props = { params: Promise<{ environment: string }> };

/** "Approve next": the case that has waited longest for whoever asks. */
export default async function Page({ params }: Props) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const { items } = await listApprovals(ctx, queueInput(true));
  const first = [...items].sort((a, b) => Date.parse(a.requested_at) - Date.parse(b.requested_at))[0];
  redirect(`/${slug}/approvals${first ? `/${encodeURIComponent(first.id)}` : ""}`);
}
