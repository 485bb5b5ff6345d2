import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { PreviewShape, PropagationShape, ScopeKind, StateShape, SwitchShape } from "@/lib/controls/schema";
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
