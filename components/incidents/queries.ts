import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type {
  IncidentCounts,
  IncidentDetail,
  IncidentMetrics,
  IncidentShape,
  IncidentStatus,
  TimelineShape,
} from "@/lib/incidents/schema";
import { api, query } from "../api";
import type { IncidentFilters, IncidentView } from "./search-params";

export type IncidentPage = { items: IncidentShape[]; next_cursor: string | null };
export const DAYS = 90;
const LIMIT = 50;
const at = (id: string): string => `/incidents/${encodeURIComponent(id)}`;

export const incidentCountsQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "incidents", "counts"],
    queryFn: ({ signal }) => api(environment).get<IncidentCounts>("/incidents/counts", signal),
    refetchInterval: 60_000,
  });

const OF_VIEW: Record<IncidentView, IncidentStatus[]> = {
  open: ["open", "mitigated"],
  resolved: ["resolved"],
  closed: ["closed"],
  all: [],
};
export const incidentsInput = (view: IncidentView, f: IncidentFilters) => ({
  limit: LIMIT,
  ...(OF_VIEW[view].length > 0 ? { status: OF_VIEW[view].join(",") } : {}),
  ...Object.fromEntries(Object.entries(f).filter(([, value]) => value)),
});
export const incidentsQuery = (environment: string, view: IncidentView, filters: IncidentFilters) =>
  infiniteQueryOptions({
    queryKey: [environment, "incidents", "list", view, filters],
    queryFn: ({ signal, pageParam }) =>
      api(environment).get<IncidentPage>(
        `/incidents${query({ ...incidentsInput(view, filters), cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: IncidentPage) => page.next_cursor,
    placeholderData: keepPreviousData,
  });

export const incidentMetricsQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "incidents", "metrics", DAYS],
    queryFn: ({ signal }) =>
      api(environment).get<IncidentMetrics>(`/incidents/metrics${query({ days: DAYS })}`, signal),
  });

export const incidentQuery = (environment: string, id: string) =>
  queryOptions({
    queryKey: [environment, "incidents", "one", id],
    queryFn: ({ signal }) => api(environment).get<IncidentDetail>(at(id), signal),
    refetchInterval: 30_000,
  });
export const timelineQuery = (environment: string, id: string) =>
  queryOptions({
    queryKey: [environment, "incidents", "timeline", id],
    queryFn: ({ signal }) => api(environment).get<TimelineShape>(`${at(id)}/timeline`, signal),
    refetchInterval: 30_000,
  });

export const regressionHref = (environment: string, id: string): string =>
  `/api/v1${at(id)}/regression${query({ environment })}`;
/** The file as it is exported, byte for byte. */
export const regressionQuery = (environment: string, id: string, revision: number) =>
  queryOptions({
    queryKey: [environment, "incidents", "regression", id, revision],
    queryFn: async ({ signal }) => {
      const answer = await fetch(regressionHref(environment, id), { signal });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      return answer.text();
    },
  });
