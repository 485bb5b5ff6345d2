import type { PropagationShape } from "../schema";

export type Measured = {
  seen: number;
  confirmed: number;
  runsConfirmed: number;
  /** Everybody that was asked, by name, who has not confirmed. */
  laggards: string[];
  slowest: { instance: string; ms: number } | null;
  /** How long the last one took; null while somebody is open. */
  confirmedMs: number | null;
};

/** How far a drill's stop has come among those who were connected. What happened after its release proves nothing. */
export function measure(p: PropagationShape, connected: readonly string[]): Measured {
  const asked = p.instances.filter((i) => connected.includes(i.instance_id));
  const until = p.switch.released_at === null ? null : Date.parse(p.switch.released_at) - Date.parse(p.requested_at);
  const inTime = (ms: number | null): ms is number => ms !== null && (until === null || ms <= until);
  const saw = asked.flatMap((i) =>
    inTime(i.lag_ms) ? [{ instance: i.instance_id, ms: i.lag_ms, state: i.state }] : [],
  );
  const confirmed = saw.filter((i) => i.state === "confirmed");
  const ended = p.runs.confirmed_lag_ms.filter(inTime);
  const done = new Set(confirmed.map((i) => i.instance));
  const all = connected.length === confirmed.length && ended.length === p.runs.requested;
  const slowest = saw.reduce<Measured["slowest"]>((worst, i) => (worst && worst.ms >= i.ms ? worst : i), null);
  return {
    seen: saw.length,
    confirmed: confirmed.length,
    runsConfirmed: ended.length,
    laggards: all
      ? []
      : [
          ...connected.filter((id) => !done.has(id)),
          ...p.runs.outstanding
            .filter((r) => r.instance_id === null || !connected.includes(r.instance_id))
            .map((r) => `run ${r.run_id}`),
        ],
    slowest: slowest && { instance: slowest.instance, ms: slowest.ms },
    confirmedMs: all ? Math.max(0, ...saw.map((i) => i.ms), ...ended) : null,
  };
}

const many = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
const named = (all: readonly string[]): string =>
  all.length <= 5 ? all.join(", ") : `${all.slice(0, 5).join(", ")} and ${all.length - 5} more`;

export type Verdict = { outcome: "proven" | "failed"; detail: string };
type Drill = { connected: readonly string[]; runs: number; over: boolean; waitS: number };

/** What a drill has come to; null: it still goes on. `releasedBy`: somebody ended its stop before it did. */
export function judge(m: Measured, drill: Drill, releasedBy: string | null): Verdict | null {
  const asked = [
    ...(drill.connected.length > 0 ? [many(drill.connected.length, "instance")] : []),
    ...(drill.runs > 0 ? [many(drill.runs, "run")] : []),
  ].join(" and ");
  const open = m.laggards.length > 0 ? named(m.laggards) : "a run that ended later";
  if (m.confirmedMs !== null) {
    const by = releasedBy === null ? "" : ` ${releasedBy} released it before the drill did.`;
    return { outcome: "proven", detail: `${asked} confirmed within ${seconds(m.confirmedMs)}.${by}` };
  }
  if (releasedBy !== null)
    return { outcome: "failed", detail: `${releasedBy} released it before it was proven. Open were: ${open}.` };
  if (!drill.over) return null;
  return { outcome: "failed", detail: `Not confirmed within ${drill.waitS} s by: ${open}.` };
}
