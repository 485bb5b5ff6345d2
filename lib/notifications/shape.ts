import { env } from "../platform/env";
import type { ChannelShape, DeliveryShape } from "./schema";
import { NEEDS_SECRET, secretsOf, UNREADABLE } from "./send";
import { NO_SMTP } from "./send/email";
import type { Channel, ListedChannel } from "./store/channels";
import type { DeliveryRow } from "./store/log";

function problemOf(c: Channel): string | null {
  if (c.kind === "email") return env().INTERLOCK_SMTP_URL ? null : NO_SMTP;
  if (c.sealed === null) return NEEDS_SECRET;
  return secretsOf(c.sealed) === null ? UNREADABLE : null;
}

/** What stands in the audit, and in every answer: nothing of it is secret. */
export const plainShape = (c: Channel) => ({
  slug: c.slug,
  kind: c.kind,
  name: c.name,
  enabled: c.enabled,
  min_severity: c.minSeverity,
  topics: c.topics,
  agent_ids: c.agentIds,
  url: c.target.url,
  to: c.target.to,
  secret_tail: c.target.tail,
});

export const shapeOf = (c: ListedChannel): ChannelShape => ({
  ...plainShape(c),
  problem: problemOf(c),
  revision: c.revision,
  updated_by: c.updatedBy,
  updated_at: c.updatedAt.toISOString(),
  last: c.last,
  day: c.day,
});

export const deliveryOut = (d: DeliveryRow): DeliveryShape => ({
  delivery_id: d.deliveryId,
  channel: d.channel,
  topic: d.topic,
  state: d.state,
  attempts: d.attempts,
  next_at: d.nextAt?.toISOString() ?? null,
  last_error: d.lastError,
  last_status: d.lastStatus,
  answer_ms: d.answerMs,
  created_at: d.createdAt.toISOString(),
  sent_at: d.sentAt?.toISOString() ?? null,
  severity: d.severity,
  event: d.event,
  title: d.title ?? `${d.messages} messages about ${d.topic}, told as one`,
  text: d.text ?? "",
  path: d.path ?? (d.notificationId === null ? `/${d.topic}` : null),
  agent_id: d.agentId,
  dedupe_key: d.dedupeKey,
  facts: d.facts ?? [],
  digest_id: d.digestId,
  messages: d.messages,
});
