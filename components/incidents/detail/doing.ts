import type { CheckName, IncidentDetail, IncidentEffect } from "@/lib/incidents/schema";

/** What is being done: a condition is met by the dialog of its name. */
export type Doing =
  | { what: Exclude<CheckName, "status" | "effects"> | "note" | "about" | "runs" | "close" }
  | { what: "status"; to: "open" | "mitigated" | "resolved" }
  | { what: "tick"; effect: IncidentEffect };
/** Left out where the person may not, or it is closed. */
export type OnDo = ((doing: Doing) => void) | undefined;
export type Dialog = { of: IncidentDetail; onClose: () => void };
