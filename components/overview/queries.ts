import { queryOptions } from "@tanstack/react-query";
import type { ActivityShape, RunShape } from "@/lib/runs/schema";
import { api, query } from "../api";

export type RunList = { items: RunShape[]; next_cursor: string | null; total?: number; total_is_capped?: boolean };

export const activityQuery = (environment: string, hours: number) =>
  queryOptions({
    queryKey: [environment, "runs", "activity", hours],
    queryFn: ({ signal }) => api(environment).get<ActivityShape>(`/activity${query({ hours })}`, signal),
    refetchInterval: 60_000,
  });

export type RecentRuns = { agent_id?: string; stop_reason?: string; status?: string; from?: string; limit: number };

/** The newest runs that match; the whole list is the runs page. */
export const recentRunsQuery = (environment: string, filter: RecentRuns) =>
  queryOptions({
    queryKey: [environment, "runs", "recent", filter],
    queryFn: ({ signal }) => api(environment).get<RunList>(`/runs${query(filter)}`, signal),
  });
