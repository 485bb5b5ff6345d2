import { z } from "zod";
import { bound, boundTo } from "../platform/authz";
import { notFound } from "../platform/errors";
import { decodeCursor, pageOf } from "../platform/page";
import { read } from "../platform/verb";
import { type AlertCounts, alertInput, listAlertsInput } from "./schema";
import { alertOut, detailOut } from "./shape";
import * as store from "./store/reads";

/** Alerts, newest first. With `run_id` every rule that fired on that run, each with its evidence there. */
export const listAlerts = read("alert.list", {
  needs: "alerts.read",
  input: listAlertsInput,
  run: async ({ tx, ctx, input }) => {
    const { agents, tenants } = boundTo(ctx);
    const rows = await store.alertsOf(tx.sql, ctx.environmentId, {
      runId: input.run_id ?? null,
      category: input.category ?? null,
      state: input.state ?? null,
      severity: input.severity ?? null,
      agentId: input.agent_id ?? null,
      rule: input.rule ?? null,
      failure: input.failure ?? null,
      incidentId: input.incident_id ?? null,
      historic: input.historic === undefined ? null : input.historic === "true",
      from: input.from ?? null,
      to: input.to ?? null,
      agents,
      tenants,
      after: decodeCursor(input.cursor, 2),
      limit: input.limit + 1,
    });
    return pageOf(rows, input.limit, (a) => [a.last_at.toISOString(), a.alert_id], alertOut);
  },
});

/** One alert with the newest 500 runs it fired on. @throws Failure `not_found` */
export const getAlert = read("alert.get", {
  needs: "alerts.read",
  input: alertInput,
  run: async ({ tx, ctx, input }) => {
    const row = await store.alertById(tx.sql, ctx.environmentId, input.alert_id);
    if (!row || !bound(ctx, row.agent_id, row.tenant_id)) throw notFound("alert");
    return detailOut(row, await store.runsOfAlert(tx.sql, ctx.environmentId, input.alert_id, 500));
  },
});

/** How many stand open; history is not counted. */
export const alertCounts = read("alert.counts", {
  needs: "alerts.read",
  input: z.strictObject({}),
  run: async ({ tx, ctx }): Promise<AlertCounts> => {
    const rows = await store.counts(tx.sql, ctx.environmentId);
    const of = (state: string) => rows.filter((r) => r.state === state).reduce((sum, r) => sum + r.n, 0);
    const by_severity: Record<string, number> = {};
    for (const r of rows) if (r.state === "open") by_severity[r.severity] = (by_severity[r.severity] ?? 0) + r.n;
    return { open: of("open"), acknowledged: of("acknowledged"), by_severity };
  },
});
