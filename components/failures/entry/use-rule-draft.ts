"use client";

import { useState } from "react";
import type { RuleShape, Severity } from "@/lib/detectors/schema";
import type { FailureDetail } from "@/lib/failures/schema";
import type { FailureBody } from "../use-save";
import { type Draft, freshRule, fromRule, ruleOf } from "./rule-draft";

const sameDraft = (a: Draft, b: Draft): boolean => JSON.stringify(ruleOf(a)) === JSON.stringify(ruleOf(b));

/** A name that no other rule of the entry has: the entry's own, else with a number. */
function freeSlug(of: FailureDetail): string {
  const taken = new Set(of.rules.map((r) => r.slug));
  if (!taken.has(of.slug)) return of.slug;
  let n = 2;
  while (taken.has(`${of.slug}-${n}`)) n++;
  return `${of.slug}-${n}`;
}

/** What is being written, kept per rule and revision; what others save meanwhile is shown once one's own is thrown away. */
export function useRuleDraft(of: FailureDetail, saved: RuleShape | null, severity: Severity) {
  const key = saved?.slug ?? "";
  const [kept, keep] = useState<{ key: string; draft: Draft } | null>(null);
  const stored = saved ? fromRule(saved) : freshRule(of.name, severity);
  const draft = kept?.key === key ? kept.draft : stored;
  const slug = saved?.slug ?? freeSlug(of);
  return {
    draft,
    dirty: !sameDraft(draft, stored),
    set: (next: Draft) => keep({ key, draft: next }),
    forget: () => keep(null),
    body: { ...ruleOf(draft), slug } as NonNullable<FailureBody["rule"]>,
  };
}
