import { parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { query } from "../api";
import { parseTime } from "../kit/filters";

export const CHAINS = ["environment", "installation"] as const;
export type Chain = (typeof CHAINS)[number];

/** Filters of the audit, as they stand in the URL. `when` is "24h" or a range of ISO times. */
export const auditParams = {
  chain: parseAsStringLiteral(CHAINS).withDefault("environment"),
  action: parseAsString,
  actor: parseAsString,
  target_type: parseAsString,
  target: parseAsString,
  when: parseAsString,
  q: parseAsString.withDefault(""),
  cursor: parseAsString,
  row: parseAsInteger,
};

export type AuditFilter = {
  chain: Chain;
  action: string | null;
  actor: string | null;
  target_type: string | null;
  target: string | null;
  when: string | null;
  q: string;
};

/** The page's filters in the words of the API; "24h" counts back from `now`. */
export function auditInput(filter: AuditFilter, now: number) {
  const { from, to } = parseTime(filter.when, now);
  return {
    chain: filter.chain,
    action: filter.action ?? undefined,
    actor_id: filter.actor ?? undefined,
    target_type: filter.target_type ?? undefined,
    target_id: filter.target ?? undefined,
    q: filter.q || undefined,
    from,
    to,
  };
}

export const auditPath = (filter: AuditFilter, page: { limit: number; cursor?: string | null }, now: number): string =>
  `/audit${query({ ...auditInput(filter, now), ...page })}`;
