import type { Message } from "../notifications";
import type { Ctx } from "../platform/ctx";
import type { ScopeKind } from "./schema";
import type { PastDue, Released } from "./store";

type Mode = Released["mode"];
const WORD: Record<Mode, string> = { stop: "STOPPED", pause: "PAUSED", safe_mode: "SAFE MODE" };
const clock = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
const many = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
export const naming = (kind: string, key: string): string =>
  kind === "environment" ? "the whole environment" : `${kind.replace("_", " ")} ${key}`;

/** What everybody has to know: a switch on the whole environment, and any that no person has set. */
export const tells = (kind: ScopeKind, { actor }: Ctx): boolean => kind === "environment" || actor.type === "system";

const severityOf = (mode: Mode, kind: ScopeKind) =>
  mode === "stop" && kind === "environment" ? ("critical" as const) : ("high" as const);
const about = (environmentId: string, id: string, kind: ScopeKind, key: string) => ({
  environmentId,
  topic: "controls" as const,
  dedupeKey: `switch:${id}`,
  path: `/controls/${encodeURIComponent(id)}`,
  ...(kind === "agent" ? { agentId: key } : {}),
});

type Set = { id: string; mode: Mode; kind: ScopeKind; key: string; reason: string; dueAt: Date | null };
export function setMessage(
  environmentId: string,
  by: string,
  s: Set,
  requested: { runs: number; instances: number },
): Message {
  const what = naming(s.kind, s.key);
  const until =
    s.dueAt && (s.mode === "stop" ? `To be looked at again by ${clock(s.dueAt)}.` : `Until ${clock(s.dueAt)}.`);
  return {
    ...about(environmentId, s.id, s.kind, s.key),
    severity: severityOf(s.mode, s.kind),
    event: "opened",
    title: `${WORD[s.mode]}: ${what}, by ${by}`,
    text: [
      `${by} set it: ${s.reason}`,
      `It holds ${many(requested.runs, "live run")} and ${many(requested.instances, "instance")}.`,
      until,
    ]
      .filter((line) => line)
      .join("\n"),
    facts: [
      { label: "Mode", value: WORD[s.mode] },
      { label: "Whom", value: what },
      { label: "Set by", value: by },
      { label: "Live runs", value: String(requested.runs) },
      { label: "Instances", value: String(requested.instances) },
    ],
  };
}

export const releasedMessage = (
  environmentId: string,
  id: string,
  r: Released,
  by: string,
  reason: string,
): Message => ({
  ...about(environmentId, id, r.scopeKind, r.scopeKey),
  severity: severityOf(r.mode, r.scopeKind),
  event: "resolved",
  title: `Released from ${WORD[r.mode]}: ${naming(r.scopeKind, r.scopeKey)}, by ${by}`,
  text: `${by} released it: ${reason}`,
  facts: [
    { label: "Mode", value: WORD[r.mode] },
    { label: "Whom", value: naming(r.scopeKind, r.scopeKey) },
    { label: "Released by", value: by },
  ],
});

/** A stop never lapses by itself: somebody looks, and releases it or leaves it. */
export const dueMessage = (s: PastDue): Message => ({
  ...about(s.environmentId, s.id, s.scopeKind, s.scopeKey),
  severity: severityOf("stop", s.scopeKind),
  event: "reminder",
  title: `Still STOPPED past its date: ${naming(s.scopeKind, s.scopeKey)}`,
  text: `${s.setByName} stopped it on ${clock(s.setAt)}: ${s.reason}\nIt was to be looked at again by ${clock(s.dueAt)}. It stays stopped until somebody releases it.`,
  facts: [
    { label: "Whom", value: naming(s.scopeKind, s.scopeKey) },
    { label: "Stopped by", value: s.setByName },
    { label: "Due", value: clock(s.dueAt) },
  ],
});
