import type { Message } from "../../notifications";
import type { DrillRow } from "./store";

/** One thing an agent: that it cannot be proven to stop, until a later drill proves it. */
const about = (d: DrillRow) => ({
  environmentId: d.environment_id,
  topic: "controls" as const,
  severity: "high" as const,
  dedupeKey: `drill:${d.agent_id}`,
  path: d.switch_id === null ? "/controls" : `/controls/${encodeURIComponent(d.switch_id)}`,
  agentId: d.agent_id,
});
const factsOf = (d: DrillRow) => [
  { label: "Agent", value: d.agent_id },
  { label: "Started by", value: d.started_by },
  { label: "Instances confirmed", value: `${d.instances_confirmed} of ${d.connected.length}` },
  { label: "Runs confirmed", value: `${d.runs_confirmed} of ${d.runs}` },
];

export const failedMessage = (d: DrillRow): Message => ({
  ...about(d),
  event: "opened",
  title:
    d.switch_id === null
      ? `The scheduled drill of agent ${d.agent_id} could not begin`
      : `The drill of agent ${d.agent_id} failed: a stop of it is not proven`,
  text:
    d.switch_id === null
      ? `${d.detail ?? ""}\nNothing was stopped.`
      : `${d.detail ?? ""}\nThe agent is released from the drill: ${d.reason}`,
  facts: factsOf(d),
});

export const provenMessage = (d: DrillRow): Message => ({
  ...about(d),
  event: "resolved",
  title: `A stop of agent ${d.agent_id} is proven again`,
  text: d.detail ?? "",
  facts: factsOf(d),
});
