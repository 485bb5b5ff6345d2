import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import { EffectiveView } from "@/components/policies/effective/effective-view";
import { effectiveQuery } from "@/components/policies/queries";
import { effectivePolicy } from "@/lib/policies";
import { loadEffectiveParams } from "../search-params";

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };
export const metadata: Metadata = { title: "Effective policy" };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const { agent_id, task_type, tenant_id } = await loadEffectiveParams(searchParams);
  const who = { agent_id, task_type, tenant_id };
  const client = new QueryClient();
  // A name that the server refuses is said by the page, in place.
  await client.prefetchQuery({
    ...effectiveQuery(slug, who),
    queryFn: () =>
      effectivePolicy(ctx, {
        agent_id: agent_id ?? undefined,
        task_type: task_type ?? undefined,
        tenant_id: tenant_id ?? undefined,
      }),
    retry: false,
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <EffectiveView />
    </HydrationBoundary>
  );
}
