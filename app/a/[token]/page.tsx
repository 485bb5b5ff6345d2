import { notFound, redirect } from "next/navigation";
import { place, someone } from "@/app/session";
import { openLink } from "@/lib/approvals";
import { Failure } from "@/lib/platform/errors";

type Props = { params: Promise<{ token: string }> };

/** The link of a message: it signs nobody in, and only says which case is meant. What one may see is asked there. */
export default async function Page({ params }: Props) {
  const token = decodeURIComponent((await params).token);
  const who = await someone(`/a/${encodeURIComponent(token)}`);
  const own = who.environments[0];
  if (!own) notFound();
  const { ctx } = await place(own.slug);
  const link = await openLink(ctx, { token }).catch((error: unknown) => {
    if (error instanceof Failure && (error.code === "not_found" || error.code === "invalid_input")) notFound();
    throw error;
  });
  redirect(`/${link.environment}/approvals/${encodeURIComponent(link.approval_id)}`);
}
