import type { CheckName, IncidentSeverity, IncidentStatus, Verdict } from "@/lib/incidents/schema";

export const incidentHref = (environment: string, id: string): string =>
  `/${environment}/incidents/${encodeURIComponent(id)}`;
export const atLeastWarning = (severity: string): IncidentSeverity =>
  severity === "high" || severity === "critical" ? severity : "warning";

export const STATUS_MEANS: Record<IncidentStatus, string> = {
  open: "It may still happen",
  mitigated: "Nothing more happens",
  resolved: "It is over; what it teaches is still to be written",
  closed: "It has taught, and stands as it is",
};
export const VERDICTS: Record<Verdict, { word: string; what: string }> = {
  right: { word: "Right", what: "It is there, and it should be." },
  compensated: { word: "Compensated", what: "It was there; its compensation has run, or somebody undid it." },
  accepted: { word: "Accepted", what: "It should not be there, and it stays." },
  not_done: { word: "Not done", what: "It is not there." },
};
/** The one act that meets it. */
export const NEXT: Record<CheckName, string> = {
  commander: "Name the commander",
  effects: "Validate the next effect",
  status: "Resolve it…",
  failure: "Choose the entry",
  actual: "Compare with the prediction",
  post_mortem: "Write the post-mortem",
  policy_change: "Name the policy change",
  rule_change: "Name the rule change",
  regression_case: "Write the regression case",
};
export const PARTS = [
  ["what_happened", "What happened"],
  ["root_cause", "Why it could happen"],
  ["what_helped", "What helped"],
  ["what_hindered", "What hindered"],
] as const;
export const FAULT_WORDS: Record<string, string> = {
  timeout: "The tool never answers",
  rate_limit_429: "The tool answers 429",
  bad_gateway_after_write: "502 after the write has happened",
  malformed_output: "The answer is not what its schema says",
  schema_drift: "Fields of the answer are renamed",
  empty_success: "200 with nothing in it",
  injected_instruction: "The result says what to do next",
  partial_results_forever: "There is always a next page",
  slow_model: "The model answers slowly",
  truncated_answer: "The model's answer is cut off",
  lost_response: "The write happens, its answer is lost",
  double_start: "The run is started twice",
  kill_and_resume: "The process is killed and resumes",
  expired_credential: "The credential has expired",
  stale_data: "The tool answers with old data",
};
export const NEEDS_WRITER = "It needs the role operator, owner, policy_admin or admin.";
