import type { Message } from "../notifications";
import type { FailureRow } from "./store";

/** A written deferral whose day has come: it is looked at, or put off again with a reason. */
export function reviewMessage(environmentId: string, f: FailureRow, event: Message["event"]): Message {
  const owner = f.ownerName ?? "nobody";
  return {
    environmentId,
    topic: "readiness",
    severity: "warning",
    event,
    dedupeKey: `failure-review:${f.slug}`,
    title: event === "resolved" ? `Review done: ${f.name}` : `Review is due: ${f.name}`,
    text:
      event === "resolved"
        ? `${f.updatedBy} has looked at it again.`
        : `It was put off until after the first incident, to be looked at on ${f.reviewAt}. The reason then: ${f.triageReason ?? "none"}. Owner: ${owner}.`,
    path: `/failures/${encodeURIComponent(f.slug)}`,
    facts: [
      { label: "Category", value: f.category },
      { label: "Owner", value: owner },
      { label: "Review", value: f.reviewAt ?? "–" },
    ],
  };
}
