import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import { gatesQuery, PAGE, targetQuery, targetsQuery } from "@/components/readiness/queries";
import { loadReadiness } from "@/components/readiness/search-params";
import { ReadinessView } from "@/components/readiness/view";
import { may } from "@/lib/platform/authz";
import { getTarget, listReadiness, listTargets } from "@/lib/readiness";

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };
export const metadata: Metadata = { title: "Readiness" };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const { cursor, target } = await loadReadiness(searchParams);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  if (may(ctx, "readiness.read"))
    await Promise.all([
      client.prefetchQuery({
        ...gatesQuery(slug, cursor),
        queryFn: () => listReadiness(ctx, { limit: PAGE, ...(cursor ? { cursor } : {}) }),
      }),
      client.prefetchQuery({ ...targetsQuery(slug), queryFn: () => listTargets(ctx, {}) }),
      target
        ? client.prefetchQuery({ ...targetQuery(slug, target), queryFn: () => getTarget(ctx, { slug: target }) })
        : undefined,
    ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ReadinessView />
    </HydrationBoundary>
  );
}
