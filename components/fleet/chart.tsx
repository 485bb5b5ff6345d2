"use client";

import { useQuery } from "@tanstack/react-query";
import type { ActivityShape } from "@/lib/runs/schema";
import type { StopReason } from "@/lib/runs/stop-reasons";
import { StopReasonChart } from "../kit/chart";
import type { StopReasonPoint } from "../kit/chart-types";
import { families, tick } from "../overview/points";
import { recentRunsQuery } from "../overview/queries";

const MOST = 500;

/** Success comes from the activity's counts; the reasons of the rest from the runs themselves, newest first. */
export function AgentChart({
  environment,
  agentId,
  activity,
}: {
  environment: string;
  agentId: string;
  activity: ActivityShape;
}) {
  const did = activity.agents.find((each) => each.agent_id === agentId);
  const bad = useQuery({
    ...recentRunsQuery(environment, {
      agent_id: agentId,
      stop_reason: "not_success",
      from: activity.from,
      limit: MOST,
    }),
    enabled: (did?.not_success ?? 0) > 0,
  });
  const from = Date.parse(activity.from);
  const reasons = activity.buckets.map((): Partial<Record<StopReason, number>> => ({}));
  for (const run of bad.data?.items ?? []) {
    if (!run.stop_reason || !run.ended_at) continue;
    const bucket = reasons[Math.floor((Date.parse(run.ended_at) - from) / (activity.bucket_s * 1000))];
    if (bucket) bucket[run.stop_reason] = (bucket[run.stop_reason] ?? 0) + 1;
  }
  const points: StopReasonPoint[] = activity.buckets.map((bucket, n) => {
    const success = (did?.per_bucket[n] ?? 0) - (did?.bad_per_bucket[n] ?? 0);
    return { at: tick(bucket.at, activity.bucket_s), counts: { ...families(reasons[n] ?? {}), success } };
  });
  const cut = bad.data?.next_cursor ? `, reasons of the newest ${MOST} that failed` : "";
  return <StopReasonChart sub={`per hour, last 24 hours${cut}`} points={points} />;
}
