import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

export const INCIDENT_VIEWS = ["open", "resolved", "closed", "all"] as const;
export type IncidentView = (typeof INCIDENT_VIEWS)[number];
export const incidentParams = {
  view: parseAsStringLiteral(INCIDENT_VIEWS).withDefault("open"),
  severity: parseAsString,
  category: parseAsString,
  agent_id: parseAsString,
  commander: parseAsString,
  q: parseAsString,
};
export const loadIncidents = createLoader(incidentParams);
export type IncidentFilters = Record<"severity" | "category" | "agent_id" | "commander" | "q", string | null>;
