import type { NotifySeverity } from "../schema";
import type { Saying } from "./say";

const SEVERITY: Record<NotifySeverity, string> = {
  info: "info",
  warning: "warning",
  high: "error",
  critical: "critical",
};
const actionOf = (s: Saying): string =>
  s.event === "resolved" ? "resolve" : s.acknowledged ? "acknowledge" : "trigger";

/** Events API v2. The same thing has the same key, so that what comes later joins its incident, or ends it. */
export const pagerdutyBody = (s: Saying, routingKey: string): string =>
  JSON.stringify({
    routing_key: routingKey,
    event_action: actionOf(s),
    dedup_key: s.dedupeKey.slice(0, 255),
    client: "Interlock",
    client_url: s.url,
    links: [{ href: s.url, text: s.act }],
    payload: {
      summary: s.title.slice(0, 1_024),
      source: s.environment,
      severity: SEVERITY[s.severity],
      timestamp: s.at.toISOString(),
      component: s.agentId ?? undefined,
      group: s.topic,
      class: s.event,
      custom_details: {
        text: s.text,
        delivery_id: s.deliveryId,
        ...Object.fromEntries(s.facts.map((f) => [f.label, f.value])),
      },
    },
  });
