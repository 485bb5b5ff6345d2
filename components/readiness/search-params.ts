import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

export const READINESS_TABS = ["agents", "targets"] as const;
export const READINESS_VIEWS = ["all", "ready", "blocked"] as const;
export const readinessParams = {
  tab: parseAsStringLiteral(READINESS_TABS).withDefault("agents"),
  view: parseAsStringLiteral(READINESS_VIEWS).withDefault("all"),
  /** The target that stands beside the list. */
  target: parseAsString,
  cursor: parseAsString,
};
export const loadReadiness = createLoader(readinessParams);

export const gateParams = { version: parseAsString };
export const loadGate = createLoader(gateParams);
