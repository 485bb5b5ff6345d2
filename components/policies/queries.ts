import { queryOptions } from "@tanstack/react-query";
import type { DryRunShape } from "@/lib/decisions/schema";
import type { DiffShape, EffectiveShape, PolicyShape, PolicyVersionShape } from "@/lib/policies/schema";
import { ApiProblem, api, query } from "../api";
import type { JsonSchema } from "./document/schema-at";
import type { Format } from "./document/text";
import type { Who } from "./search-params";

const at = (policyId: string): string => `/policies/${encodeURIComponent(policyId)}`;
export type PolicyPage = { items: PolicyShape[]; next_cursor: string | null };
export type PolicyDetail = { policy: PolicyShape; latest: PolicyVersionShape };

export const policiesQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "policies", "list"],
    queryFn: ({ signal }) => api(environment).get<PolicyPage>("/policies", signal),
  });

export const policyQuery = (environment: string, policyId: string) =>
  queryOptions({
    queryKey: [environment, "policies", "one", policyId],
    queryFn: ({ signal }) => api(environment).get<PolicyDetail>(at(policyId), signal),
  });

export const versionsQuery = (environment: string, policyId: string) =>
  queryOptions({
    queryKey: [environment, "policies", "versions", policyId],
    queryFn: ({ signal }) => api(environment).get<{ items: PolicyVersionShape[] }>(`${at(policyId)}/versions`, signal),
  });

export const effectiveQuery = (environment: string, who: Who) =>
  queryOptions({
    queryKey: [environment, "policies", "effective", who],
    queryFn: ({ signal }) => api(environment).get<EffectiveShape>(`/policies/effective${query(who)}`, signal),
  });

/* What ships does not change while the page is open. */
const SHIPPED = { staleTime: Number.POSITIVE_INFINITY };

export const schemaQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "policy-schema"],
    queryFn: ({ signal }) => api(environment).get<JsonSchema>("/policies/schema", signal),
    ...SHIPPED,
  });

export type Starter = { id: string; name: string; description: string; source: string };
export const startersQuery = (environment: string) =>
  queryOptions({
    queryKey: [environment, "policy-starters"],
    queryFn: ({ signal }) => api(environment).get<{ items: Starter[] }>("/policies/starters", signal),
    ...SHIPPED,
  });

const TYPES: Record<Format, string> = { json: "application/json", yaml: "application/yaml" };
export type Sent = { policyId: string; text: string; format: Format };
export type Saved = { policy_id: string; version: number; state: PolicyShape["latest_state"]; audit_row: number };

/** The whole document, byte for byte. `base`: the version it was made from; another one since is refused with 412. */
export const putPolicy = (environment: string, sent: Sent, more: { note: string; base: number | null }) =>
  api(environment).putText<Saved>(`${at(sent.policyId)}${query({ note: more.note })}`, sent.text, {
    "content-type": TYPES[sent.format],
    ...(more.base === null ? {} : { "if-match": `"${more.base}"` }),
  });

export type FieldError = { path: string; message: string };
export type Checked = { valid: true; diff: DiffShape; dry_run: DryRunShape } | { valid: false; errors: FieldError[] };

/** What the server says of a text that is not saved: its errors by path, or what would change. A refusal is an answer. */
export const checkQuery = (environment: string, sent: Sent) =>
  queryOptions({
    queryKey: [environment, "policy-check", sent],
    queryFn: async ({ signal }): Promise<Checked> => {
      const path = `${at(sent.policyId)}${query({ dry_run: true })}`;
      try {
        return await api(environment).putText<Checked>(path, sent.text, { "content-type": TYPES[sent.format] }, signal);
      } catch (error) {
        if (!(error instanceof ApiProblem) || (error.status !== 422 && error.status !== 400)) throw error;
        return {
          valid: false,
          errors: error.errors.length > 0 ? error.errors : [{ path: "", message: error.message }],
        };
      }
    },
    staleTime: 5 * 60_000,
    gcTime: 5 * 60_000,
    retry: false,
  });

/** A document over what was decided; asked for, never by itself. */
export const dryRunQuery = (environment: string, policyId: string, document: unknown, days: number) =>
  queryOptions({
    queryKey: [environment, "policy-dry-run", policyId, document, days],
    queryFn: () =>
      api(environment).post<DryRunShape>(`${at(policyId)}/dry-run`, {
        document,
        from: new Date(Date.now() - days * 86_400_000).toISOString(),
      }),
    staleTime: 5 * 60_000,
    retry: false,
  });
