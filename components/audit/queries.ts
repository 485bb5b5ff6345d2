import { queryOptions } from "@tanstack/react-query";
import type { AuditShape, VerifyShape } from "@/lib/audit/schema";
import { api, query } from "../api";
import { type AuditFilter, auditPath, type Chain } from "./search-params";

export const AUDIT_LIMIT = 50;
export type AuditPage = { items: AuditShape[]; next_cursor: string | null };

export const auditQuery = (environment: string, filter: AuditFilter, cursor: string | null) =>
  queryOptions({
    queryKey: [environment, "audit", "list", filter, cursor],
    queryFn: ({ signal }) =>
      api(environment).get<AuditPage>(auditPath(filter, { limit: AUDIT_LIMIT, cursor }, Date.now()), signal),
  });

/** One row by its number, for a link to a row that is not on the page: the list, begun right below the one after it. */
export const auditRowQuery = (environment: string, chain: Chain, seq: number) =>
  queryOptions({
    queryKey: [environment, "audit", "row", chain, seq],
    queryFn: async ({ signal }) => {
      const cursor = btoa(JSON.stringify([seq + 1])).replace(/=+$/, "");
      const page = await api(environment).get<AuditPage>(`/audit${query({ chain, limit: 1, cursor })}`, signal);
      return page.items.find((row) => row.seq === seq) ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

export const verifyChain = (environment: string, chain: Chain) =>
  api(environment).get<VerifyShape>(`/audit/verify${query({ chain })}`);
