import { QueryClient } from "@tanstack/react-query";
import type { SearchParams } from "nuqs/server";
import { place } from "@/app/session";
import {
  caseQuery,
  countsQuery,
  decidedInput,
  decidedQuery,
  grantsQuery,
  queueInput,
  queueQuery,
  reviewsInput,
  reviewsQuery,
} from "@/components/approvals/queries";
import { approvalCounts, getCase, listApprovals, listGrants } from "@/lib/approvals";
import { loadApprovals } from "./search-params";

/** What the first paint needs: the queue of the view, and the case that stands open in it. */
export async function prefetchApprovals(slug: string, search: Promise<SearchParams>, named: string | null) {
  const { ctx } = await place(slug);
  const { view } = await loadApprovals(search);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const readCase = (id: string) =>
    client.prefetchQuery({ ...caseQuery(slug, id), queryFn: () => getCase(ctx, { approval_id: id }) });
  const counts = client.prefetchQuery({ ...countsQuery(slug), queryFn: () => approvalCounts(ctx, {}) });
  if (view === "grants") {
    await Promise.all([counts, client.prefetchQuery({ ...grantsQuery(slug), queryFn: () => listGrants(ctx, {}) })]);
    return client;
  }
  const mine = view === "mine";
  const list =
    view === "decided"
      ? client.prefetchInfiniteQuery({ ...decidedQuery(slug), queryFn: () => listApprovals(ctx, decidedInput) })
      : client.prefetchQuery({ ...queueQuery(slug, mine), queryFn: () => listApprovals(ctx, queueInput(mine)) });
  await Promise.all([
    counts,
    list,
    client.prefetchQuery({ ...reviewsQuery(slug), queryFn: () => listApprovals(ctx, reviewsInput) }),
    named ? readCase(named) : undefined,
  ]);
  return client;
}
