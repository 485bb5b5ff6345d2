import type { Finding } from "../alerts";
import type { Sql } from "../platform/db/pool";
import { METRICS, type MetricName } from "./metrics";
import { type Rule, severityOf } from "./rule";
import { sayCondition } from "./sentence";
import { DEFAULT_WINDOW_S, slide, type WindowHit, windowOf } from "./slide";
import * as store from "./store/windows";

const HISTORIC_MS = 3_600_000;

/** Metrics of single runs that some window asks about. */
export const gathered = (rules: readonly Rule[]): MetricName[] => [
  ...new Set(rules.flatMap((r) => (r.per !== "run" && METRICS[r.metric].of === "run" ? [r.metric] : []))),
];

/** Values of a rule over a span of time, from what runs showed. */
async function rowsOf(tx: Sql, environmentId: string, rule: Rule, fromMs: number, toMs: number, key: string | null) {
  const what = { per: rule.per, scope: rule.scope, fromMs, toMs, key };
  if (rule.metric === "runs") return store.endedBetween(tx, environmentId, { ...what, which: "all" });
  if (rule.metric === "failed_runs") return store.endedBetween(tx, environmentId, { ...what, which: "failed" });
  if (rule.metric === "lost_runs") return store.endedBetween(tx, environmentId, { ...what, which: "lost" });
  return store.measuresBetween(tx, environmentId, { ...what, metric: rule.metric });
}
const GATHERS = new Set<MetricName>(["runs", "failed_runs", "lost_runs"]);
const slides = (rule: Rule): boolean => METRICS[rule.metric].of === "run" || GATHERS.has(rule.metric);

/** Windows that a moment falls into: by the time of what happened, whenever it arrived. */
export async function windowsAround(
  tx: Sql,
  environmentId: string,
  rule: Rule,
  key: string,
  at: number,
  now: number,
): Promise<Finding[]> {
  const span = windowOf(rule);
  const rows = await rowsOf(tx, environmentId, rule, at - span, at + span, key);
  const runs =
    rule.aggregate === "rate"
      ? await store.endedBetween(tx, environmentId, {
          which: "all",
          per: rule.per,
          scope: rule.scope,
          fromMs: at - span,
          toMs: at + span,
          key,
        })
      : [];
  return slide(rule, rows, runs, at).map((hit) => findingOf(environmentId, rule, hit, now));
}

/** All windows that end now. */
export async function windowsNow(tx: Sql, environmentId: string, rule: Rule, now: number): Promise<Finding[]> {
  if (slides(rule)) {
    const span = windowOf(rule);
    const rows = await rowsOf(tx, environmentId, rule, now - span, now, null);
    const runs =
      rule.aggregate === "rate"
        ? await store.endedBetween(tx, environmentId, {
            which: "all",
            per: rule.per,
            scope: rule.scope,
            fromMs: now - span,
            toMs: now,
            key: null,
          })
        : [];
    // The window ends now, not at its last moment: what has left it no longer counts.
    return slide(rule, rows, runs, "last").map((hit) => findingOf(environmentId, rule, hit, now));
  }
  return (await levels(tx, environmentId, rule)).flatMap((g) =>
    severityOf(rule, g.value) === null
      ? []
      : [
          findingOf(
            environmentId,
            rule,
            {
              key: g.key,
              value: g.value,
              at: now,
              rows: (g.runs ?? []).map((run_id) => ({ run_id, agent_id: "", key: g.key, value: g.value, at: now })),
            },
            now,
          ),
        ],
  );
}

async function levels(tx: Sql, environmentId: string, rule: Rule): Promise<store.Grouped[]> {
  switch (rule.metric) {
    case "concurrent_runs":
      return store.openNow(tx, environmentId, rule.per, rule.scope);
    case "pending_approvals":
      return store.pendingApprovals(tx, environmentId, rule.per, rule.scope);
    case "silence_minutes":
      return store.silence(tx, environmentId, rule.per, rule.scope);
    case "cost_vs_baseline":
      return store.costAgainstBaseline(tx, environmentId, rule.per, rule.scope, rule.windowS ?? DEFAULT_WINDOW_S);
    case "shared_credentials":
      return store.sharedCredentials(tx, environmentId, rule.windowS ?? 86_400);
    default:
      return [];
  }
}

const EVIDENCE = 20;
function findingOf(environmentId: string, rule: Rule, hit: WindowHit, now: number): Finding {
  const found = severityOf(rule, hit.value);
  const severity = found?.severity ?? rule.severity;
  const historic = now - hit.at > HISTORIC_MS;
  const of = (per: Rule["per"]): string | null => (rule.per === per && hit.key !== "" ? hit.key : null);
  const note = (r: store.Measured) => `${r.run_id}: ${rule.metric} ${Number(r.value.toPrecision(4))}`;
  return {
    environmentId,
    rule: {
      slug: rule.slug,
      name: rule.name,
      sentence: sayCondition(rule),
      category: rule.category,
      failure: rule.failure,
      metric: rule.metric,
      mode: rule.mode === "act" ? "act" : "observe",
      actions: rule.actions,
    },
    // History stands apart by its hour: a week's import is not one alert.
    dedupeKey: historic
      ? `${rule.slug}|${rule.per}|${hit.key}|${Math.floor(hit.at / windowOf(rule))}`
      : `${rule.slug}|now|${rule.per}|${hit.key}`,
    severity,
    value: hit.value,
    threshold: found?.threshold ?? rule.threshold,
    at: hit.at,
    historic,
    agentId: of("agent"),
    tenantId: of("tenant"),
    taskType: of("task_type"),
    runs: hit.rows
      .filter((r) => r.run_id !== "")
      .map((r) => ({
        runId: r.run_id,
        agentId: r.agent_id,
        value: r.value,
        severity,
        at: r.at,
        evidence: [{ span_id: null, note: note(r) }],
      })),
    evidence: hit.rows.slice(-EVIDENCE).map((r) => ({ span_id: null, note: note(r) })),
  };
}
