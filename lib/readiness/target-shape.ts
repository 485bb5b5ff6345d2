import type { Sql } from "../platform/db/pool";
import type { ScreenshotShape, TargetCheck, TargetShape } from "./schema";
import * as store from "./store";
import { gateOf, stateOf, tooOld } from "./target-state";

/** Patterns as LIKE wants them; null: any agent. */
export const likeOf = (patterns: readonly string[]): string[] | null =>
  patterns.length === 0 ? null : patterns.map((p) => p.replace(/[\\%_]/g, "\\$&").replaceAll("*", "%"));

export const checkOut = (c: store.CheckRow): TargetCheck => ({ ...c, at: c.at.toISOString() });
export const screenshotOut = (s: store.ScreenshotRow): ScreenshotShape => ({
  at: s.at.toISOString(),
  by: s.by_name,
  sha256: s.sha256,
  content_type: s.content_type,
  size: s.size,
  too_old: tooOld(s),
  listed: s.listed,
});
const iso = (at: string): string => new Date(at).toISOString();

export function targetOut(t: store.TargetRow, signs: store.Signs, shot: store.ScreenshotRow | null): TargetShape {
  return {
    slug: t.slug,
    name: t.name,
    url: t.url,
    expected_marker: { kind: t.markerKind, name: t.markerName, value: t.markerValue },
    agent_ids: t.agentIds,
    service: { deployment_env: t.deploymentEnv },
    interval_s: t.intervalS,
    silent_after_s: t.silentAfterS,
    ...stateOf(t, signs),
    last_check: t.last && { ...t.last, at: iso(t.last.at) },
    last_match_at: t.matchAt?.toISOString() ?? null,
    next_check_at: t.nextAt?.toISOString() ?? null,
    last_span: signs.last && { at: iso(signs.last.at), run_id: signs.last.run_id },
    other_env: signs.other && {
      deployment_env: signs.other.deployment_env,
      run_id: signs.other.run_id,
      at: iso(signs.other.at),
    },
    screenshot: shot && screenshotOut(shot),
    gate: gateOf(t, signs, shot),
    alert_id: t.alertId,
    revision: t.revision,
    updated_by: t.updatedBy,
    updated_at: t.updatedAt.toISOString(),
  };
}

export const expectedEnvs = (rows: readonly store.TargetRow[]): string[] => [
  ...new Set(rows.flatMap((r) => (r.deploymentEnv === null ? [] : [r.deploymentEnv]))),
];

/** The environment's own list: every target, and what stands behind it now. */
export async function targetsNow(tx: Sql, environmentId: string): Promise<TargetShape[]> {
  const rows = await store.targets(tx, environmentId);
  const shots = await store.newestScreenshots(tx, environmentId);
  const expected = expectedEnvs(rows);
  const out: TargetShape[] = [];
  // One after the other: in a transaction there is one connection.
  for (const row of rows) {
    const signs = await store.signsOf(tx, environmentId, likeOf(row.agentIds), row.deploymentEnv, expected);
    out.push(targetOut(row, signs, shots.get(row.slug) ?? null));
  }
  return out;
}
