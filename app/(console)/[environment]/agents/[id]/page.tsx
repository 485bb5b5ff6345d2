import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { notFound } from "next/navigation";
import { place } from "@/app/session";
import { COMPOUND_DAYS, compoundQuery } from "@/components/evaluations/queries";
import { Agent } from "@/components/fleet/detail";
import { agentQuery } from "@/components/fleet/queries";
import { RECENT } from "@/components/fleet/recent";
import { activityQuery, recentRunsQuery } from "@/components/overview/queries";
import { getAgent } from "@/lib/controls";
import { compoundSuccess } from "@/lib/evaluations";
import { Failure } from "@/lib/platform/errors";
import { activity, listRuns } from "@/lib/runs";

type Props = { params: Promise<{ environment: string; id: string }> };

export async function generateMetadata({ params }: Props) {
  return { title: decodeURIComponent((await params).id) };
}

export default async function Page({ params }: Props) {
  const { environment: slug, id } = await params;
  const agentId = decodeURIComponent(id);
  const { ctx } = await place(slug);
  const client = new QueryClient();
  const found = await getAgent(ctx, { agent_id: agentId }).catch((err: unknown) => {
    if (err instanceof Failure && err.code === "not_found") notFound();
    throw err;
  });
  client.setQueryData(agentQuery(slug, agentId).queryKey, found);
  const recent = { agent_id: agentId, limit: RECENT };
  await Promise.all([
    client.prefetchQuery({ ...activityQuery(slug, 24), queryFn: () => activity(ctx, { hours: 24 }) }),
    client.prefetchQuery({
      ...compoundQuery(slug, agentId, COMPOUND_DAYS),
      queryFn: () => compoundSuccess(ctx, { agent_id: agentId, days: COMPOUND_DAYS }),
    }),
    client.prefetchQuery({ ...recentRunsQuery(slug, recent), queryFn: () => listRuns(ctx, recent) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Agent agentId={agentId} />
    </HydrationBoundary>
  );
}
