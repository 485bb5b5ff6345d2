import { env } from "../../platform/env";
import { type NotifyEvent, type NotifySeverity, type NotifyTopic, SEVERITIES } from "../schema";
import type { Message, Parcel } from "../store/deliveries";
import type { Fact } from "../store/outbox";

/** A message as every kind of channel tells it. */
export type Saying = {
  deliveryId: string;
  environment: string;
  topic: NotifyTopic | "test";
  event: NotifyEvent;
  severity: NotifySeverity;
  dedupeKey: string;
  title: string;
  text: string;
  url: string;
  /** What the link is for, as a button. */
  act: string;
  agentId: string | null;
  facts: Fact[];
  acknowledged: boolean;
  at: Date;
  digest: { messages: number; first: { title: string; severity: NotifySeverity; url: string }[] } | null;
};

const FIRST = 5;
export const SEVERITY_WORD: Record<NotifySeverity, string> = {
  info: "Info",
  warning: "Warning",
  high: "High",
  critical: "Critical",
};
export const EVENT_WORD: Record<NotifyEvent, string> = {
  opened: "new",
  reminder: "reminder",
  updated: "updated",
  resolved: "resolved",
};

/** Where people reach the console. */
export function origin(): string {
  const { INTERLOCK_PUBLIC_URL: given, HOST, PORT } = env();
  const host = HOST === "0.0.0.0" || HOST === "::" ? "localhost" : HOST;
  return (given ?? `http://${host}:${PORT}`).replace(/\/$/, "");
}
const urlOf = (environment: string, m: Pick<Message, "path" | "linkPath">): string =>
  origin() + (m.linkPath ?? `/${environment}${m.path}`);

const rank = (s: NotifySeverity): number => SEVERITIES.indexOf(s);

/** null: the message is not kept any more. */
export function sayingOf(deliveryId: string, parcel: Parcel): Saying | null {
  const [first] = parcel.messages;
  if (!first) return null;
  if (parcel.digest) return digestOf(deliveryId, parcel, first);
  const { environment } = parcel;
  const act = first.linkPath ? "Look and decide" : "Open in Interlock";
  return { ...first, deliveryId, environment, url: urlOf(environment, first), act, digest: null };
}

/** Too much at once is told once: how many, and the most severe of them by name. */
function digestOf(deliveryId: string, { environment, topic, messages }: Parcel, first: Message): Saying {
  const worst = [...messages].sort((a, b) => rank(b.severity) - rank(a.severity));
  const named = worst.slice(0, FIRST);
  const left = messages.length - named.length;
  const facts = [...SEVERITIES].reverse().flatMap((s) => {
    const n = messages.filter((m) => m.severity === s).length;
    return n === 0 ? [] : [{ label: SEVERITY_WORD[s], value: String(n) }];
  });
  const lines = named.map((m) => `${SEVERITY_WORD[m.severity]}: ${m.title}`);
  return {
    deliveryId,
    environment,
    topic,
    event: "opened",
    severity: worst[0]?.severity ?? first.severity,
    dedupeKey: `digest:${deliveryId}`,
    title: `${messages.length} messages about ${topic}, told as one`,
    text: [...lines, ...(left > 0 ? [`and ${left} more`] : [])].join("\n"),
    url: `${origin()}/${environment}/${topic}`,
    act: "Open in Interlock",
    agentId: null,
    facts,
    acknowledged: false,
    at: first.at,
    digest: {
      messages: messages.length,
      first: named.map((m) => ({ title: m.title, severity: m.severity, url: urlOf(environment, m) })),
    },
  };
}
