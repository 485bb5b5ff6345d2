import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import { runListQuery } from "@/components/runs/filters";
import { RUN_LIMIT, runsQuery } from "@/components/runs/queries";
import { RunsView } from "@/components/runs/runs-view";
import { listRuns } from "@/lib/runs";
import { loadRunList } from "./search-params";

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };
export const metadata: Metadata = { title: "Runs" };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const { sort, ...filters } = await loadRunList(searchParams);
  const client = new QueryClient();
  // A filter that the server refuses is said by the page, in place.
  await client.prefetchQuery({
    ...runsQuery(slug, filters, sort, null),
    queryFn: () => listRuns(ctx, { ...runListQuery(filters, sort, ctx.now().getTime()), limit: RUN_LIMIT }),
    retry: false,
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunsView />
    </HydrationBoundary>
  );
}
