import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

/** The filters of the list, in the words of the API; ranges and times as the filter bar writes them. */
export const runFilterParams = {
  status: parseAsString,
  stop_reason: parseAsString,
  agent_id: parseAsString,
  task_type: parseAsString,
  tenant_id: parseAsString,
  tool: parseAsString,
  cost_usd: parseAsString,
  duration_s: parseAsString,
  started: parseAsString,
  source: parseAsString,
  q: parseAsString,
};
export type RunFilters = { [K in keyof typeof runFilterParams]: string | null };

export const RUN_SORTS = ["started_at", "cost_usd"] as const;
export type RunSort = (typeof RUN_SORTS)[number];
export const runSortParam = parseAsStringLiteral(RUN_SORTS).withDefault("started_at");

export const RUN_TABS = ["timeline", "turns", "decisions", "effects", "evaluations", "raw"] as const;
export type RunTab = (typeof RUN_TABS)[number];
export const runTabParam = parseAsStringLiteral(RUN_TABS).withDefault("timeline");

/** The span that a link leads to. */
export const spanParam = parseAsString;

export const loadRunList = createLoader({ ...runFilterParams, sort: runSortParam });
