import { getDrill, listDrills, startDrill } from "../../controls";
import { drillShape } from "../../controls/schema";
import { listOf } from "../../platform/page";
import { type Endpoint, verb } from "../endpoint";

const tag = "switches";

export const drillRoutes: Endpoint[] = [
  verb(startDrill, {
    method: "post",
    path: "/drills",
    tag,
    summary: "Stop an agent for real, to prove that it can be stopped",
    status: 201,
    tells: ["controls", "audit", "runs"],
  }),
  verb(listDrills, {
    method: "get",
    path: "/drills",
    tag,
    summary: "Drills, newest first",
    output: listOf(drillShape),
  }),
  verb(getDrill, { method: "get", path: "/drills/{drill_id}", tag, summary: "One drill", output: drillShape }),
];
