import { QueryClient } from "@tanstack/react-query";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import { type AlertPage, alertCountsQuery, alertQuery, alertsInput, alertsQuery } from "@/components/alerts/queries";
import { alertCounts, getAlert, listAlerts } from "@/lib/alerts";
import { loadAlerts } from "./search-params";

/** What the first paint needs: the list of the view, and the alert that stands open in it. */
export async function prefetchAlerts(slug: string, search: Promise<SearchParams>, named: string | null) {
  const { ctx } = await place(slug);
  const { view, ...filters } = await loadAlerts(search);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const readAlert = (id: string) =>
    client.prefetchQuery({ ...alertQuery(slug, id), queryFn: () => getAlert(ctx, { alert_id: id }) });
  const list = client.prefetchInfiniteQuery({
    ...alertsQuery(slug, view, filters),
    queryFn: () => listAlerts(ctx, alertsInput(view, filters) as never),
  });
  await Promise.all([
    list,
    client.prefetchQuery({ ...alertCountsQuery(slug), queryFn: () => alertCounts(ctx, {}) }),
    named ? readAlert(named) : undefined,
  ]);
  if (named) return client;
  const pages = client.getQueryData(alertsQuery(slug, view, filters).queryKey)?.pages as AlertPage[] | undefined;
  const items = pages?.[0]?.items ?? [];
  const first = view === "historic" ? items[0] : (items.find((a) => !a.historic) ?? items[0]);
  if (first) await readAlert(first.alert_id);
  return client;
}
