import { getAgent, listAgents } from "../../controls";
import { listNames, reviewAgent } from "../../fleet";
import { agentShape } from "../../fleet/schema";
import { type Endpoint, verb } from "../endpoint";

const tag = "fleet";

export const fleetRoutes: Endpoint[] = [
  verb(listAgents, { method: "get", path: "/agents", tag, summary: "Agents, last seen first", output: agentShape }),
  verb(getAgent, {
    method: "get",
    path: "/agents/{agent_id}",
    tag,
    summary: "One agent and its instances",
    output: agentShape,
  }),
  verb(reviewAgent, {
    method: "post",
    path: "/agents/{agent_id}/review",
    tag,
    summary: "A person has looked at it",
    tells: ["fleet", "audit"],
  }),
  verb(listNames, {
    method: "get",
    path: "/names",
    tag,
    summary: "Tenants, task types, tools or connectors that have appeared",
  }),
];
