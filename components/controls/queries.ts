import { queryOptions } from "@tanstack/react-query";
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

/** What a switch would hold, were it set now; null while the scope has no name yet. */
export const previewQuery = (environment: string, scope: { kind: ScopeKind; key: string | null }) =>
  queryOptions({
    queryKey: [environment, "controls", "preview", scope.kind, scope.key],
    queryFn: ({ signal }) => api(environment).get<PreviewShape>(`/switches/preview${query(scope)}`, signal),
    enabled: scope.kind === "environment" || Boolean(scope.key),
  });
