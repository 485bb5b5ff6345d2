import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { AlertsView } from "@/components/alerts/view";
import { prefetchAlerts } from "../prefetch";

type Props = { params: Promise<{ environment: string; id: string }>; searchParams: Promise<SearchParams> };
export const metadata: Metadata = { title: "Alert" };

/** The same two panes with the alert chosen; on a phone the alert alone. */
export default async function Page({ params, searchParams }: Props) {
  const { environment: slug, id } = await params;
  const client = await prefetchAlerts(slug, searchParams, decodeURIComponent(id));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <AlertsView />
    </HydrationBoundary>
  );
}
