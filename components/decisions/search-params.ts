import { parseAsString, parseAsStringLiteral } from "nuqs/server";

/** On a run: which decision is explained, and whether only what was not plainly allowed is listed. */
export const runDecisionParams = { decision: parseAsString, outcome: parseAsStringLiteral(["refused"] as const) };
export const effectParam = parseAsString;
