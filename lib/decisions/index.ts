export { type Begun, beginRun } from "./admit";
export { canonicalArgs, parseStrict } from "./canonical";
export { type BatchAnswer, decide, decideBatch } from "./decide";
export { dryRun } from "./dry-run";
export { renewHolds, sweepHolds } from "./jobs";
export { getDecision, listBreakers, listDecisions, listEffects } from "./reads";
export { giveResult } from "./result";
export { settleEffect } from "./settle-effect";
export { tryCall } from "./try";
