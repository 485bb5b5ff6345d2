import { createParser, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { SCOPE_KINDS, type ScopeKind } from "@/lib/controls/schema";

export const SET_MODES = ["safe_mode", "pause", "stop"] as const;
export type SetMode = (typeof SET_MODES)[number];
export type Scope = { kind: ScopeKind; key: string | null };

const isKind = (text: string): text is ScopeKind => (SCOPE_KINDS as readonly string[]).includes(text);

/** `?scope=agent:triage-bot`; a key may hold colons. */
const scopeParser = createParser<Scope>({
  parse: (text) => {
    const at = text.indexOf(":");
    const kind = at < 0 ? text : text.slice(0, at);
    if (!isKind(kind)) return null;
    return { kind, key: kind === "environment" || at < 0 ? null : text.slice(at + 1) || null };
  },
  serialize: (scope) => (scope.key ? `${scope.kind}:${scope.key}` : scope.kind),
  eq: (a, b) => a.kind === b.kind && a.key === b.key,
});

export const controlParams = {
  mode: parseAsStringLiteral(SET_MODES).withDefault("stop"),
  scope: scopeParser.withDefault({ kind: "environment", key: null }),
  view: parseAsStringLiteral(["set", "history", "drills"] as const).withDefault("set"),
  /** The dialog that runs a drill stands open, with this agent chosen; empty: with none. */
  drill: parseAsString,
};
