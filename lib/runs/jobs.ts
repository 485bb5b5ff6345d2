import { inTransaction, reader } from "../platform/verb";
import * as lifecycle from "./store/lifecycle";
import { dropPartitions, ensurePartition } from "./store/spans";

/** @returns the runs that changed, so that pages can be told */
export async function sweepRuns() {
  const lost = await lifecycle.loseExpired(reader().sql);
  const ended = await lifecycle.endQuiet(reader().sql);
  return [...lost, ...ended];
}

/** Tomorrow's partition is there before its first span; days past the retention are dropped. */
export async function tendPartitions(retentionDays: number): Promise<string[]> {
  for (const offset of [0, 1, 2]) {
    const day = new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    await ensurePartition(reader().sql, day);
  }
  return inTransaction((tx) => dropPartitions(tx, retentionDays));
}
