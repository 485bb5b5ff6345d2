import { parseAsString, parseAsStringLiteral } from "nuqs/server";

export const AGENT_VIEWS = ["all", "unreviewed", "silent"] as const;
export const agentsParams = {
  q: parseAsString.withDefault(""),
  view: parseAsStringLiteral(AGENT_VIEWS).withDefault("all"),
};
