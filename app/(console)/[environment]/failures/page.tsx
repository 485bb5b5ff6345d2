import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import { ALL, catalogueQuery, coverageQuery, failuresQuery } from "@/components/failures/queries";
import { FailuresView } from "@/components/failures/view";
import { filtersOf } from "@/components/failures/view-filters";
import { listCatalogue } from "@/lib/detectors";
import { coverage, listFailures } from "@/lib/failures";
import { loadFailures } from "./search-params";

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };
export const metadata: Metadata = { title: "Failures" };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const filters = filtersOf(await loadFailures(searchParams));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await Promise.all([
    client.prefetchQuery({
      ...failuresQuery(slug, filters),
      queryFn: () => listFailures(ctx, { ...given(filters), limit: ALL } as never),
    }),
    client.prefetchQuery({ ...coverageQuery(slug), queryFn: () => coverage(ctx, {}) }),
    client.prefetchQuery({ ...catalogueQuery(slug), queryFn: () => listCatalogue(ctx, {}) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <FailuresView />
    </HydrationBoundary>
  );
}

const given = (filters: Record<string, string | null | undefined>) =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
