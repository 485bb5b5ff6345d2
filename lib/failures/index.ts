export { recordActual } from "./actual";
export { adoptFailure } from "./adopt";
export { coverage } from "./coverage";
export { type Body as FailureBody, bodyOf as failureBodyOf, categoryOf } from "./entry";
export { tellReviews } from "./jobs";
export { deleteFailure, putFailure, tryFailure } from "./put";
export { getFailure, listFailures, listRevisions, listRunbooks } from "./reads";
export { failures as failuresOf } from "./store";
export { prepare as checkFailure, ruleBodyOf, writeFailure } from "./write";
