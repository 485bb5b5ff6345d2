export { getReadiness, listReadiness } from "./gate";
export { lookAtTargets } from "./look";
export { getScreenshot, putScreenshot } from "./screenshot";
export { checkTarget, deleteTarget, getTarget, listTargets, putTarget } from "./targets";
export { revokeWaiver, waiveCheck } from "./waive";
export { watchGates } from "./watch";
