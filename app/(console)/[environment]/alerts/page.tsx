import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { AlertsView } from "@/components/alerts/view";
import { prefetchAlerts } from "./prefetch";

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };
export const metadata: Metadata = { title: "Alerts" };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const client = await prefetchAlerts(slug, searchParams, null);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <AlertsView />
    </HydrationBoundary>
  );
}
