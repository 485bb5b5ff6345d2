import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { place } from "@/app/session";
import { agentsQuery } from "@/components/fleet/queries";
import { Agents } from "@/components/fleet/view";
import { activityQuery } from "@/components/overview/queries";
import { listAgents } from "@/lib/controls";
import { activity } from "@/lib/runs";

export const metadata = { title: "Agents" };

export default async function Page({ params }: { params: Promise<{ environment: string }> }) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const client = new QueryClient();
  await Promise.all([
    client.prefetchQuery({ ...agentsQuery(slug), queryFn: () => listAgents(ctx, {}) }),
    client.prefetchQuery({ ...activityQuery(slug, 24), queryFn: () => activity(ctx, { hours: 24 }) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Agents />
    </HydrationBoundary>
  );
}
