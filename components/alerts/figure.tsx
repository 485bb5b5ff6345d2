import type { AlertCounts } from "@/lib/alerts/schema";
import { integer } from "../kit/numbers";
import type { Figure } from "../kit/panel";

const ORDER = ["critical", "high", "warning", "info"] as const;
/** For the overview: how many stand open, and how bad. */
export function alertsFigure(environment: string, counts: AlertCounts | undefined): Figure {
  if (!counts) return { label: "Alerts open", value: "–" };
  const worst = ORDER.filter((level) => (counts.by_severity[level] ?? 0) > 0)
    .slice(0, 2)
    .map((level) => `${counts.by_severity[level]} ${level}`);
  const severe = (counts.by_severity.critical ?? 0) + (counts.by_severity.high ?? 0) > 0;
  return {
    label: "Alerts open",
    value: integer(counts.open),
    unit: counts.acknowledged > 0 ? `${integer(counts.acknowledged)} acknowledged` : undefined,
    note: worst.length > 0 ? worst.join(", ") : "nothing fires",
    tone: severe ? "bad" : undefined,
    href: counts.open + counts.acknowledged > 0 ? `/${environment}/alerts` : undefined,
  };
}
