import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { ApprovalsView } from "@/components/approvals/view";
import { prefetchApprovals } from "./prefetch";

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };
export const metadata: Metadata = { title: "Approvals" };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const client = await prefetchApprovals(slug, searchParams, null);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ApprovalsView />
    </HydrationBoundary>
  );
}
