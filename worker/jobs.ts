import { actOnAlerts } from "../lib/alerts";
import { askMachines, sweepApprovals } from "../lib/approvals";
import { enterSafeModes, keepPromises, tellLimits } from "../lib/budgets";
import { sweep, tendDrills } from "../lib/controls";
import { sealDecisions, sweepHolds } from "../lib/decisions";
import { judgeWindowsNow } from "../lib/detectors";
import { askEvaluators, runProbes } from "../lib/evaluations";
import { tellReviews } from "../lib/failures";
import { openIncidents } from "../lib/incidents";
import { deliver } from "../lib/notifications";
import { env } from "../lib/platform/env";
import { tendStatistics } from "../lib/platform/jobs";
import { lookAtTargets, watchGates } from "../lib/readiness";
import { tendPartitions } from "../lib/runs";

/** What happens by itself, and how often. */
export const JOBS: readonly { job: string; everyS: number; verb: () => Promise<unknown> }[] = [
  { job: "sweep", everyS: 3, verb: sweep },
  { job: "tend-drills", everyS: 1, verb: tendDrills },
  { job: "sweep-holds", everyS: 2, verb: sweepHolds },
  { job: "ask-validators", everyS: 1, verb: askMachines },
  { job: "sweep-approvals", everyS: 2, verb: sweepApprovals },
  { job: "enter-safe-modes", everyS: 2, verb: enterSafeModes },
  { job: "keep-promises", everyS: 60, verb: keepPromises },
  { job: "tell-limits", everyS: 2, verb: tellLimits },
  { job: "act-on-alerts", everyS: 2, verb: actOnAlerts },
  { job: "open-incidents", everyS: 2, verb: openIncidents },
  { job: "ask-evaluators", everyS: 5, verb: askEvaluators },
  { job: "judge-windows", everyS: 60, verb: judgeWindowsNow },
  { job: "deliver", everyS: 1, verb: deliver },
  { job: "review-due", everyS: 3_600, verb: tellReviews },
  { job: "run-probes", everyS: 30, verb: runProbes },
  { job: "look-at-targets", everyS: 5, verb: lookAtTargets },
  { job: "watch-gates", everyS: 60, verb: watchGates },
  { job: "seal-decisions", everyS: 10, verb: sealDecisions },
  { job: "tend-statistics", everyS: 10, verb: tendStatistics },
  { job: "tend-partitions", everyS: 3_600, verb: () => tendPartitions(env().INTERLOCK_RETENTION_DAYS) },
];
