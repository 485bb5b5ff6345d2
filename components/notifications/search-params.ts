import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { DELIVERY_STATES, TOPICS } from "@/lib/notifications/schema";
import { query } from "../api";

export const DELIVERY_LIMIT = 50;
export const LOG_TOPICS = [...TOPICS, "test"] as const;

/** Filters of the log, as they stand in the URL beside the settings' tab. */
export const logParams = {
  channel: parseAsString,
  state: parseAsStringLiteral(DELIVERY_STATES),
  topic: parseAsStringLiteral(LOG_TOPICS),
  cursor: parseAsString,
};
export const loadLogParams = createLoader(logParams);

export type LogFilter = {
  channel: string | null;
  state: (typeof DELIVERY_STATES)[number] | null;
  topic: (typeof LOG_TOPICS)[number] | null;
  cursor: string | null;
};

/** The page's filters in the words of the API. */
export const logInput = ({ channel, state, topic, cursor }: LogFilter) => ({
  limit: DELIVERY_LIMIT,
  channel: channel ?? undefined,
  state: state ?? undefined,
  topic: topic ?? undefined,
  cursor: cursor ?? undefined,
});
export const logPath = (filter: LogFilter): string => `/deliveries${query(logInput(filter))}`;
