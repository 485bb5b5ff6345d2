import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { ApprovalsView } from "@/components/approvals/view";
import { prefetchApprovals } from "../prefetch";

type Props = { params: Promise<{ environment: string; id: string }>; searchParams: Promise<SearchParams> };
export const metadata: Metadata = { title: "Approval" };

/** The same two panes with the case chosen; on a phone the case alone. */
export default async function Page({ params, searchParams }: Props) {
  const { environment: slug, id } = await params;
  const client = await prefetchApprovals(slug, searchParams, decodeURIComponent(id));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ApprovalsView />
    </HydrationBoundary>
  );
}
