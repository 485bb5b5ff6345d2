import { failuresOf } from "../failures";
import type { FailureShape } from "../failures/schema";
import { bound, boundTo } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import { notFound } from "../platform/errors";
import { dollars } from "../platform/fields";
import { decodeCursor, type Page, pageOf } from "../platform/page";
import { type Reader, read } from "../platform/verb";
import { checksOf } from "./missing";
import {
  type IncidentCounts,
  type IncidentDetail,
  type IncidentShape,
  incidentInput,
  listIncidentsInput,
  nothing,
} from "./schema";
import { effectOut, incidentOut, iso } from "./shape";
import { stoppedOf } from "./stopped";
import * as store from "./store";

/** @throws Failure `not_found` */
export async function loaded(tx: Reader, ctx: Ctx, incidentId: string): Promise<store.IncidentRow> {
  const row = await store.incident(tx.sql, ctx.environmentId, incidentId);
  if (!row || !bound(ctx, row.agent_id, null)) throw notFound("incident");
  return row;
}

/** Incidents, newest first. @throws Failure `invalid_input` */
export const listIncidents = read("incident.list", {
  needs: "incidents.read",
  input: listIncidentsInput,
  run: async ({ tx, ctx, input }): Promise<Page<IncidentShape>> => {
    const { agents, tenants } = boundTo(ctx);
    const [after = null] = decodeCursor(input.cursor, 1) ?? [];
    const rows = await store.incidents(tx.sql, ctx.environmentId, {
      status: input.status ?? null,
      severity: input.severity ?? null,
      category: input.category ?? null,
      agentId: input.agent_id ?? null,
      commander: input.commander ?? null,
      q: input.q?.trim() || null,
      // An incident is of no tenant: who is bound to some sees none.
      agents: tenants ? [] : agents,
      after: after === null ? null : Number(after),
      limit: input.limit + 1,
    });
    return pageOf(rows, input.limit, (r) => [r.number], incidentOut);
  },
});

/** How many stand where. */
export const incidentCounts = read("incident.counts", {
  needs: "incidents.read",
  input: nothing,
  run: async ({ tx, ctx }): Promise<IncidentCounts> => {
    const rows = await store.counts(tx.sql, ctx.environmentId);
    const of = (status: string) => rows.find((r) => r.status === status)?.n ?? 0;
    return { open: of("open"), mitigated: of("mitigated"), resolved: of("resolved"), closed: of("closed") };
  },
});

type Prediction = FailureShape["prediction"];
function evidenceOut(
  row: store.IncidentRow,
  e: store.EvidenceRow,
  reasons: { stop_reason: string; runs: number }[],
  switches: readonly store.SwitchRow[],
  alerts: readonly store.AlertFacts[],
  predicted: Prediction | null,
): IncidentDetail["evidence"] {
  const stopped = stoppedOf(e, switches);
  const minutes = Math.round((row.detected_at.getTime() - row.started_at.getTime()) / 6_000) / 10;
  const fired = alerts.some((a) => (row.failure !== null && a.failure === row.failure) || a.category === row.category);
  const said = predicted?.detect_minutes ?? null;
  return {
    runs: e.runs,
    live: e.live,
    tenants: e.tenants,
    agents: e.agents.slice(0, 50),
    stop_reasons: reasons,
    first_run: e.first_run,
    cost_usd: dollars(e.cost_micros),
    unsettled_usd: dollars(e.unsettled_micros),
    rule_fired: fired,
    minutes_to_detect: minutes,
    minutes_early_or_late: fired && said !== null ? Math.round((minutes - said) * 10) / 10 : null,
    stopped_at: iso(stopped?.at ?? null),
    stopped_by: stopped?.by ?? null,
  };
}

async function predictedOf(
  tx: Reader,
  ctx: Ctx,
  row: store.IncidentRow,
  now: Prediction | null,
): Promise<Prediction | null> {
  if (row.status !== "closed" || row.failure === null) return now;
  const then = await store.predictedThen(tx.sql, ctx.environmentId, row.failure, row.incident_id);
  return (then as Prediction | null) ?? now;
}

/** One incident: what is known, what is missing, what was written in its runs. @throws Failure `not_found` */
export const getIncident = read("incident.get", {
  needs: "incidents.read",
  input: incidentInput,
  run: async ({ tx, ctx, input }): Promise<IncidentDetail> => {
    const { environmentId } = ctx;
    const row = await loaded(tx, ctx, input.incident_id);
    const id = row.incident_id;
    const [found, reasons, alerts, counts, items, entries] = await Promise.all([
      store.evidence(tx.sql, environmentId, id),
      store.stopReasons(tx.sql, environmentId, id),
      store.alertsOf(tx.sql, environmentId, id),
      store.effectCounts(tx.sql, environmentId, id),
      store.effectsOf(tx.sql, environmentId, id, 500),
      row.failure === null ? [] : failuresOf(tx.sql, environmentId),
    ]);
    const switches = await store.switchesOver(tx.sql, environmentId, found, row.started_at, row.closed_at);
    const entry = entries.find((f) => f.slug === row.failure) ?? null;
    const predicted = await predictedOf(tx, ctx, row, entry?.prediction ?? null);
    const effects = items.map(effectOut);
    const checks = checksOf({
      row,
      entry: entry?.name ?? null,
      effects: counts,
      open: effects.filter((e) => !e.validated),
    });
    return {
      ...incidentOut(row),
      post_mortem: {
        what_happened: row.what_happened,
        root_cause: row.root_cause,
        what_helped: row.what_helped,
        what_hindered: row.what_hindered,
      },
      entry: entry && { slug: entry.slug, name: entry.name, category: entry.category, owner: entry.ownerName },
      predicted,
      actual: row.actual,
      policy_change: row.policy_change,
      rule_change: row.rule_change,
      regression_case: row.regression_case as IncidentDetail["regression_case"],
      evidence: evidenceOut(row, found, reasons, switches, alerts, predicted),
      effects: { ...counts, items: effects },
      checks: checks.map(({ errors: _, ...c }) => c),
      missing: checks.flatMap((c) => c.errors),
    };
  },
});
