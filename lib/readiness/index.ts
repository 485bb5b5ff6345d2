export { getReadiness, listReadiness } from "./gate";
export { lookAtTargets } from "./look";
export { getScreenshot, putScreenshot } from "./screenshot";
export { targets as targetRows } from "./store";
export { checkTarget, deleteTarget, getTarget, listTargets, putTarget, writeTarget } from "./targets";
export { revokeWaiver, waiveCheck } from "./waive";
export { watchGates } from "./watch";
