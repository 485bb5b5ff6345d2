import { attachIncident } from "../alerts";
import { notify } from "../notifications";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import { openedMessage } from "./messages";
import type { IncidentSeverity } from "./schema";
import * as store from "./store";

const RANK = ["info", "warning", "high", "critical"];
export const worse = (a: string, b: string): boolean => RANK.indexOf(a) > RANK.indexOf(b);
export const atLeastWarning = (severity: string): IncidentSeverity =>
  severity === "high" || severity === "critical" ? severity : "warning";
const only = <T>(values: readonly T[]): T | null => (new Set(values).size === 1 ? (values[0] ?? null) : null);
const earliest = (times: readonly Date[]): Date | undefined => times.toSorted((a, b) => a.getTime() - b.getTime())[0];

export type Beginning = {
  title: string;
  severity: IncidentSeverity;
  category: string | null;
  failure: string | null;
  commanderId: string | null;
  alerts: readonly store.AlertFacts[];
  runs: readonly store.RunFacts[];
  startedAt: Date | null;
  fromAlert: boolean;
};

/** Whether it has happened before with nothing learnt, and whether anybody had named it. */
export async function judged(
  tx: Sql,
  environmentId: string,
  category: string | null,
  number: number | null,
  openedAt: Date,
) {
  if (category === null) return { recurrenceOf: null, unnamed: false };
  return {
    recurrenceOf: await store.recurrence(tx, environmentId, category, number, openedAt),
    unnamed: !(await store.named(tx, environmentId, category, openedAt)),
  };
}

/** Opens one, in the caller's transaction, which holds the lock and audits it. */
export async function begin(tx: Sql, ctx: Ctx, b: Beginning): Promise<store.IncidentRow> {
  const { environmentId } = ctx;
  const now = await store.now(tx);
  const category = b.category ?? only(b.alerts.map((a) => a.category));
  const detectedAt = earliest([now, ...b.alerts.map((a) => a.raised_at)]) ?? now;
  const seen = earliest(b.alerts.map((a) => a.first_at)) ?? earliest(b.runs.map((r) => r.started_at));
  const startedAt = b.startedAt ?? earliest([seen ?? detectedAt, detectedAt]) ?? detectedAt;
  const agents = [...b.alerts.map((a) => a.agent_id), ...b.runs.map((r) => r.agent_id)];
  const id = await store.insertIncident(tx, environmentId, {
    title: b.title,
    severity: b.severity,
    category,
    failure: b.failure ?? only(b.alerts.map((a) => a.failure)),
    agent_id: only(agents),
    commander_id: b.commanderId,
    from_alert: b.fromAlert,
    opened_by: store.author(ctx).name,
    startedAt,
    detectedAt: new Date(Math.max(startedAt.getTime(), detectedAt.getTime())),
    ...(await judged(tx, environmentId, category, null, now)),
  });
  await store.addEvent(tx, ctx, id, "opened", `${id} opened`);
  await attach(tx, ctx, id, b.alerts, b.runs, true);
  const row = await store.incident(tx, environmentId, id);
  if (!row) throw new Error("the incident was not written");
  await notify(
    tx,
    openedMessage(environmentId, row, b.fromAlert ? `the rule ${b.alerts[0]?.rule_name ?? ""}` : row.opened_by),
  );
  return row;
}

/** Alerts and runs that belong to it from now on. @throws Failure `conflict` (an alert is another incident's) */
export async function attach(
  tx: Sql,
  ctx: Ctx,
  incidentId: string,
  alerts: readonly store.AlertFacts[],
  runs: readonly store.RunFacts[],
  quiet = false,
): Promise<void> {
  for (const a of alerts)
    if (a.incident_id !== null && a.incident_id !== incidentId)
      throw new Failure("conflict", `The alert ${a.alert_id} belongs to ${a.incident_id} already.`, {
        extra: { incident_id: a.incident_id },
      });
  const fresh = alerts.filter((a) => a.incident_id === null);
  if (fresh.length > 0)
    await attachIncident(
      tx,
      ctx.environmentId,
      fresh.map((a) => a.alert_id),
      incidentId,
    );
  await store.addRuns(
    tx,
    ctx.environmentId,
    incidentId,
    runs.map((r) => r.run_id),
  );
  if (quiet) return;
  for (const a of fresh)
    await store.addEvent(
      tx,
      ctx,
      incidentId,
      "alert",
      `Alert ${a.rule_name} added`,
      `/alerts/${encodeURIComponent(a.alert_id)}`,
    );
  if (runs.length > 0)
    await store.addEvent(
      tx,
      ctx,
      incidentId,
      "runs",
      runs.length === 1 ? `Run ${runs[0]?.run_id ?? ""} added` : `${runs.length} runs added`,
      runs.length === 1 ? `/runs/${encodeURIComponent(runs[0]?.run_id ?? "")}` : null,
    );
}
