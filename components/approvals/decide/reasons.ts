"use client";

import { useLocalStorage } from "@mantine/hooks";
import type { CaseShape } from "@/lib/approvals/schema";

export type Verdict = "approve" | "deny";
type Memory = Record<Verdict, string[]>;
const NONE: Memory = { approve: [], deny: [] };
const KEEP = 6;
const OFFERED = 5;

/** To begin with; whoever takes one of them has read and meant it. */
const COMMON: Memory = {
  approve: ["Arguments checked, as intended", "Agreed with the requester", "Checked against the ticket"],
  deny: ["Not what was asked for", "The arguments are wrong", "Needs the owner to look at it first"],
};

/** What this person said before, in this browser; then what was said of such cases; then the common ones. */
export function useReasons(environment: string) {
  const [memory, setMemory] = useLocalStorage<Memory>({ key: `il-reasons-${environment}`, defaultValue: NONE });
  return {
    remember: (verdict: Verdict, reason: string) =>
      setMemory((before) => ({
        ...before,
        [verdict]: [reason, ...before[verdict].filter((each) => each !== reason)].slice(0, KEEP),
      })),
    offer: (verdict: Verdict | null, similar: CaseShape["similar"]): string[] => {
      const wanted: Verdict[] = verdict ? [verdict] : ["approve", "deny"];
      const all = wanted.flatMap((each) => [
        ...memory[each],
        ...similar.flatMap((past) =>
          past.settle_reason && (past.status === "denied") === (each === "deny") && past.status !== "expired"
            ? [past.settle_reason]
            : [],
        ),
        ...COMMON[each],
      ]);
      return [...new Set(all)].slice(0, OFFERED);
    },
  };
}
