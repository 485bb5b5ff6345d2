import { attachIncident, pendingIncidents, settleAction } from "../alerts";
import { notify } from "../notifications";
import { announce } from "../platform/announce";
import { appendRowSql } from "../platform/audit-row";
import { type Ctx, systemCtx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { log } from "../platform/log";
import { inTransaction } from "../platform/verb";
import { atLeastWarning, begin, worse } from "./begin";
import { raisedMessage } from "./messages";
import * as store from "./store";

const named = (a: store.AlertFacts): string =>
  `${a.rule_name}, ${a.agent_id ?? (a.tenant_id ? `tenant ${a.tenant_id}` : (a.task_type ?? "the environment"))}`.slice(
    0,
    200,
  );

async function openFor(tx: Sql, ctx: Ctx, alert: store.AlertFacts): Promise<string> {
  const row = await begin(tx, ctx, {
    title: named(alert),
    severity: atLeastWarning(alert.severity),
    category: alert.category,
    failure: alert.failure,
    commanderId: null,
    alerts: [alert],
    runs: [],
    startedAt: null,
    fromAlert: true,
  });
  await appendRowSql(tx, ctx, "incident.open", {
    target: { type: "incident", id: row.incident_id },
    summary: `opened ${row.incident_id}: ${row.title}`,
    after: {
      severity: row.severity,
      category: row.category,
      alerts: [alert.alert_id],
      recurrence_of: row.recurrence_of,
    },
  });
  return `${row.incident_id} opened.`;
}

/** The alert joins what stands open; what is worse makes it worse. */
async function joined(tx: Sql, ctx: Ctx, incidentId: string, alert: store.AlertFacts): Promise<string> {
  const { environmentId } = ctx;
  const row = await store.incident(tx, environmentId, incidentId, true);
  if (!row) throw new Error("an incident that was there is gone");
  await attachIncident(tx, environmentId, [alert.alert_id], incidentId);
  const path = `/alerts/${encodeURIComponent(alert.alert_id)}`;
  await store.addEvent(tx, ctx, incidentId, "alert", `Alert ${alert.rule_name} added`, path);
  const severity = atLeastWarning(alert.severity);
  if (worse(severity, row.severity)) {
    await store.updateIncident(tx, environmentId, row, ctx.actor.name, { severity });
    await store.addEvent(tx, ctx, incidentId, "severity", `Severity ${row.severity} to ${severity}`);
    await notify(tx, raisedMessage(environmentId, { ...row, severity }, row.severity, `${alert.rule_name} fired.`));
  }
  return `Added to ${incidentId}.`;
}

async function take(tx: Sql, ctx: Ctx, alertId: string): Promise<{ taken: boolean; note: string }> {
  await store.lock(tx, ctx.environmentId);
  const [alert] = await store.alertsHeld(tx, ctx.environmentId, [alertId]);
  if (!alert) return { taken: false, note: "The alert is gone." };
  if (alert.incident_id) return { taken: false, note: `It belongs to ${alert.incident_id} already.` };
  const there = await store.standing(tx, ctx.environmentId, alert.category, alert.agent_id);
  return { taken: true, note: there ? await joined(tx, ctx, there, alert) : await openFor(tx, ctx, alert) };
}

/** One that cannot be opened holds up no other; what the database asks to try again is tried again, all of it. */
const failed = (alertId: string) => (err: Error & { code?: unknown }) => {
  if (typeof err.code === "string" && /^(40|55|57|08)/.test(err.code)) throw err;
  log.warn({ alert: alertId, err: err.message }, "an incident could not be opened");
  return { taken: false, note: `It could not be opened: ${err.message.slice(0, 200)}` };
};

/**
 * What alerts ask for: an incident, or their place in the one that stands open for the same category and agent. The action,
 * the incident and its message are one transaction: a crash leaves all of it or nothing.
 */
export async function openIncidents(): Promise<number> {
  const taken = await inTransaction(async (tx) => {
    const found = await pendingIncidents(tx);
    // Always in one order, so that two workers never wait for each other in a circle.
    for (const p of found.toSorted((a, b) =>
      `${a.environment_id} ${a.alert_id}` < `${b.environment_id} ${b.alert_id}` ? -1 : 1,
    )) {
      const ctx = systemCtx(p.environment_id, "incidents");
      const outcome = await store.attempt(tx, () => take(tx, ctx, p.alert_id)).catch(failed(p.alert_id));
      await settleAction(tx, p, outcome.taken, outcome.note);
    }
    return found;
  });
  for (const environmentId of new Set(taken.map((p) => p.environment_id)))
    announce(environmentId, "incidents", "alerts", "audit");
  return taken.length;
}
