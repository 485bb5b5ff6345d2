import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

export const FAILURE_TABS = ["table", "coverage", "catalogue"] as const;
export const FAILURE_VIEWS = ["all", "pre_launch", "needs_work", "blind"] as const;
export type FailureView = (typeof FAILURE_VIEWS)[number];

export const failuresParams = {
  tab: parseAsStringLiteral(FAILURE_TABS).withDefault("table"),
  view: parseAsStringLiteral(FAILURE_VIEWS).withDefault("all"),
  category: parseAsString,
  state: parseAsString,
  owner: parseAsString,
  triage: parseAsString,
  regime: parseAsString,
  missing: parseAsString,
  q: parseAsString,
};
export const loadFailures = createLoader(failuresParams);

export type FailureFilters = Partial<
  Record<"category" | "state" | "owner" | "triage" | "regime" | "missing" | "q", string | null>
>;

/** Which rule of the entry stands in the editor. */
export const entryParams = { rule: parseAsString };
export const loadEntry = createLoader(entryParams);
