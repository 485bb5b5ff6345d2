import type { ActivityShape } from "@/lib/runs/schema";
import { FAMILY, type StopReason } from "@/lib/runs/stop-reasons";
import type { StopReasonPoint } from "../kit/chart-types";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** The tick of a bucket, UTC: "10:00" within a day, "16 Nov" beyond it. */
export function tick(iso: string, bucketS: number): string {
  if (bucketS <= 3600) return iso.slice(11, 16);
  const at = new Date(iso);
  const day = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ""}`;
  return bucketS < 86_400 ? `${day} ${iso.slice(11, 13)} h` : day;
}

/** Counts of stop reasons, folded into their families. */
export function families(reasons: Partial<Record<StopReason, number>>): StopReasonPoint["counts"] {
  const counts: StopReasonPoint["counts"] = {};
  for (const [reason, n] of Object.entries(reasons)) {
    const family = FAMILY[reason as StopReason] ?? "system";
    counts[family] = (counts[family] ?? 0) + n;
  }
  return counts;
}

export const chartPoints = (activity: ActivityShape): StopReasonPoint[] =>
  activity.buckets.map((bucket) => ({ at: tick(bucket.at, activity.bucket_s), counts: families(bucket.reasons) }));

/** How many runs ended in the range, and how many of them not in success. */
export function endedOf(activity: ActivityShape): { ended: number; notSuccess: number } {
  let ended = 0;
  let success = 0;
  for (const { reasons } of activity.buckets) {
    for (const n of Object.values(reasons)) ended += n;
    success += reasons.success ?? 0;
  }
  return { ended, notSuccess: ended - success };
}
