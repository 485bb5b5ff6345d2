import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { place } from "@/app/session";
import { Policies } from "@/components/policies/list-view";
import { policiesQuery } from "@/components/policies/queries";
import { listPolicies } from "@/lib/policies";

export const metadata: Metadata = { title: "Policies" };

export default async function Page({ params }: { params: Promise<{ environment: string }> }) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const client = new QueryClient();
  await client.prefetchQuery({ ...policiesQuery(slug), queryFn: () => listPolicies(ctx, {}) });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Policies />
    </HydrationBoundary>
  );
}
