import type { Message } from "../notifications";
import type { AlertFacts, IncidentRow } from "./store";

type About = Pick<
  IncidentRow,
  | "incident_id"
  | "title"
  | "severity"
  | "category"
  | "agent_id"
  | "commander_name"
  | "recurrence_of"
  | "unnamed"
  | "status"
>;
const about = (environmentId: string, i: About) => ({
  environmentId,
  topic: "incidents" as const,
  severity: i.severity,
  dedupeKey: `incident:${i.incident_id}`,
  path: `/incidents/${encodeURIComponent(i.incident_id)}`,
  ...(i.agent_id ? { agentId: i.agent_id } : {}),
  facts: [
    { label: "Commander", value: i.commander_name ?? "nobody yet" },
    { label: "Category", value: i.category ?? "–" },
    { label: "Status", value: i.status },
    ...(i.recurrence_of ? [{ label: "Recurrence of", value: i.recurrence_of }] : []),
  ],
});
const lines = (...all: (string | null)[]): string => all.filter((l) => l !== null).join("\n");
const commands = (i: About): string => (i.commander_name ? `${i.commander_name} commands.` : "Nobody commands yet.");

export const openedMessage = (environmentId: string, i: About, by: string): Message => ({
  ...about(environmentId, i),
  event: "opened",
  title: `${i.incident_id}: ${i.title}`,
  text: lines(
    `Opened by ${by}.`,
    i.recurrence_of
      ? `It has happened before, as ${i.recurrence_of}, and no rule of ${i.category ?? "its category"} was written or changed since.`
      : null,
    i.unnamed ? `The inventory had no entry of ${i.category ?? "its category"}: nobody had named it.` : null,
    commands(i),
  ),
});
export const raisedMessage = (environmentId: string, i: About, from: string, why: string): Message => ({
  ...about(environmentId, i),
  event: "updated",
  title: `${i.incident_id} is ${i.severity} now: ${i.title}`,
  text: lines(`It was ${from}. ${why}`, commands(i)),
});
/** Somebody has it in hand: a pager stops. */
export const commandMessage = (environmentId: string, i: About, by: string): Message => ({
  ...about(environmentId, i),
  event: "updated",
  acknowledged: true,
  title: `${i.commander_name ?? "Nobody"} commands ${i.incident_id}: ${i.title}`,
  text: `Said by ${by}.`,
});
export const resolvedMessage = (environmentId: string, i: About, by: string): Message => ({
  ...about(environmentId, i),
  event: "resolved",
  title: `${i.incident_id} is resolved: ${i.title}`,
  text: lines(`Resolved by ${by}. It is closed once it has taught.`, commands(i)),
});
/** Its alerts end with it: who was told of them by the same key is told that they are over. */
export const alertOverMessage = (environmentId: string, a: AlertFacts, i: About, by: string): Message => ({
  environmentId,
  topic: "alerts",
  severity: a.severity,
  event: "resolved",
  dedupeKey: `alert:${a.alert_id}`,
  path: `/alerts/${encodeURIComponent(a.alert_id)}`,
  title: `${a.rule_name}: ${a.agent_id ?? a.tenant_id ?? a.task_type ?? "the environment"}`,
  text: `Resolved with ${i.incident_id} by ${by}.`,
  ...(a.agent_id ? { agentId: a.agent_id } : {}),
  facts: [{ label: "Category", value: a.category }],
});
