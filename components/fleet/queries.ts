import { queryOptions } from "@tanstack/react-query";
import type { AgentShape, InstanceShape } from "@/lib/fleet/schema";
import { api } from "../api";

export type AgentDetail = AgentShape & { heard: InstanceShape[] };

export const agentsQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "fleet", "agents"],
    queryFn: ({ signal }) => api(environment).get<{ items: AgentShape[] }>("/agents", signal),
    refetchInterval: 15_000,
  });

export const agentQuery = (environment: string, agentId: string) =>
  queryOptions({
    queryKey: [environment, "fleet", "agent", agentId],
    queryFn: ({ signal }) => api(environment).get<AgentDetail>(`/agents/${encodeURIComponent(agentId)}`, signal),
    refetchInterval: 15_000,
  });
