import { askMachines, sweepApprovals } from "../lib/approvals";
import { enterSafeModes } from "../lib/budgets";
import { sweep } from "../lib/controls";
import { sweepHolds } from "../lib/decisions";
import { env } from "../lib/platform/env";
import { tendPartitions } from "../lib/runs";

/** What happens by itself, and how often. */
export const JOBS: readonly { job: string; everyS: number; verb: () => Promise<unknown> }[] = [
  { job: "sweep", everyS: 3, verb: sweep },
  { job: "sweep-holds", everyS: 2, verb: sweepHolds },
  { job: "ask-validators", everyS: 1, verb: askMachines },
  { job: "sweep-approvals", everyS: 2, verb: sweepApprovals },
  { job: "enter-safe-modes", everyS: 2, verb: enterSafeModes },
  { job: "tend-partitions", everyS: 3_600, verb: () => tendPartitions(env().INTERLOCK_RETENTION_DAYS) },
];
