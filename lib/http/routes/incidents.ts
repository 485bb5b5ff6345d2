import {
  changeIncident,
  closeIncident,
  getIncident,
  incidentCounts,
  incidentMetrics,
  incidentTimeline,
  listIncidents,
  noteIncident,
  openIncident,
  regressionOf,
  tickEffect,
} from "../../incidents";
import {
  incidentCountsShape,
  incidentDetailShape,
  incidentsShape,
  metricsShape,
  notedShape,
  tickedShape,
  timelineShape,
  writtenIncidentShape,
} from "../../incidents/schema";
import type { Ctx } from "../../platform/ctx";
import { type Call, type Endpoint, Reply, verb } from "../endpoint";
import { ifMatch, tagged } from "../revision";

const tag = "incidents";
const tells = ["incidents", "alerts", "audit"] as const;

/** The incident as it stands now, whatever was done to it. */
async function whole(ctx: Ctx, status: number, done: { incident_id: string; audit_row: number }): Promise<Reply> {
  const { incident_id, audit_row } = done;
  return tagged(status, { ...(await getIncident(ctx, { incident_id })), audit_row });
}

async function get(ctx: Ctx, input: Record<string, unknown>): Promise<Reply> {
  return tagged(200, await getIncident(ctx, input as never));
}

async function open(ctx: Ctx, input: Record<string, unknown>) {
  return whole(ctx, 201, await openIncident(ctx, input as never));
}
async function change(ctx: Ctx, input: Record<string, unknown>, call: Call) {
  const match = ifMatch(call);
  return whole(
    ctx,
    200,
    await changeIncident(ctx, (match === undefined ? input : { ...input, if_match: match }) as never),
  );
}
async function close(ctx: Ctx, input: Record<string, unknown>) {
  return whole(ctx, 200, await closeIncident(ctx, input as never));
}
type Regression = { incident_id: string; format: "yaml" | "json" };
async function regression(ctx: Ctx, input: Regression): Promise<Reply> {
  const { text } = await regressionOf(ctx, input);
  if (input.format === "json") return new Reply(200, text, { "content-type": "application/json" });
  const name = `${input.incident_id.replace(/[^\w-]/g, "_")}.yaml`;
  return new Reply(200, text, {
    "content-type": "application/yaml",
    "content-disposition": `attachment; filename="${name}"`,
  });
}

export const incidentRoutes: Endpoint[] = [
  verb(listIncidents, {
    method: "get",
    path: "/incidents",
    tag,
    summary: "Incidents, newest first",
    output: incidentsShape,
  }),
  {
    ...verb(openIncident, {
      method: "post",
      path: "/incidents",
      tag,
      summary: "Open an incident",
      output: writtenIncidentShape,
      status: 201,
      tells,
    }),
    run: open,
  },
  verb(incidentCounts, {
    method: "get",
    path: "/incidents/counts",
    tag,
    summary: "How many stand where",
    output: incidentCountsShape,
  }),
  verb(incidentMetrics, {
    method: "get",
    path: "/incidents/metrics",
    tag,
    summary: "Time to detect, to stop, to resolve; predicted against actual",
    output: metricsShape,
  }),
  {
    ...verb(getIncident, {
      method: "get",
      path: "/incidents/{incident_id}",
      tag,
      summary: "One incident, with what is missing before it can be closed",
      output: incidentDetailShape,
    }),
    run: get,
  },
  {
    ...verb(changeIncident, {
      method: "patch",
      path: "/incidents/{incident_id}",
      tag,
      summary: "Change what is given: status, commander, post-mortem …",
      output: writtenIncidentShape,
      tells,
    }),
    run: change,
  },
  {
    ...verb(closeIncident, {
      method: "post",
      path: "/incidents/{incident_id}/close",
      tag,
      summary: "Close it; 422 names what is missing",
      output: writtenIncidentShape,
      tells: [...tells, "failures"],
    }),
    run: close,
  },
  verb(incidentTimeline, {
    method: "get",
    path: "/incidents/{incident_id}/timeline",
    tag,
    summary: "What happened, from the records; newest last",
    output: timelineShape,
  }),
  verb(noteIncident, {
    method: "post",
    path: "/incidents/{incident_id}/notes",
    tag,
    summary: "Add a note to the timeline",
    output: notedShape,
    status: 201,
    tells: ["incidents", "audit"],
  }),
  verb(tickEffect, {
    method: "post",
    path: "/incidents/{incident_id}/effects/{effect_id}",
    tag,
    summary: "Say how a write of its runs is; null takes it back",
    output: tickedShape,
    tells: ["incidents", "audit"],
  }),
  {
    ...verb(regressionOf, {
      method: "get",
      path: "/incidents/{incident_id}/regression",
      tag,
      summary: "Its regression case as a golden task, in YAML or JSON",
    }),
    run: (ctx, input) => regression(ctx, input as Regression),
  },
];
