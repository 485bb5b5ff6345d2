import { SCREENSHOT_DAYS, type TargetState } from "./schema";
import type { ScreenshotRow, Signs, TargetRow } from "./store";

const HOUR = 3_600;
const DAY = 86_400;

export const tooOld = (s: Pick<ScreenshotRow, "age_s">): boolean => s.age_s > SCREENSHOT_DAYS * DAY;
export const span = (seconds: number): string => {
  if (seconds < 2 * HOUR) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return seconds < 2 * DAY ? `${Math.round(seconds / HOUR)} h` : `${Math.round(seconds / DAY)} days`;
};
const markerOf = (t: TargetRow): string =>
  t.markerKind === "body"
    ? "text in its page"
    : t.markerKind === "header"
      ? `header ${t.markerName}`
      : `${t.markerName} in its JSON`;

/** What is wrong in a way that nobody may overlook: another marker, or spans from elsewhere. Pure. */
export function wrongOf(t: TargetRow, signs: Signs): string | null {
  if (t.last?.matched === false)
    return t.last.found === null
      ? `The ${markerOf(t)} is missing; ${t.markerValue} is expected. This is not the production that users reach.`
      : `The ${markerOf(t)} says ${t.last.found}; ${t.markerValue} is expected.`;
  if (signs.other)
    return `Run ${signs.other.run_id} sent spans from ${signs.other.deployment_env}; ${t.deploymentEnv} is expected.`;
  return null;
}

/** Pure; ages come from the database's clock. */
export function stateOf(t: TargetRow, signs: Signs): { state: TargetState; why: string } {
  const wrong = wrongOf(t, signs);
  if (wrong) return { state: "mismatch", why: wrong };
  if (!t.last) return { state: "unverified", why: "It has not been looked at yet." };
  if (!t.last.ok) return { state: "unreachable", why: t.last.error ?? "No answer." };
  if (t.matchAgeS === null || t.matchAgeS > HOUR)
    return { state: "unverified", why: "The marker was not looked for within the hour." };
  if (!signs.last) return { state: "silent", why: noSpan(t, signs) };
  if (signs.last.age_s > t.silentAfterS)
    return { state: "silent", why: `Users reach it, and no span has come from it for ${span(signs.last.age_s)}.` };
  return { state: "verified", why: "Its marker is the expected one, and its spans arrive." };
}

function noSpan(t: TargetRow, signs: Signs): string {
  if (!signs.any || !t.deploymentEnv) return "Users reach it, and no span has ever come from its agents.";
  return `Spans arrive, but none says that it comes from ${t.deploymentEnv} (deployment.environment.name).`;
}

/** What a launch asks of it: more than that it looks well now. */
export function gateOf(t: TargetRow, signs: Signs, shot: ScreenshotRow | null): { ok: boolean; missing: string[] } {
  const wrong = wrongOf(t, signs);
  const missing = [
    wrong,
    wrong || (t.matchAgeS !== null && t.matchAgeS <= HOUR)
      ? null
      : `No marker seen within the hour: ${stateOf(t, signs).why}`,
    signs.last && signs.last.age_s <= DAY ? null : "No span of it arrived within a day.",
    shot === null
      ? "Nobody has put a picture of the target list beside it."
      : tooOld(shot)
        ? `The picture of ${shot.by_name} is ${span(shot.age_s)} old; 90 days hold.`
        : null,
  ].filter((m): m is string => m !== null);
  return { ok: missing.length === 0, missing };
}
