import { sql } from "./db/pool";
import { log } from "./log";

/** What changed, for pages that are open: the keys their queries start with. */
export type Topic =
  | "runs"
  | "controls"
  | "fleet"
  | "audit"
  | "settings"
  | "policies"
  | "budgets"
  | "approvals"
  | "decisions"
  | "alerts"
  | "failures"
  | "incidents"
  | "notifications"
  | "evaluations"
  | "readiness";
export const EVENTS_CHANNEL = "interlock_events";

const pending = new Map<string, Set<Topic>>();
let timer: NodeJS.Timeout | undefined;

/**
 * Tells every process, at most twice a second per environment, that pages about these topics are out of date.
 * Never part of a transaction: a notification in each would halve the writes, and a lost one costs a page 15 s.
 */
export function announce(environmentId: string, ...topics: Topic[]): void {
  const set = pending.get(environmentId) ?? new Set();
  for (const topic of topics) set.add(topic);
  pending.set(environmentId, set);
  timer ??= setTimeout(send, 500);
  timer.unref();
}

function send(): void {
  timer = undefined;
  const messages = [...pending].map(([environmentId, topics]) => `${environmentId} ${[...topics].join(",")}`);
  pending.clear();
  sql()
    .query(`select pg_notify('${EVENTS_CHANNEL}', m) from unnest($1::text[]) as m`, [messages])
    .catch((err: Error) => log.debug({ err: err.message }, "an announcement was lost"));
}
