"use client";

import type { CountsShape } from "@/lib/approvals/schema";
import { counted, integer } from "../kit/numbers";
import type { Figure } from "../kit/panel";
import { useClock } from "../kit/time";
import { clock } from "./words";

function Oldest({ since }: { since: string }) {
  const text = useClock((now) => clock(now - Date.parse(since)), "–");
  return <>oldest waits {text}</>;
}

/** For the overview: what waits, for whom, and since when. */
export function approvalsFigure(environment: string, counts: CountsShape | undefined): Figure {
  if (!counts) return { label: "Approvals waiting", value: "–" };
  const { pending, mine, irreversible, reviews, oldest } = counts;
  return {
    label: "Approvals waiting",
    value: integer(pending),
    unit: reviews > 0 ? `${counted(reviews, "review")} open` : pending > 0 ? `${integer(mine)} for you` : undefined,
    note: oldest ? (
      <>
        {irreversible > 0 && `${integer(irreversible)} irreversible, `}
        <Oldest since={oldest} />
      </>
    ) : (
      "nobody is asked"
    ),
    tone: reviews > 0 ? "warn" : undefined,
    href: pending + reviews > 0 ? `/${environment}/approvals` : undefined,
  };
}
