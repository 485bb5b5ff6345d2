import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { ApprovalShape, CaseShape, CountsShape, GrantShape } from "@/lib/approvals/schema";
import { api, query } from "../api";

export type ApprovalPage = { items: ApprovalShape[]; next_cursor: string | null };
export const QUEUE_LIMIT = 200;
export const DECIDED_LIMIT = 50;

export const countsQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "approvals", "counts"],
    queryFn: ({ signal }) => api(environment).get<CountsShape>("/approvals/counts", signal),
    refetchInterval: 60_000,
  });

/** What waits: for me, or for anybody. */
export const queueInput = (mine: boolean) =>
  ({ status: "pending", mine: mine ? "true" : undefined, limit: QUEUE_LIMIT }) as const;
export const queueQuery = (environment: string, mine: boolean) =>
  queryOptions({
    queryKey: [environment, "approvals", "queue", mine],
    queryFn: ({ signal }) => api(environment).get<ApprovalPage>(`/approvals${query(queueInput(mine))}`, signal),
    // Clocks run out without anybody's doing.
    refetchInterval: 30_000,
  });

export const reviewsInput = { review: "open", limit: DECIDED_LIMIT } as const;
/** Glass that was broken and not yet looked at. */
export const reviewsQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "approvals", "reviews"],
    queryFn: ({ signal }) => api(environment).get<ApprovalPage>(`/approvals${query(reviewsInput)}`, signal),
  });

export const decidedInput = { settled: "true", limit: DECIDED_LIMIT } as const;
export const decidedQuery = (environment: string) =>
  infiniteQueryOptions({
    queryKey: [environment, "approvals", "decided"],
    queryFn: ({ signal, pageParam }) =>
      api(environment).get<ApprovalPage>(`/approvals${query({ ...decidedInput, cursor: pageParam })}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: ApprovalPage) => page.next_cursor,
  });

export const caseQuery = (environment: string, id: string) =>
  queryOptions({
    queryKey: [environment, "approvals", "case", id],
    queryFn: ({ signal }) => api(environment).get<CaseShape>(`/approvals/${encodeURIComponent(id)}/case`, signal),
  });

export const grantsQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "approvals", "grants"],
    queryFn: ({ signal }) => api(environment).get<{ items: GrantShape[] }>("/grants", signal),
  });
