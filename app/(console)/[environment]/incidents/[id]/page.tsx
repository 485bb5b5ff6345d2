import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { place } from "@/app/session";
import { IncidentView } from "@/components/incidents/detail/view";
import { incidentQuery, timelineQuery } from "@/components/incidents/queries";
import { getIncident, incidentTimeline } from "@/lib/incidents";
import { Failure } from "@/lib/platform/errors";

type Props = { params: Promise<{ environment: string; id: string }> };
const idOf = async (params: Props["params"]) => decodeURIComponent((await params).id);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: await idOf(params) };
}

export default async function Page({ params }: Props) {
  const { environment: slug } = await params;
  const incident_id = await idOf(params);
  const { ctx } = await place(slug);
  const found = await getIncident(ctx, { incident_id }).catch((error: unknown) => {
    if (error instanceof Failure && (error.code === "not_found" || error.code === "invalid_input")) notFound();
    throw error;
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(incidentQuery(slug, incident_id).queryKey, found);
  await client.prefetchQuery({
    ...timelineQuery(slug, incident_id),
    queryFn: () => incidentTimeline(ctx, { incident_id }),
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <IncidentView id={incident_id} />
    </HydrationBoundary>
  );
}
