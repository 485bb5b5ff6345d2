import { acknowledgeAlert, alertCounts, getAlert, listAlerts, resolveAlert } from "../../alerts";
import { alertCountsShape, alertDetailShape, alertShape } from "../../alerts/schema";
import { listOf } from "../../platform/page";
import { type Endpoint, verb } from "../endpoint";

const tag = "alerts";
const tells = ["alerts", "failures", "audit"] as const;

export const alertRoutes: Endpoint[] = [
  verb(listAlerts, {
    method: "get",
    path: "/alerts",
    tag,
    summary: "Alerts, newest first; by run: every rule that fired on it",
    output: listOf(alertShape),
  }),
  verb(alertCounts, {
    method: "get",
    path: "/alerts/counts",
    tag,
    summary: "How many stand open",
    output: alertCountsShape,
  }),
  verb(getAlert, {
    method: "get",
    path: "/alerts/{alert_id}",
    tag,
    summary: "One alert with its runs",
    output: alertDetailShape,
  }),
  verb(acknowledgeAlert, {
    method: "post",
    path: "/alerts/{alert_id}/acknowledge",
    tag,
    summary: "Somebody looks at it",
    tells,
  }),
  verb(resolveAlert, { method: "post", path: "/alerts/{alert_id}/resolve", tag, summary: "It is over", tells }),
];
