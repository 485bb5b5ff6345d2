import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type {
  DrillOutcome,
  DrillShape,
  PreviewShape,
  PropagationShape,
  ScopeKind,
  StateShape,
  SwitchShape,
} from "@/lib/controls/schema";
import { api, query } from "../api";

export const stateQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "controls", "state"],
    queryFn: ({ signal }) => api(environment).get<StateShape>("/control/state", signal),
    refetchInterval: 15_000,
  });

export const switchesQuery = (environment: string, active: boolean | null) =>
  queryOptions({
    queryKey: [environment, "controls", "switches", active],
    queryFn: ({ signal }) =>
      api(environment).get<{ items: SwitchShape[]; next_cursor: string | null }>(
        `/switches${query({ active })}`,
        signal,
      ),
  });

export const propagationQuery = (environment: string, switchId: string) =>
  queryOptions({
    queryKey: [environment, "controls", "propagation", switchId],
    queryFn: ({ signal }) =>
      api(environment).get<PropagationShape>(`/switches/${encodeURIComponent(switchId)}/propagation`, signal),
  });

/** What a switch would hold, were it set now; under the topic of runs, since they come and go. */
export const previewQuery = (environment: string, scope: { kind: ScopeKind; key: string | null }) =>
  queryOptions({
    queryKey: [environment, "runs", "preview", scope.kind, scope.key],
    queryFn: ({ signal }) => api(environment).get<PreviewShape>(`/switches/preview${query(scope)}`, signal),
    enabled: scope.kind === "environment" || Boolean(scope.key),
  });

/** Every switch there was, newest first. */
export const historyQuery = (environment: string) =>
  infiniteQueryOptions({
    queryKey: [environment, "controls", "history"],
    queryFn: ({ signal, pageParam }) =>
      api(environment).get<{ items: SwitchShape[]; next_cursor: string | null }>(
        `/switches${query({ limit: 50, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor,
  });

type Drills = { items: DrillShape[]; next_cursor: string | null };
/** A drill that runs moves each second; else the events and a slow look are enough. */
const paceOf = (drills: readonly DrillShape[] | undefined): number =>
  drills?.some((each) => each.outcome === "running") ? 2_000 : 15_000;

/** The newest drills: of everybody or of one agent, whatever came of them or of one outcome. */
export const drillsQuery = (environment: string, of: { agent_id?: string; outcome?: DrillOutcome; limit: number }) =>
  queryOptions({
    queryKey: [environment, "controls", "drills", of],
    queryFn: ({ signal }) => api(environment).get<Drills>(`/drills${query(of)}`, signal),
    refetchInterval: ({ state }) => paceOf(state.data?.items),
  });

/** Every drill there was, newest first. */
export const drillHistoryQuery = (environment: string) =>
  infiniteQueryOptions({
    queryKey: [environment, "controls", "drill-history"],
    queryFn: ({ signal, pageParam }) =>
      api(environment).get<Drills>(`/drills${query({ limit: 50, cursor: pageParam })}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Drills) => page.next_cursor,
    refetchInterval: ({ state }) => paceOf(state.data?.pages.flatMap((page) => page.items)),
  });

export const RECENT_DRILLS = { limit: 10 };
export const LAST_PROVEN = { outcome: "proven" as const, limit: 1 };
