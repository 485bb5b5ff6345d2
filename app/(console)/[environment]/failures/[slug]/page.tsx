import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { place } from "@/app/session";
import { EntryView } from "@/components/failures/entry/view";
import {
  ALERTS,
  catalogueQuery,
  categoryAlertsQuery,
  failureQuery,
  revisionsQuery,
} from "@/components/failures/queries";
import { listAlerts } from "@/lib/alerts";
import { listCatalogue } from "@/lib/detectors";
import { getFailure, listRevisions } from "@/lib/failures";
import { Failure } from "@/lib/platform/errors";

type Props = { params: Promise<{ environment: string; slug: string }> };
const nameOf = async (params: Props["params"]) => decodeURIComponent((await params).slug);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Failure ${await nameOf(params)}` };
}

export default async function Page({ params }: Props) {
  const { environment } = await params;
  const slug = await nameOf(params);
  const { ctx } = await place(environment);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const found = await getFailure(ctx, { slug }).catch((error: unknown) => {
    if (error instanceof Failure && (error.code === "not_found" || error.code === "invalid_input")) notFound();
    throw error;
  });
  client.setQueryData(failureQuery(environment, slug).queryKey, found);
  await Promise.all([
    client.prefetchQuery({
      ...revisionsQuery(environment, slug),
      queryFn: () => listRevisions(ctx, { slug, limit: 200 }),
    }),
    client.prefetchQuery({
      ...categoryAlertsQuery(environment, found.category),
      queryFn: () => listAlerts(ctx, { category: found.category, limit: ALERTS }),
    }),
    client.prefetchQuery({ ...catalogueQuery(environment), queryFn: () => listCatalogue(ctx, {}) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <EntryView slug={slug} />
    </HydrationBoundary>
  );
}
