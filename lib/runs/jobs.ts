import { inTransaction, reader } from "../platform/verb";
import * as lifecycle from "./store/lifecycle";
import * as spans from "./store/spans";

/** @returns the runs that changed, so that pages can be told */
export async function sweepRuns() {
  const lost = await lifecycle.loseExpired(reader().sql);
  const ended = await lifecycle.endQuiet(reader().sql);
  const strays = await spans.strayTraces(reader().sql);
  for (const { environment_id, trace_id, run_id } of strays)
    await inTransaction((tx) => spans.moveTrace(tx, environment_id, trace_id, run_id));
  await lifecycle.touch(reader().sql, [...lost, ...ended, ...strays]);
  return [...lost, ...ended, ...strays];
}

/** Tomorrow's partition is there before its first span; days past the retention are dropped. */
export async function tendPartitions(retentionDays: number): Promise<string[]> {
  for (const offset of [0, 1, 2]) {
    const day = new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    await spans.ensurePartition(reader().sql, day);
  }
  return inTransaction((tx) => spans.dropPartitions(tx, retentionDays));
}
