import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { AlertShape } from "@/lib/alerts/schema";
import type { BacktestShape, CategoryShape, ruleBody } from "@/lib/detectors/schema";
import type { Coverage, FailureDetail, FailureShape, RevisionShape, RunbookShape } from "@/lib/failures/schema";
import type { StopReason } from "@/lib/runs/stop-reasons";
import { api, query } from "../api";
import type { FailureFilters } from "./search-params";

export type FailurePage = { items: FailureShape[]; next_cursor: string | null };
/** An inventory is read whole: it is as long as what can go wrong. */
export const ALL = 500;

export const failuresQuery = (environment: string, filters: FailureFilters = {}) =>
  queryOptions({
    queryKey: [environment, "failures", "list", filters],
    queryFn: ({ signal }) => api(environment).get<FailurePage>(`/failures${query({ ...filters, limit: ALL })}`, signal),
    placeholderData: keepPreviousData,
  });

export const failureQuery = (environment: string, slug: string) =>
  queryOptions({
    queryKey: [environment, "failures", "one", slug],
    queryFn: ({ signal }) => api(environment).get<FailureDetail>(`/failures/${encodeURIComponent(slug)}`, signal),
  });

export type RevisionPage = { items: RevisionShape[]; next_cursor: string | null };
export const revisionsQuery = (environment: string, slug: string) =>
  queryOptions({
    queryKey: [environment, "failures", "revisions", slug],
    queryFn: ({ signal }) =>
      api(environment).get<RevisionPage>(`/failures/${encodeURIComponent(slug)}/revisions?limit=200`, signal),
  });

export const coverageQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "failures", "coverage"],
    queryFn: ({ signal }) => api(environment).get<Coverage>("/failures/coverage", signal),
  });

export const catalogueQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "catalogue"],
    queryFn: ({ signal }) => api(environment).get<{ items: CategoryShape[] }>("/catalogue", signal),
    // It ships: it does not change while the page is open.
    staleTime: Number.POSITIVE_INFINITY,
  });

export const runbooksQuery = (environment: string, reason: StopReason) =>
  queryOptions({
    queryKey: [environment, "failures", "runbooks", reason],
    queryFn: ({ signal }) =>
      api(environment).get<{ items: RunbookShape[] }>(`/failures/runbooks${query({ stop_reason: reason })}`, signal),
    staleTime: 60_000,
  });

/** Of the category: what a rule raised before it belonged to an entry is its own as well. */
export const categoryAlertsQuery = (environment: string, category: string) =>
  queryOptions({
    queryKey: [environment, "alerts", "of-category", category],
    queryFn: ({ signal }) =>
      api(environment).get<{ items: AlertShape[]; next_cursor: string | null }>(
        `/alerts${query({ category, limit: ALERTS })}`,
        signal,
      ),
  });
export const ALERTS = 100;

export type RuleDraft = Partial<z.input<typeof ruleBody>>;
/** A draft over the last 30 days: the same code that judges live. A new draft keeps the old curve until it is answered. */
export const backtestQuery = (environment: string, slug: string, rule: RuleDraft) =>
  queryOptions({
    queryKey: [environment, "rule-backtest", slug, rule],
    queryFn: ({ signal: _ }) =>
      api(environment).post<BacktestShape>(`/rules/${encodeURIComponent(slug)}/backtest`, { rule }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });

export type Read =
  | {
      ok: true;
      condition: RuleDraft;
      sentence: string;
      says: string;
    }
  | { ok: false; message: string; at: string };
/** How the server reads a sentence; what it does not understand is an answer too. */
export const sentenceQuery = (environment: string, sentence: string) =>
  queryOptions({
    queryKey: [environment, "rule-sentence", sentence],
    queryFn: () => api(environment).post<Read>("/rules/sentence", { sentence }),
    enabled: sentence.trim() !== "",
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
