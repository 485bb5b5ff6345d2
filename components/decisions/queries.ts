import { queryOptions } from "@tanstack/react-query";
import type { Decision, DecisionRow } from "@/lib/decisions/schema";
import { api } from "../api";

export const decisionQuery = (environment: string, decisionId: string) =>
  queryOptions({
    queryKey: [environment, "decisions", "one", decisionId],
    queryFn: ({ signal }) => api(environment).get<DecisionRow>(`/decisions/${encodeURIComponent(decisionId)}`, signal),
  });

export type Try = {
  agent_id: string;
  task_type?: string;
  tenant_id?: string;
  question: Record<string, unknown>;
  document?: Record<string, unknown>;
};

/** Asks without deciding: no run, no record, no count. */
export const tryCall = (environment: string, asked: Try) => api(environment).post<Decision>("/decisions/try", asked);
