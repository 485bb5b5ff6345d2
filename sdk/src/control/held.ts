import type { ControlState, Mode } from "../wire.js";

const RANK: Record<Mode, number> = { run: 0, safe_mode: 1, pause: 2, stop: 3 };
export type Held = { mode: Mode; reason: string };

/** `email.*` matches all that begins so; the star matches dots too. */
export const matches = (pattern: string, name: string): boolean =>
  pattern === name || new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(name);

/** What holds one run, or a run not yet begun: the strictest of the switches, and of `on_stale` where nobody can confirm them. Pure. */
export function heldBy(state: ControlState, runId: string | null, stale: boolean): Held {
  let held: Held = { mode: state.mode, reason: state.reason ?? "" };
  for (const d of state.directives)
    if (runId !== null && d.scope.kind === "run" && d.scope.key === runId && RANK[d.mode] > RANK[held.mode])
      held = { mode: d.mode, reason: d.reason };
  const onStale: Mode = stale && state.on_stale !== "continue" ? state.on_stale : "run";
  if (RANK[onStale] > RANK[held.mode])
    held = { mode: onStale, reason: `no word from Interlock for ${state.ttl_s} s or longer` };
  return held;
}

/** Why a tool may not be called, as far as the last known switches tell; null where they do not forbid it. Pure. */
export function forbiddenBy(state: ControlState, held: Held, tool: string, connector?: string): string | null {
  if (state.blocked_tools.some((p) => matches(p, tool))) return `${tool} is blocked.`;
  if (connector && state.blocked_connectors.some((p) => matches(p, connector))) return `${connector} is blocked.`;
  if (held.mode === "safe_mode" && !state.safe_mode.allowed_tools.some((p) => matches(p, tool)))
    return `Safe mode leaves no ${tool}: ${held.reason}`;
  return null;
}
