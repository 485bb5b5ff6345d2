import { createHmac } from "node:crypto";
import type { Saying } from "./say";

/** The documented shape: docs/notifications.md. Fields are added, never renamed. */
export const webhookBody = (s: Saying): string =>
  JSON.stringify({
    delivery_id: s.deliveryId,
    environment: s.environment,
    topic: s.topic,
    event: s.event,
    severity: s.severity,
    dedupe_key: s.dedupeKey,
    acknowledged: s.acknowledged,
    title: s.title,
    text: s.text,
    url: s.url,
    agent_id: s.agentId,
    facts: s.facts,
    at: s.at.toISOString(),
    digest: s.digest,
  });

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`: a receiver refuses what is old or was changed. */
export function signature(secret: string, body: string, now = Date.now()): string {
  const t = Math.floor(now / 1000);
  return `t=${t},v1=${createHmac("sha256", secret).update(`${t}.${body}`).digest("hex")}`;
}
