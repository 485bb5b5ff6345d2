import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { place } from "@/app/session";
import { runAlertsInput, runAlertsQuery } from "@/components/alerts/queries";
import {
  type DecisionPage,
  type EffectPage,
  runDecisionsInput,
  runDecisionsQuery,
  runEffectsInput,
  runEffectsQuery,
} from "@/components/decisions/run-queries";
import { type EvaluationPage, runEvaluationsInput, runEvaluationsQuery } from "@/components/evaluations/queries";
import { runbooksQuery } from "@/components/failures/queries";
import { runQuery, SPAN_LIMIT, type SpanPage, spansQuery } from "@/components/runs/queries";
import { RunView } from "@/components/runs/run-view";
import { listAlerts } from "@/lib/alerts";
import { listDecisions, listEffects } from "@/lib/decisions";
import { listEvaluations } from "@/lib/evaluations";
import { listRunbooks } from "@/lib/failures";
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
  const [first, decisions, effects, evaluations]: [SpanPage, DecisionPage, EffectPage, EvaluationPage] =
    await Promise.all([
      listSpans(ctx, { run_id: runId, limit: SPAN_LIMIT }),
      listDecisions(ctx, runDecisionsInput(runId, false)),
      listEffects(ctx, runEffectsInput(runId)),
      listEvaluations(ctx, runEvaluationsInput(runId)),
    ]);
  client.setQueryData(spansQuery(slug, runId).queryKey, { pages: [first], pageParams: [null] });
  client.setQueryData(runDecisionsQuery(slug, runId, live, false).queryKey, { pages: [decisions], pageParams: [null] });
  client.setQueryData(runEffectsQuery(slug, runId).queryKey, { pages: [effects], pageParams: [null] });
  client.setQueryData(runEvaluationsQuery(slug, runId).queryKey, { pages: [evaluations], pageParams: [null] });
  await client.prefetchQuery({
    ...runAlertsQuery(slug, runId),
    queryFn: () => listAlerts(ctx, runAlertsInput(runId)),
    retry: false,
  });
  const reason = run.stop_reason;
  if (reason && reason !== "success")
    await client.prefetchQuery({
      ...runbooksQuery(slug, reason),
      queryFn: () => listRunbooks(ctx, { stop_reason: reason }),
      retry: false,
    });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunView runId={runId} />
    </HydrationBoundary>
  );
}
