import type { CheckShape, TargetShape, TargetState } from "@/lib/readiness/schema";

/** The least role that reads it. */
export const LEAST = "viewer";
export const NEEDS_OWNER = "It needs the role owner, policy_admin or admin.";

export const STATE_WORDS: Record<TargetState, string> = {
  verified: "verified",
  unverified: "not verified",
  mismatch: "not production",
  unreachable: "no answer",
  silent: "silent",
};

/** "header x-env = production". */
export function markerWords({ expected_marker: m }: Pick<TargetShape, "expected_marker">): string {
  if (m.kind === "body") return `“${m.value}” in the page`;
  return m.kind === "header" ? `header ${m.name} = ${m.value}` : `${m.name} = ${m.value} in the JSON`;
}

/** "200, marker found"; what could not be said is said. */
export function foundWords(t: TargetShape): string {
  const c = t.last_check;
  if (!c) return "not looked at yet";
  if (!c.ok) return c.error ?? "no answer";
  const marker = c.matched ? "marker found" : c.found === null ? "marker missing" : `marker says ${c.found}`;
  return c.status === null ? marker : `${c.status}, ${marker}`;
}

export const addressWords = (url: string): string => url.replace(/^https?:\/\//, "").replace(/\/$/, "");

export type Standing = "met" | "open" | "unknown" | "waived";
export const standingOf = (c: CheckShape): Standing =>
  c.answer === "yes" ? "met" : c.waived ? "waived" : c.answer === "no" ? "open" : "unknown";

/** "24 Dec 2026" of a day, in UTC. */
export const dayWords = (day: string): string =>
  new Date(`${day.slice(0, 10)}T00:00:00Z`).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });

/** Whose rows of the list as it stood then say something else now. */
export function differences(
  listed: { slug: string; url: string; state: string }[],
  now: readonly TargetShape[],
): number {
  const then = new Map(listed.map((l) => [l.slug, l]));
  const changed = now.filter((t) => {
    const was = then.get(t.slug);
    return !was || was.url !== t.url || was.state !== t.state;
  }).length;
  return changed + listed.filter((l) => !now.some((t) => t.slug === l.slug)).length;
}
