import type { Answer, CheckGroup, CheckShape, Evidence } from "../schema";

/** One thing that must be so. null: nobody can say, because the evidence is missing. */
export type Part = { ok: boolean | null; say: string; path?: string | null; mend?: [label: string, path: string] };

/** What a waiver and the waivers' names are laid over: a check as evidence alone gives it. */
export type Judged = Omit<CheckShape, "ok" | "waived">;
type Head = { check: string; group: CheckGroup; question?: number; title: string };

export function answerOf(parts: readonly Part[]): Answer {
  if (parts.some((p) => p.ok === false)) return "no";
  return parts.length === 0 || parts.some((p) => p.ok === null) ? "unknown" : "yes";
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** All must hold. What is missing stands first, and its link is the one that mends it. */
export function judged(head: Head, parts: readonly Part[]): Judged {
  const answer = answerOf(parts);
  const failed = parts.filter((p) => p.ok === false);
  const open = failed.length > 0 ? failed : parts.filter((p) => p.ok !== true);
  const mend = open.find((p) => p.mend)?.mend ?? null;
  return {
    check: head.check,
    group: head.group,
    question: head.question ?? null,
    title: head.title,
    answer,
    detail: (answer === "yes" ? parts : open).map((p) => sentence(p.say)).join(" "),
    evidence: parts.map((p): Evidence => ({ label: p.say, path: p.path ?? p.mend?.[1] ?? null, ok: p.ok })),
    mend: mend?.[1] ?? null,
    mend_label: mend?.[0] ?? null,
  };
}

export const list = (names: readonly string[], most = 3): string =>
  names.length <= most ? names.join(", ") : `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
export const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
