import type { EvidenceRow, SwitchRow } from "./store";

const WORD = { safe_mode: "SAFE MODE", pause: "PAUSED", stop: "STOPPED" } as const;
export const scopeOf = (kind: string, key: string): string =>
  kind === "environment" ? "the environment" : `${kind.replace("_", " ")} ${key}`;
export const modeOn = (s: Pick<SwitchRow, "mode" | "scope_kind" | "scope_key">): string =>
  `${WORD[s.mode]}, ${scopeOf(s.scope_kind, s.scope_key)}`;

/** When nothing more could happen: its runs had ended, or everybody obeyed a switch over them; whichever came first. */
export function stoppedOf(e: EvidenceRow, switches: readonly SwitchRow[]): { at: Date; by: string } | null {
  const ways = switches.flatMap((s) => (s.confirmed_at ? [{ at: s.confirmed_at, by: modeOn(s) }] : []));
  if (e.runs > 0 && e.live === 0 && e.ended_at) ways.push({ at: e.ended_at, by: "its runs had ended" });
  return ways.toSorted((a, b) => a.at.getTime() - b.at.getTime())[0] ?? null;
}
