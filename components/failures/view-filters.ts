import type { FailureFilters, FailureView } from "./search-params";

const OF_VIEW: Record<FailureView, FailureFilters> = {
  all: {},
  pre_launch: { triage: "pre_launch" },
  needs_work: { missing: "rule,arming,owner,runbook,data,review" },
  blind: { state: "blind" },
};

/** What is asked of the server: the chips, and what the saved view adds to them. */
export function filtersOf(params: FailureFilters & { view: FailureView }): FailureFilters {
  const { category, state, owner, triage, regime, missing, q, view } = params;
  return { category, state, owner, triage, regime, missing, q, ...OF_VIEW[view] };
}
