import { dollars } from "../platform/fields";
import { read } from "../platform/verb";
import { type ActivityShape, activityInput } from "./schema";
import type { StopReason } from "./stop-reasons";
import * as queries from "./store/queries";

/** A chart has about this many bars, whatever the span of time. */
const bucketOf = (hours: number): number =>
  hours <= 1 ? 150 : hours <= 24 ? 3_600 : hours <= 168 ? 6 * 3_600 : 24 * 3_600;

/** Runs by stop reason over time, and what each agent did. */
export const activity = read("run.activity", {
  needs: "runs.read",
  input: activityInput,
  run: async ({ tx, ctx, input }): Promise<ActivityShape> => {
    const bucketS = bucketOf(input.hours);
    const end = Math.ceil(ctx.now().getTime() / (bucketS * 1000)) * bucketS * 1000;
    const from = new Date(end - input.hours * 3_600_000);
    const count = Math.round((end - from.getTime()) / (bucketS * 1000));
    const ended = await queries.endedByBucket(tx.sql, ctx.environmentId, from, bucketS);
    const totals = await queries.totalsByAgent(tx.sql, ctx.environmentId, from);

    const buckets = Array.from({ length: count }, (_, n) => ({
      at: new Date(from.getTime() + n * bucketS * 1000).toISOString(),
      reasons: {} as Partial<Record<StopReason, number>>,
    }));
    const perAgent = new Map(
      totals.map((t) => [t.agent_id, { all: new Array<number>(count).fill(0), bad: new Array<number>(count).fill(0) }]),
    );
    for (const { at, stop_reason, agent_id, n } of ended) {
      const index = Math.floor((at.getTime() - from.getTime()) / (bucketS * 1000));
      const bucket = buckets[index];
      if (!bucket) continue;
      const reason = stop_reason as StopReason;
      bucket.reasons[reason] = (bucket.reasons[reason] ?? 0) + n;
      const series = perAgent.get(agent_id);
      if (!series) continue;
      series.all[index] = (series.all[index] ?? 0) + n;
      if (reason !== "success") series.bad[index] = (series.bad[index] ?? 0) + n;
    }
    const sum = (of: (t: (typeof totals)[number]) => number) => totals.reduce((n, t) => n + of(t), 0);
    return {
      from: from.toISOString(),
      to: new Date(end).toISOString(),
      bucket_s: bucketS,
      runs: sum((t) => t.runs),
      live: sum((t) => t.live),
      waiting: sum((t) => t.waiting),
      lost: sum((t) => t.lost),
      cost_usd: dollars(sum((t) => t.cost_micros)),
      buckets,
      agents: totals.map((t) => {
        const series = perAgent.get(t.agent_id) ?? { all: [], bad: [] };
        return {
          agent_id: t.agent_id,
          runs: t.runs,
          live: t.live,
          not_success: series.bad.reduce((a, b) => a + b, 0),
          cost_usd: dollars(t.cost_micros),
          tokens: t.tokens,
          per_bucket: series.all,
          bad_per_bucket: series.bad,
        };
      }),
    };
  },
});
