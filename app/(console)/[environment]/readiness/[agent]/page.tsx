import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import { GateView } from "@/components/readiness/gate-view";
import { gateQuery, targetsQuery } from "@/components/readiness/queries";
import { loadGate } from "@/components/readiness/search-params";
import { may } from "@/lib/platform/authz";
import { Failure } from "@/lib/platform/errors";
import { getReadiness, listTargets } from "@/lib/readiness";

type Props = { params: Promise<{ environment: string; agent: string }>; searchParams: Promise<SearchParams> };
const agentOf = async (params: Props["params"]) => decodeURIComponent((await params).agent);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Readiness of ${await agentOf(params)}` };
}

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const agentId = await agentOf(params);
  const { ctx } = await place(slug);
  const { version } = await loadGate(searchParams);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  if (may(ctx, "readiness.read")) {
    const found = await getReadiness(ctx, { agent_id: agentId, ...(version ? { version } : {}) }).catch(
      (error: unknown) => {
        if (error instanceof Failure && (error.code === "not_found" || error.code === "invalid_input")) notFound();
        throw error;
      },
    );
    client.setQueryData(gateQuery(slug, agentId, version).queryKey, found);
    await client.prefetchQuery({ ...targetsQuery(slug), queryFn: () => listTargets(ctx, {}) });
  }
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <GateView agentId={agentId} />
    </HydrationBoundary>
  );
}
