export { actOnAlerts, alertRow, pendingIncidents, settleAction, tellAgain } from "./act";
export { acknowledgeAlert, resolveAlert } from "./answer";
export { raise } from "./raise";
export { alertCounts, getAlert, listAlerts } from "./reads";
export { alertOut } from "./shape";
export type { Evidence, Finding, Raised } from "./store/raise";
export { type AlertRow, attachIncident, resolve as resolveByItself } from "./store/reads";
