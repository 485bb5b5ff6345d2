import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import { budgetsQuery } from "@/components/budgets/queries";
import { agentsQuery } from "@/components/fleet/queries";
import { FAILED } from "@/components/overview/failed-filter";
import { activityQuery, recentRunsQuery } from "@/components/overview/queries";
import { RANGES } from "@/components/overview/ranges";
import { Overview } from "@/components/overview/view";
import { listBudgets } from "@/lib/budgets";
import { listAgents } from "@/lib/controls";
import { activity, listRuns } from "@/lib/runs";
import { loadOverviewParams } from "./search-params";

export const metadata = { title: "Overview" };

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const { range } = await loadOverviewParams(searchParams);
  const { hours } = RANGES[range];
  const client = new QueryClient();
  await Promise.all([
    client.prefetchQuery({ ...activityQuery(slug, hours), queryFn: () => activity(ctx, { hours }) }),
    client.prefetchQuery({ ...budgetsQuery(slug), queryFn: () => listBudgets(ctx, {}) }),
    client.prefetchQuery({ ...agentsQuery(slug), queryFn: () => listAgents(ctx, {}) }),
    client.prefetchQuery({ ...recentRunsQuery(slug, FAILED), queryFn: () => listRuns(ctx, FAILED) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Overview />
    </HydrationBoundary>
  );
}
