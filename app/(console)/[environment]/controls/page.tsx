import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import { ControlsView } from "@/components/controls/controls-view";
import {
  drillHistoryQuery,
  drillsQuery,
  historyQuery,
  LAST_PROVEN,
  previewQuery,
  RECENT_DRILLS,
  stateQuery,
} from "@/components/controls/queries";
import { getState, listDrills, listSwitches, previewSwitch } from "@/lib/controls";
import { loadControls } from "./search-params";

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };
export const metadata: Metadata = { title: "Controls" };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const { scope, view } = await loadControls(searchParams);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const work = [
    client.prefetchQuery({ ...stateQuery(slug), queryFn: () => getState(ctx, {}) }),
    // the counts over the red button are there with the first paint
    client.prefetchQuery({
      ...previewQuery(slug, scope),
      queryFn: () => previewSwitch(ctx, { kind: scope.kind, key: scope.key ?? undefined }),
    }),
  ];
  if (view === "history")
    work.push(client.prefetchInfiniteQuery({ ...historyQuery(slug), queryFn: () => listSwitches(ctx, { limit: 50 }) }));
  if (view === "drills")
    work.push(
      client.prefetchInfiniteQuery({ ...drillHistoryQuery(slug), queryFn: () => listDrills(ctx, { limit: 50 }) }),
    );
  if (view === "set")
    for (const which of [RECENT_DRILLS, LAST_PROVEN])
      work.push(client.prefetchQuery({ ...drillsQuery(slug, which), queryFn: () => listDrills(ctx, which) }));
  await Promise.all(work);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ControlsView />
    </HydrationBoundary>
  );
}
