import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { place } from "@/app/session";
import {
  type DecisionPage,
  type EffectPage,
  runDecisionsInput,
  runDecisionsQuery,
  runEffectsInput,
  runEffectsQuery,
} from "@/components/decisions/run-queries";
import { runQuery, SPAN_LIMIT, type SpanPage, spansQuery } from "@/components/runs/queries";
import { RunView } from "@/components/runs/run-view";
import { listDecisions, listEffects } from "@/lib/decisions";
import { Failure } from "@/lib/platform/errors";
import { getRun, listSpans } from "@/lib/runs";

type Props = { params: Promise<{ environment: string; id: string }> };

const idOf = async (params: Props["params"]) => decodeURIComponent((await params).id);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Run ${await idOf(params)}` };
}

export default async function Page({ params }: Props) {
  const { environment: slug } = await params;
  const runId = await idOf(params);
  const { ctx } = await place(slug);
  const run = await getRun(ctx, { run_id: runId }).catch((error: unknown) => {
    if (error instanceof Failure && (error.code === "not_found" || error.code === "invalid_input")) notFound();
    throw error;
  });
  const client = new QueryClient();
  client.setQueryData(runQuery(slug, runId).queryKey, run);
  const live = run.status === "running" || run.status === "waiting";
  const [first, decisions, effects]: [SpanPage, DecisionPage, EffectPage] = await Promise.all([
    listSpans(ctx, { run_id: runId, limit: SPAN_LIMIT }),
    listDecisions(ctx, runDecisionsInput(runId, false)),
    listEffects(ctx, runEffectsInput(runId)),
  ]);
  client.setQueryData(spansQuery(slug, runId).queryKey, { pages: [first], pageParams: [null] });
  client.setQueryData(runDecisionsQuery(slug, runId, live, false).queryKey, { pages: [decisions], pageParams: [null] });
  client.setQueryData(runEffectsQuery(slug, runId).queryKey, { pages: [effects], pageParams: [null] });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunView runId={runId} />
    </HydrationBoundary>
  );
}
