import { sha256 } from "../platform/ids";
import type { IncidentEffect, IncidentShape } from "./schema";
import type { EffectRow, IncidentRow } from "./store";

export const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const incidentOut = (i: IncidentRow): IncidentShape => ({
  incident_id: i.incident_id,
  title: i.title,
  severity: i.severity,
  status: i.status,
  category: i.category,
  failure: i.failure,
  agent_id: i.agent_id,
  commander:
    i.commander_id === null
      ? null
      : {
          person_id: i.commander_id,
          name: i.commander_name ?? i.commander_id,
          email: i.commander_email ?? "",
          since: (i.commander_since ?? i.opened_at).toISOString(),
        },
  from_alert: i.from_alert,
  opened_by: i.opened_by,
  opened_at: i.opened_at.toISOString(),
  started_at: i.started_at.toISOString(),
  detected_at: i.detected_at.toISOString(),
  stopped_at: iso(i.stopped_at),
  resolved_at: iso(i.resolved_at),
  closed_at: iso(i.closed_at),
  closed_by: i.closed_by,
  recurrence_of: i.recurrence_of,
  unnamed: i.unnamed,
  alerts: i.alerts,
  runs: i.runs,
  revision: i.revision,
  updated_by: i.updated_by,
  updated_at: i.updated_at.toISOString(),
});

/** The compensation is named by tool and hash: its arguments stay in the ledger. */
export const effectOut = (e: EffectRow): IncidentEffect => ({
  effect_id: e.effect_id,
  run_id: e.run_id,
  tenant_id: e.tenant_id,
  tool: e.tool,
  effect: e.effect,
  status: e.status,
  attempts: e.attempts,
  external_id: e.external_id,
  url: e.url,
  args_hash: e.args_hash,
  args_preview: e.args_preview,
  compensation: e.compensation && {
    tool: e.compensation.tool,
    args_hash: sha256(JSON.stringify(e.compensation.args ?? null)),
  },
  approval_id: e.approval_id,
  claimed_at: e.claimed_at.toISOString(),
  settled_at: iso(e.settled_at),
  tick:
    e.verdict === null
      ? null
      : {
          verdict: e.verdict,
          note: e.note ?? "",
          by: e.by_name ?? "",
          at: (e.at ?? e.claimed_at).toISOString(),
          status: e.ledger_status ?? e.status,
        },
  validated: e.verdict !== null && e.ledger_status === e.status,
});
