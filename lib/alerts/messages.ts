import type { Message } from "../notifications";
import type { AlertRow } from "./store/reads";

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(value < 1 ? 4 : 2));

/** What an alert says in a message: what was found, on whom, and what was done about it. No argument's value, no text of a run. */
export function alertMessage(environmentId: string, a: AlertRow, event: Message["event"], by?: string): Message {
  const whom = a.agent_id ?? (a.tenant_id ? `tenant ${a.tenant_id}` : (a.task_type ?? "the environment"));
  const did = a.actions.filter((x) => x.state === "taken" && x.action !== "notify").map((x) => x.note);
  const lines = [
    `${a.metric} is ${number(a.value)}; the rule says: ${a.sentence}.`,
    a.runs > 0 ? `${a.runs} run${a.runs === 1 ? "" : "s"} so far.` : "",
    ...did,
    event === "resolved" && by ? `Resolved by ${by}.` : "",
    event === "updated" && by ? `${by} looks at it.` : "",
  ];
  return {
    environmentId,
    topic: "alerts",
    severity: a.severity,
    event,
    dedupeKey: `alert:${a.alert_id}`,
    title: `${a.rule_name}: ${whom}`,
    text: lines.filter((l) => l !== "").join("\n"),
    path: `/alerts/${a.alert_id}`,
    ...(a.agent_id ? { agentId: a.agent_id } : {}),
    ...(event === "updated" ? { acknowledged: true } : {}),
    facts: [
      { label: "Category", value: a.category },
      { label: "Value", value: `${number(a.value)} (threshold ${number(a.threshold)})` },
      { label: "Runs", value: a.runs > 0 ? String(a.runs) : "–" },
    ],
  };
}
