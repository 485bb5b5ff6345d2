import { sweep } from "../lib/controls";
import { env } from "../lib/platform/env";
import { tendPartitions } from "../lib/runs";

/** What happens by itself, and how often. */
export const JOBS: readonly { job: string; everyS: number; verb: () => Promise<unknown> }[] = [
  { job: "sweep", everyS: 3, verb: sweep },
  { job: "tend-partitions", everyS: 3_600, verb: () => tendPartitions(env().INTERLOCK_RETENTION_DAYS) },
];
