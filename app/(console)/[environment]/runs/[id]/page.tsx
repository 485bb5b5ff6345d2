import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { place } from "@/app/session";
import { runQuery, SPAN_LIMIT, type SpanPage, spansQuery } from "@/components/runs/queries";
import { RunView } from "@/components/runs/run-view";
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
  const first: SpanPage = await listSpans(ctx, { run_id: runId, limit: SPAN_LIMIT });
  client.setQueryData(spansQuery(slug, runId).queryKey, { pages: [first], pageParams: [null] });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunView runId={runId} />
    </HydrationBoundary>
  );
}
