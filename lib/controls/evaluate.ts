import { type Identity, type PolicyRule, policySays } from "./bindings";
import type { ControlShape, Mode, OnStale, ScopeKind } from "./schema";

export type Switch = {
  id: string;
  kind: ScopeKind;
  key: string;
  mode: Exclude<Mode, "run">;
  reason: string;
  setBy: string;
  setAt: string;
  until: string | null;
  revision: number;
  /** Set once it is released; such a switch only tells what has changed. */
  releaseRevision: number | null;
  /** Of a run's switch: the agents that have live runs under it. */
  runAgents: readonly string[];
};

export type Settings = { ttlS: number; onStale: OnStale; pollAfterS: number; safeModeTools: readonly string[] };

export type Snapshot = {
  environmentId: string;
  revision: number;
  settingsRevision: number;
  policyRevision: number;
  settings: Settings;
  policyRules: readonly PolicyRule[];
  active: readonly Switch[];
  released: readonly Switch[];
  /** Releases before this revision are not in memory any more: who is older is told everything. */
  floor: number;
};

/** Who asks. With a run: its own identity and those of its ancestors, since children of a stopped run stop with it. */
export type Caller = Identity & {
  runId: string | null;
  ancestorIds: readonly string[];
  ancestors: readonly Identity[];
};

const RANK: Record<Mode, number> = { run: 0, safe_mode: 1, pause: 2, stop: 3 };

const names = (s: Switch, who: Identity): boolean => {
  switch (s.kind) {
    case "agent":
      return who.agentId === s.key;
    case "tenant":
      return who.tenantId === s.key;
    case "task_type":
      return who.taskType === s.key;
    default:
      return false;
  }
};

/** Does the switch hold this caller? Tools and connectors are blocked for everybody and hold nobody. */
export function holds(s: Switch, caller: Caller): boolean {
  switch (s.kind) {
    case "environment":
      return true;
    case "run":
      return caller.runId === s.key || caller.ancestorIds.includes(s.key);
    case "tool":
    case "connector":
      return false;
    case "agent":
    case "tenant":
    case "task_type":
      return names(s, caller) || (s.mode === "stop" && caller.ancestors.some((a) => names(s, a)));
  }
}

/** Must the caller be told of it? What holds it, what is blocked, and switches on live runs of an agent that named none. */
export function concerns(s: Switch, caller: Caller): boolean {
  if (s.kind === "tool" || s.kind === "connector") return true;
  if (holds(s, caller)) return true;
  return s.kind === "run" && caller.runId === null && caller.agentId !== null && s.runAgents.includes(caller.agentId);
}

/** The most restrictive switch that holds the caller; among equals the newest. */
export function strictest(active: readonly Switch[], caller: Caller): Switch | null {
  let winner: Switch | null = null;
  for (const s of active) {
    if (!holds(s, caller)) continue;
    if (!winner || RANK[s.mode] > RANK[winner.mode] || (s.mode === winner.mode && s.revision > winner.revision))
      winner = s;
  }
  return winner;
}

/** Has anything that concerns this caller changed after that revision? */
export function changedSince(snapshot: Snapshot, caller: Caller, revision: number): boolean {
  if (revision >= snapshot.revision) return false;
  if (revision < snapshot.floor || revision < snapshot.settingsRevision) return true;
  return (
    snapshot.active.some((s) => s.revision > revision && concerns(s, caller)) ||
    snapshot.released.some((s) => (s.releaseRevision ?? 0) > revision && concerns(s, caller))
  );
}

export function controlFor(snapshot: Snapshot, caller: Caller): ControlShape {
  const listed = snapshot.active.filter((s) => concerns(s, caller));
  const winner = strictest(listed, caller);
  const keys = (kind: ScopeKind) => listed.filter((s) => s.kind === kind).map((s) => s.key);
  const { ttlS, onStale, pollAfterS, safeModeTools } = snapshot.settings;
  const says = policySays(snapshot.policyRules, caller, onStale);
  const byPolicy = winner === null && says.safeModeBy !== null;
  return {
    revision: snapshot.revision,
    mode: winner?.mode ?? (byPolicy ? "safe_mode" : "run"),
    reason: winner?.reason ?? (byPolicy ? `safe_mode.enabled in policy ${says.safeModeBy}` : null),
    set_by: winner?.setBy ?? null,
    set_at: winner?.setAt ?? null,
    until: winner?.until ?? null,
    directives: listed.map((s) => ({
      switch_id: s.id,
      scope: { kind: s.kind, key: s.key || null },
      mode: s.mode,
      reason: s.reason,
    })),
    safe_mode: { allowed_tools: says.allowedTools ?? [...safeModeTools] },
    blocked_tools: keys("tool"),
    blocked_connectors: keys("connector"),
    policy_revision: snapshot.policyRevision,
    ttl_s: ttlS,
    on_stale: says.onStale,
    poll_after_s: pollAfterS,
  };
}
