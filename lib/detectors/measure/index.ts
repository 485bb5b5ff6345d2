import type { MetricName } from "../metrics";
import type { Trace } from "../trace/step";
import * as content from "./content";
import * as effects from "./effects";
import * as failing from "./failing";
import type { Fold, Point } from "./point";
import * as repetition from "./repetition";
import * as size from "./size";

export { type Fold, fold, type Point, type Reading } from "./point";

export type Measure = { fold: Fold; points: (trace: Trace, now: number) => Point[] };
const as = (how: Fold, points: Measure["points"]): Measure => ({ fold: how, points });

/** How each metric of one run is read off its trace. Pure: the same in the alarm, the back-test and the score. */
export const MEASURES: Partial<Record<MetricName, Measure>> = {
  identical_calls: as("per_key", repetition.identicalCalls),
  consecutive_identical_calls: as("per_key", repetition.consecutiveIdenticalCalls),
  similar_calls: as("max", repetition.similarCalls),
  repeated_requests: as("max", repetition.repeatedRequests),
  alternation_cycles: as("per_key", repetition.alternationCycles),
  steps_without_progress: as("per_key", repetition.stepsWithoutProgress),
  turns_without_calls: as("per_key", repetition.turnsWithoutCalls),
  tokens_without_calls: as("per_key", repetition.tokensWithoutCalls),
  repeated_errors: as("per_key", repetition.repeatedErrors),
  consecutive_errors: as("per_key", repetition.consecutiveErrors),
  retries: as("sum", repetition.retries),
  steps: as("max", size.steps),
  tool_calls: as("sum", size.toolCalls),
  unique_calls: as("sum", size.uniqueCalls),
  children: as("max", size.children),
  seconds: as("max", size.seconds),
  cost_usd: as("sum", size.costUsd),
  tokens: as("sum", size.tokens),
  input_tokens_per_turn: as("max", size.inputPerTurn),
  context_growth: as("max", size.contextGrowth),
  context_jump: as("max", size.contextJump),
  tool_errors: as("sum", failing.toolErrors),
  tool_timeouts: as("sum", failing.toolTimeouts),
  rate_limited: as("sum", failing.rateLimited),
  auth_failures: as("sum", failing.authFailures),
  schema_violations: as("sum", failing.schemaViolations),
  empty_successes: as("per_key", failing.emptySuccesses),
  unacknowledged_errors: as("sum", failing.unacknowledgedErrors),
  failed_endings: as("sum", failing.failedEndings),
  orphan_tool_calls: as("sum", failing.orphanToolCalls),
  suspected_orphans: as("sum", failing.suspectedOrphans),
  refusals: as("sum", failing.refusals),
  truncations: as("sum", failing.truncations),
  duplicate_effects: as("sum", effects.duplicateEffects),
  denied_calls: as("sum", effects.deniedCalls),
  executed_despite_deny: as("sum", effects.executedDespiteDeny),
  out_of_scope_intents: as("sum", effects.outOfScopeIntents),
  new_capabilities: as("sum", effects.newCapabilities),
  memory_writes: as("sum", effects.memoryWrites),
  memory_repeats: as("sum", effects.memoryRepeats),
  memory_bytes: as("sum", effects.memoryBytes),
  injection_markers: as("sum", content.injectionMarkers),
  followed_injections: as("sum", content.followedInjections),
  obeyed_in_words: as("sum", content.obeyedInWords),
  eval_score: as("min", content.evalScore),
  wait_cycle: as("max", content.waitCycle),
  wait_seconds: as("max", content.waitSeconds),
  lock_held_s: as("max", content.lockHeld),
  double_runs: as("max", content.doubleRuns),
  checkpoint_mismatches: as("sum", content.checkpointMismatches),
  resume_regression: as("max", content.resumeRegression),
};
