import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { SearchParams } from "nuqs/server";
import { offered, place, visitor } from "@/app/session";
import { channelsQuery, deliveriesQuery } from "@/components/notifications/queries";
import { loadLogParams, logInput } from "@/components/notifications/search-params";
import { keysQuery, meQuery, peopleQuery, pricesQuery } from "@/components/tenancy/queries";
import { Settings } from "@/components/tenancy/settings";
import { listChannels, listDeliveries } from "@/lib/notifications";
import { may } from "@/lib/platform/authz";
import { listPrices } from "@/lib/runs";
import { listKeys, listPeople } from "@/lib/tenancy";
import { loadSettingsParams } from "./search-params";

export const metadata = { title: "Settings" };

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const { ctx, environments } = await place(slug);
  const { tab } = await loadSettingsParams(searchParams);
  const filter = await loadLogParams(searchParams);
  const client = new QueryClient();
  if (may(ctx, "people.read")) {
    if (tab === "people" || tab === "sign-in")
      await Promise.all([
        client.prefetchQuery({ ...peopleQuery(slug), queryFn: () => listPeople(ctx, {}) }),
        client.prefetchQuery({ ...keysQuery(slug), queryFn: () => listKeys(ctx, {}) }),
      ]);
    if (tab === "notifications" && may(ctx, "notifications.read"))
      await Promise.all([
        client.prefetchQuery({ ...channelsQuery(slug), queryFn: () => listChannels(ctx, {}) }),
        client.prefetchQuery({
          ...deliveriesQuery(slug, filter),
          queryFn: () => listDeliveries(ctx, logInput(filter)),
        }),
      ]);
    if (tab === "prices") await client.prefetchQuery({ ...pricesQuery(slug), queryFn: () => listPrices(ctx, {}) });
    const who = await visitor();
    if (tab === "environments" && who)
      client.setQueryData(meQuery(slug).queryKey, { person: who.person, environments });
  }
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Settings providers={offered()} />
    </HydrationBoundary>
  );
}
