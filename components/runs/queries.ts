import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AgentShape } from "@/lib/fleet/schema";
import type { RunShape, SpanDetail, SpanShape } from "@/lib/runs/schema";
import { api, query } from "../api";
import { runListQuery, setFilters } from "./filters";
import type { RunFilters, RunSort } from "./search-params";

export type RunPage = { items: RunShape[]; next_cursor: string | null; total?: number; total_is_capped?: boolean };
export type SpanPage = { items: SpanShape[]; next_cursor: string | null };
export const RUN_LIMIT = 50;
export const SPAN_LIMIT = 500;
const path = encodeURIComponent;

/** The first page follows events; an older one stands still while somebody reads it. */
export const runsQuery = (environment: string, filters: RunFilters, sort: RunSort, cursor: string | null) =>
  queryOptions({
    queryKey: [environment, cursor === null ? "runs" : "runs-older", "list", setFilters(filters), sort, cursor],
    queryFn: ({ signal }) =>
      api(environment).get<RunPage>(
        `/runs${query({ ...runListQuery(filters, sort, Date.now()), limit: RUN_LIMIT, cursor })}`,
        signal,
      ),
    placeholderData: keepPreviousData,
  });

/** Counted only when somebody asks: exact up to 10,000. */
export const runCountQuery = (environment: string, filters: RunFilters, enabled: boolean) =>
  queryOptions({
    queryKey: [environment, "run-count", setFilters(filters)],
    queryFn: async ({ signal }) => {
      const asked = { ...runListQuery(filters, "started_at", Date.now()), limit: 1, count: true };
      const page = await api(environment).get<RunPage>(`/runs${query(asked)}`, signal);
      return { total: page.total ?? 0, capped: page.total_is_capped ?? false };
    },
    enabled,
    staleTime: 60_000,
  });

export const runQuery = (environment: string, runId: string) =>
  queryOptions({
    queryKey: [environment, "runs", "one", runId],
    queryFn: ({ signal }) => api(environment).get<RunShape>(`/runs/${path(runId)}`, signal),
  });

/** Not under the topic "runs": a finished run's spans stand, a running one's are asked again in its own time. */
export const spansQuery = (environment: string, runId: string) =>
  infiniteQueryOptions({
    queryKey: [environment, "run-spans", runId],
    queryFn: ({ signal, pageParam }) =>
      api(environment).get<SpanPage>(
        `/runs/${path(runId)}/spans${query({ limit: SPAN_LIMIT, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: SpanPage) => page.next_cursor,
  });

export const spanQuery = (environment: string, runId: string, spanId: string) =>
  queryOptions({
    queryKey: [environment, "run-span", runId, spanId],
    queryFn: ({ signal }) => api(environment).get<SpanDetail>(`/runs/${path(runId)}/spans/${path(spanId)}`, signal),
    staleTime: 60_000,
  });

export type NameKind = "tenant" | "task_type" | "tool" | "connector";
export const namesQuery = (environment: string, kind: NameKind) =>
  queryOptions({
    queryKey: [environment, "fleet", "names", kind],
    queryFn: ({ signal }) =>
      api(environment).get<{ items: { name: string; last_seen_at: string }[] }>(`/names?kind=${kind}`, signal),
    staleTime: 60_000,
  });

export const agentNamesQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "fleet", "agents"],
    queryFn: ({ signal }) => api(environment).get<{ items: AgentShape[]; next_cursor: null }>("/agents", signal),
    staleTime: 60_000,
  });
