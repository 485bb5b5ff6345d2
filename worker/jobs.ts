import { askMachines, sweepApprovals } from "../lib/approvals";
import { enterSafeModes } from "../lib/budgets";
import { sweep } from "../lib/controls";
import { sealDecisions, sweepHolds } from "../lib/decisions";
import { env } from "../lib/platform/env";
import { tendStatistics } from "../lib/platform/jobs";
import { tendPartitions } from "../lib/runs";

/** What happens by itself, and how often. */
export const JOBS: readonly { job: string; everyS: number; verb: () => Promise<unknown> }[] = [
  { job: "sweep", everyS: 3, verb: sweep },
  { job: "sweep-holds", everyS: 2, verb: sweepHolds },
  { job: "ask-validators", everyS: 1, verb: askMachines },
  { job: "sweep-approvals", everyS: 2, verb: sweepApprovals },
  { job: "enter-safe-modes", everyS: 2, verb: enterSafeModes },
  { job: "seal-decisions", everyS: 10, verb: sealDecisions },
  { job: "tend-statistics", everyS: 10, verb: tendStatistics },
  { job: "tend-partitions", everyS: 3_600, verb: () => tendPartitions(env().INTERLOCK_RETENTION_DAYS) },
];
