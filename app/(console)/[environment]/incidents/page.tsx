import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import {
  DAYS,
  incidentCountsQuery,
  incidentMetricsQuery,
  incidentsInput,
  incidentsQuery,
} from "@/components/incidents/queries";
import { IncidentsView } from "@/components/incidents/view";
import { incidentCounts, incidentMetrics, listIncidents } from "@/lib/incidents";
import { loadIncidents } from "./search-params";

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };
export const metadata: Metadata = { title: "Incidents" };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const { view, ...filters } = await loadIncidents(searchParams);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await Promise.all([
    client.prefetchInfiniteQuery({
      ...incidentsQuery(slug, view, filters),
      queryFn: () => listIncidents(ctx, incidentsInput(view, filters) as never),
    }),
    client.prefetchQuery({ ...incidentCountsQuery(slug), queryFn: () => incidentCounts(ctx, {}) }),
    client.prefetchQuery({ ...incidentMetricsQuery(slug), queryFn: () => incidentMetrics(ctx, { days: DAYS }) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <IncidentsView />
    </HydrationBoundary>
  );
}
