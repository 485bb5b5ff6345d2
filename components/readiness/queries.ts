import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { agentGatesShape, ReadinessShape, TargetDetail, targetsShape } from "@/lib/readiness/schema";
import { api, query } from "../api";

export type AgentGates = z.output<typeof agentGatesShape>;
export type Targets = z.output<typeof targetsShape>;
/** Evidence comes from everywhere and announces itself nowhere: it is looked at again in its own time. */
const EVERY = 30_000;
export const PAGE = 100;

export const gatesQuery = (environment: string, cursor: string | null) =>
  queryOptions({
    queryKey: [environment, "readiness", "agents", cursor],
    queryFn: ({ signal }) =>
      api(environment).get<AgentGates>(`/readiness/agents${query({ limit: PAGE, cursor })}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY,
  });

export const gateQuery = (environment: string, agentId: string, version: string | null) =>
  queryOptions({
    queryKey: [environment, "readiness", "gate", agentId, version],
    queryFn: ({ signal }) =>
      api(environment).get<ReadinessShape>(`/readiness${query({ agent_id: agentId, version })}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY,
  });

export const targetsQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "readiness", "targets"],
    queryFn: ({ signal }) => api(environment).get<Targets>("/targets", signal),
    refetchInterval: EVERY,
  });

export const targetQuery = (environment: string, slug: string) =>
  queryOptions({
    queryKey: [environment, "readiness", "target", slug],
    queryFn: ({ signal }) => api(environment).get<TargetDetail>(`/targets/${encodeURIComponent(slug)}`, signal),
    refetchInterval: EVERY,
  });

/** The bytes of a picture; an `<img>` sends no header, so the address says where. */
export const pictureOf = (environment: string, slug: string, sha256: string): string =>
  `/api/v1/targets/${encodeURIComponent(slug)}/screenshot${query({ sha256, environment })}`;
