import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type {
  CanaryShape,
  ChecklistShape,
  CheckpointShape,
  CompareShape,
  CompoundShape,
  EvaluationShape,
  EvaluatorShape,
  MeasuredShape,
  releaseChecklistsShape,
  ScoreCardShape,
  SummaryShape,
} from "@/lib/evaluations/schema";
import { api, query } from "../api";

export type EvaluationPage = { items: EvaluationShape[]; next_cursor: string | null };
export type CheckpointPage = { items: CheckpointShape[]; next_cursor: string | null };
const EVERY = 30_000;

export const measuredQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "evaluations", "agents"],
    queryFn: ({ signal }) => api(environment).get<MeasuredShape>("/evaluations/agents", signal),
    refetchInterval: EVERY,
  });

export const summaryQuery = (environment: string, agentId: string, days: number) =>
  queryOptions({
    queryKey: [environment, "evaluations", "summary", agentId, days],
    queryFn: ({ signal }) =>
      api(environment).get<SummaryShape>(`/evaluations/summary${query({ agent_id: agentId, days })}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY,
  });

export const canariesQuery = (environment: string, agentId: string) =>
  queryOptions({
    queryKey: [environment, "evaluations", "canaries", agentId],
    queryFn: ({ signal }) =>
      api(environment).get<{ items: CanaryShape[]; next_cursor: null }>(
        `/canaries${query({ agent_id: agentId })}`,
        signal,
      ),
  });

/** Read anew with probes and plans, not with every score. */
export const compareQuery = (environment: string, slug: string) =>
  queryOptions({
    queryKey: [environment, "readiness", "compare", slug],
    queryFn: ({ signal }) =>
      api(environment).get<CompareShape>(`/canaries/${encodeURIComponent(slug)}/compare`, signal),
    refetchInterval: EVERY,
  });

export const scoreCardQuery = (environment: string, agentId: string) =>
  queryOptions({
    queryKey: [environment, "evaluations", "golden", agentId],
    queryFn: ({ signal }) =>
      api(environment).get<ScoreCardShape>(`/chaos-results${query({ agent_id: agentId })}`, signal),
  });

export const checklistOfQuery = (environment: string, agentId: string, version: string) =>
  queryOptions({
    queryKey: [environment, "readiness", "checklist", agentId, version],
    queryFn: ({ signal }) =>
      api(environment).get<ChecklistShape>(`/probes/checklist${query({ agent_id: agentId, version })}`, signal),
  });

export const checklistsQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "evaluations", "checklists"],
    queryFn: ({ signal }) =>
      api(environment).get<z.output<typeof releaseChecklistsShape>>("/release-checklists", signal),
  });

export const evaluatorsQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "evaluations", "evaluators"],
    queryFn: ({ signal }) =>
      api(environment).get<{ items: EvaluatorShape[]; next_cursor: null }>("/evaluators", signal),
    refetchInterval: EVERY,
  });

export const COMPOUND_DAYS = 30;
/** Counted over thousands of calls: its key is of no topic, so that it is not read anew with every span. */
export const compoundQuery = (environment: string, agentId: string, days: number) =>
  queryOptions({
    queryKey: [environment, "compound", agentId, days],
    queryFn: ({ signal }) =>
      api(environment).get<CompoundShape>(`/agents/${encodeURIComponent(agentId)}/compound${query({ days })}`, signal),
    refetchInterval: 120_000,
  });

const LIMIT = 100;
export const runEvaluationsInput = (runId: string) => ({ run_id: runId, limit: LIMIT });
export const runEvaluationsQuery = (environment: string, runId: string) =>
  infiniteQueryOptions({
    queryKey: [environment, "evaluations", "of-run", runId],
    queryFn: ({ signal, pageParam }) =>
      api(environment).get<EvaluationPage>(
        `/evaluations${query({ ...runEvaluationsInput(runId), cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: EvaluationPage) => page.next_cursor,
  });
export const runCheckpointsQuery = (environment: string, runId: string) =>
  infiniteQueryOptions({
    queryKey: [environment, "evaluations", "checkpoints", runId],
    queryFn: ({ signal, pageParam }) =>
      api(environment).get<CheckpointPage>(
        `/checkpoints${query({ ...runEvaluationsInput(runId), cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: CheckpointPage) => page.next_cursor,
  });
