import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import {
  canariesQuery,
  checklistsQuery,
  compareQuery,
  evaluatorsQuery,
  measuredQuery,
  scoreCardQuery,
  summaryQuery,
} from "@/components/evaluations/queries";
import { EvaluationsView } from "@/components/evaluations/view";
import {
  compareCanary,
  listCanaries,
  listChecklists,
  listEvaluators,
  listMeasured,
  scoreCard,
  summarise,
} from "@/lib/evaluations";
import { may } from "@/lib/platform/authz";
import { loadEvaluations } from "./search-params";

type Props = { params: Promise<{ environment: string }>; searchParams: Promise<SearchParams> };
export const metadata: Metadata = { title: "Evaluations" };

export default async function Page({ params, searchParams }: Props) {
  const { environment: slug } = await params;
  const { ctx } = await place(slug);
  const asked = await loadEvaluations(searchParams);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  if (may(ctx, "evaluations.read")) {
    await Promise.all([
      client.prefetchQuery({ ...measuredQuery(slug), queryFn: () => listMeasured(ctx, {}) }),
      client.prefetchQuery({ ...checklistsQuery(slug), queryFn: () => listChecklists(ctx, {}) }),
      client.prefetchQuery({ ...evaluatorsQuery(slug), queryFn: () => listEvaluators(ctx, {}) }),
    ]);
    const agentId = asked.agent ?? client.getQueryData(measuredQuery(slug).queryKey)?.items[0]?.agent_id;
    if (agentId && asked.view === "agent") await prefetchAgent(agentId);
  }
  async function prefetchAgent(agent_id: string) {
    const days = asked.days;
    await Promise.all([
      client.prefetchQuery({ ...canariesQuery(slug, agent_id), queryFn: () => listCanaries(ctx, { agent_id }) }),
      client.prefetchQuery({ ...scoreCardQuery(slug, agent_id), queryFn: () => scoreCard(ctx, { agent_id }) }),
      client.prefetchQuery({
        ...summaryQuery(slug, agent_id, days),
        queryFn: () => summarise(ctx, { agent_id, days }),
      }),
    ]);
    const canaries = client.getQueryData(canariesQuery(slug, agent_id).queryKey)?.items ?? [];
    const shown = canaries.find((c) => c.slug === asked.canary) ?? canaries[0];
    if (shown)
      await client.prefetchQuery({
        ...compareQuery(slug, shown.slug),
        queryFn: () => compareCanary(ctx, { slug: shown.slug }),
      });
  }
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <EvaluationsView />
    </HydrationBoundary>
  );
}
