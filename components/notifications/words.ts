import {
  type ChannelKind,
  type ChannelShape,
  type DeliveryShape,
  type NotifySeverity,
  type NotifyTopic,
  type TestShape,
  TOPICS,
} from "@/lib/notifications/schema";

export const KIND_WORDS: Record<ChannelKind, { label: string; what: string }> = {
  slack: { label: "Slack", what: "An incoming webhook of Slack, or of what takes the same." },
  webhook: { label: "Signed webhook", what: "JSON to an address of yours, signed with HMAC-SHA-256." },
  email: { label: "E-mail", what: "One letter to all of the addresses." },
  pagerduty: { label: "PagerDuty", what: "An Events API v2 integration of a service." },
};
export const TOPIC_WORDS: Record<NotifyTopic, string> = {
  alerts: "Alerts",
  approvals: "Approvals: verdicts asked, broken glass",
  incidents: "Incidents",
  controls: "Controls: stops and safe mode",
  budgets: "Budgets: limits reached",
  readiness: "Readiness",
};
export const LEAST_WORDS: Record<NotifySeverity, string> = {
  info: "everything",
  warning: "warning, high and critical",
  high: "high and critical",
  critical: "critical only",
};
export const NEEDS = "It needs the role policy_admin or admin in this environment.";

const first = (all: string[]): string => (all.length > 1 ? `${all[0]}, ${all.length - 1} more` : (all[0] ?? ""));

/** Where it leads, as far as it may be shown. */
export function placeOf(c: ChannelShape): string {
  if (c.kind === "email") return first(c.to);
  const url = (c.url ?? "").replace(/^https?:\/\//, "");
  return c.kind === "webhook" ? url : `${url.split("/")[0]} …${c.secret_tail ?? ""}`;
}

/** What it takes, in one line. */
export function takesOf(c: ChannelShape): string {
  const topics = c.topics.length === TOPICS.length ? "" : c.topics.join(", ");
  const severity = c.min_severity === "info" ? "" : LEAST_WORDS[c.min_severity];
  const agents = c.agent_ids.length > 0 ? `agents ${first(c.agent_ids)}` : "";
  return [severity, topics, agents].filter((part) => part !== "").join("; ") || "everything";
}

type Answered = Pick<DeliveryShape, "state" | "last_status" | "last_error" | "answer_ms">;
const said = (error: string): string => error.replace(/^it answered /, "");
/** "200 in 38 ms"; of what failed, what was said: "503: busy". */
export function answerOf(d: Answered): string {
  if (d.state === "sent" && d.last_status !== null)
    return `${d.last_status}${d.answer_ms === null ? "" : ` in ${d.answer_ms} ms`}${d.last_error ? `, ${d.last_error}` : ""}`;
  return (d.last_error && said(d.last_error)) ?? (d.state === "sent" ? "accepted" : "–");
}

/** What the test's answer means for whoever pressed the button. */
export function testWords(t: TestShape): { tone: "good" | "warn" | "bad"; title: string } {
  switch (t.state) {
    case "sent":
      return { tone: t.last_error ? "warn" : "good", title: `The test was delivered: ${answerOf(t)}` };
    case "failed":
      return { tone: "bad", title: `The test was not delivered, it is tried again: ${answerOf(t)}` };
    case "dead":
      return { tone: "bad", title: `The test was not delivered: ${answerOf(t)}` };
    case "queued":
      return { tone: "warn", title: "No answer yet: what comes of the test will stand in the log" };
  }
}
