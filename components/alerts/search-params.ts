import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

/** `historic` is what came late: nobody was told and nothing was done. */
export const ALERT_VIEWS = ["open", "acknowledged", "resolved", "historic"] as const;
export type AlertView = (typeof ALERT_VIEWS)[number];

export const alertParams = {
  view: parseAsStringLiteral(ALERT_VIEWS).withDefault("open"),
  category: parseAsString,
  agent_id: parseAsString,
  rule: parseAsString,
  severity: parseAsString,
};
export const loadAlerts = createLoader(alertParams);
export type AlertFilters = Record<"category" | "agent_id" | "rule" | "severity", string | null>;
