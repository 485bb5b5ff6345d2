import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AlertCounts, AlertDetail, AlertShape } from "@/lib/alerts/schema";
import type { BacktestShape, RuleShape } from "@/lib/detectors/schema";
import { api, query } from "../api";
import type { AlertFilters, AlertView } from "./search-params";

export type AlertPage = { items: AlertShape[]; next_cursor: string | null };
const LIMIT = 100;
export const RUN_ALERTS = 50;

export const alertCountsQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "alerts", "counts"],
    queryFn: ({ signal }) => api(environment).get<AlertCounts>("/alerts/counts", signal),
    refetchInterval: 60_000,
  });

/** Open and acknowledged bring what came late with them: it stands under a line of its own. */
export const alertsInput = (view: AlertView, f: AlertFilters) => ({
  limit: LIMIT,
  ...(view === "historic" ? { historic: "true" as const } : { state: view }),
  ...(view === "resolved" ? { historic: "false" as const } : {}),
  ...Object.fromEntries(Object.entries(f).filter(([, value]) => value)),
});
export const alertsQuery = (environment: string, view: AlertView, filters: AlertFilters) =>
  infiniteQueryOptions({
    queryKey: [environment, "alerts", "list", view, filters],
    queryFn: ({ signal, pageParam }) =>
      api(environment).get<AlertPage>(`/alerts${query({ ...alertsInput(view, filters), cursor: pageParam })}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: AlertPage) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

export const alertQuery = (environment: string, id: string) =>
  queryOptions({
    queryKey: [environment, "alerts", "one", id],
    queryFn: ({ signal }) => api(environment).get<AlertDetail>(`/alerts/${encodeURIComponent(id)}`, signal),
  });

/** Every rule that fired on one run. */
export const runAlertsInput = (runId: string) => ({ run_id: runId, limit: RUN_ALERTS });
export const runAlertsQuery = (environment: string, runId: string) =>
  queryOptions({
    queryKey: [environment, "alerts", "of-run", runId],
    queryFn: ({ signal }) => api(environment).get<AlertPage>(`/alerts${query(runAlertsInput(runId))}`, signal),
  });

export const incidentAlertsQuery = (environment: string, incidentId: string) =>
  queryOptions({
    queryKey: [environment, "alerts", "of-incident", incidentId],
    queryFn: ({ signal }) =>
      api(environment).get<AlertPage>(`/alerts${query({ incident_id: incidentId, limit: LIMIT })}`, signal),
  });

export const ruleQuery = (environment: string, slug: string) =>
  queryOptions({
    queryKey: [environment, "alerts", "rule", slug],
    queryFn: ({ signal }) => api(environment).get<RuleShape>(`/rules/${encodeURIComponent(slug)}`, signal),
    retry: false,
  });
export const rulesQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "failures", "rules"],
    queryFn: ({ signal }) => api(environment).get<{ items: RuleShape[] }>("/rules", signal),
  });
/** On which of the last 30 days' runs the rule, as it stands, would have fired. */
export const ruleBacktestQuery = (environment: string, slug: string) =>
  queryOptions({
    queryKey: [environment, "rule-backtest", slug, "as it stands"],
    queryFn: () => api(environment).post<BacktestShape>(`/rules/${encodeURIComponent(slug)}/backtest`),
    staleTime: 60_000,
    retry: false,
  });
