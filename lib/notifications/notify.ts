import type { Sql } from "../platform/db/pool";
import { newId } from "../platform/ids";
import type { NotifyEvent, NotifySeverity, NotifyTopic } from "./schema";
import { type Fact, insertNotification } from "./store/outbox";

export type Message = {
  environmentId: string;
  topic: NotifyTopic;
  severity: NotifySeverity;
  event: NotifyEvent;
  /** The same thing has the same key, from its opening to its resolution. */
  dedupeKey: string;
  /** One line. */
  title: string;
  /** A few lines of plain words: who, what, how much, by when. */
  text: string;
  /** Path of the console after the environment: `/alerts/al_1`. */
  path: string;
  /** An absolute path that the link leads to instead: a signed link. */
  linkPath?: string;
  /** Whom it is about; without one every channel's agent patterns let it pass. */
  agentId?: string;
  facts: Fact[];
  /** Somebody has it in hand: PagerDuty stops waking people. */
  acknowledged?: boolean;
};

const clean = (text: string): string => text.replaceAll("\u0000", "").toWellFormed();
const line = (text: string, max: number): string => {
  const one = clean(text).replace(/\s+/g, " ").trim();
  return one.length > max ? `${one.slice(0, max - 1)}…` : one;
};

/** Puts it in the outbox, in the caller's transaction: what is acknowledged is told, what is rolled back is not. */
export const notify = (tx: Sql, m: Message): Promise<void> =>
  insertNotification(tx, {
    environmentId: m.environmentId,
    notificationId: newId("ntf"),
    topic: m.topic,
    severity: m.severity,
    event: m.event,
    dedupeKey: line(m.dedupeKey, 255),
    title: line(m.title, 300),
    text: clean(m.text).slice(0, 4_000),
    path: m.path,
    linkPath: m.linkPath ?? null,
    agentId: m.agentId ?? null,
    facts: m.facts.slice(0, 20).map((f) => ({ label: line(f.label, 100), value: line(f.value, 500) })),
    acknowledged: m.acknowledged ?? false,
  });
