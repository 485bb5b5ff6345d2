import type { DrillSchedule, DrillShape } from "@/lib/controls/schema";
import { counted, duration } from "../../kit/numbers";

export const seconds = (ms: number | null): string => (ms === null ? "–" : duration(ms / 1_000));

/** "every 7 days at 03:00 UTC". */
export const scheduleWords = ({ every_days, hour }: DrillSchedule): string =>
  `${every_days === 1 ? "every day" : `every ${every_days} days`} at ${hourWords(hour)} UTC`;
export const hourWords = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;

/** "seen 1.2 s by triage-1, confirmed 3.9 s": the slowest of each. */
export function howFast(d: DrillShape): string {
  const seen =
    d.slowest_seen_ms === null
      ? null
      : `seen within ${seconds(d.slowest_seen_ms)}, last by ${d.slowest_instance ?? "–"}`;
  return [seen, d.confirmed_ms === null ? null : `confirmed within ${seconds(d.confirmed_ms)}`]
    .filter(Boolean)
    .join("; ");
}

/** "2 of 2 instances, 1 of 1 run". */
export const confirmedWords = ({ instances, runs, switch_id }: DrillShape): string =>
  switch_id === null
    ? "–"
    : [
        ...(instances.connected > 0 ? [`${instances.confirmed} of ${counted(instances.connected, "instance")}`] : []),
        ...(runs.requested > 0 ? [`${runs.confirmed} of ${counted(runs.requested, "run")}`] : []),
      ].join(", ");
