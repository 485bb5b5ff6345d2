import type { TimelineItem } from "../schema";
import { modeOn, scopeOf } from "../stopped";
import type { IncidentEvent, SwitchRow } from "../store";
import type * as past from "../store/timeline";

const SYSTEM = /^Interlock\b/;
const item = (
  at: Date,
  kind: TimelineItem["kind"],
  what: string,
  more: Partial<Omit<TimelineItem, "at">> = {},
): TimelineItem => ({
  at: at.toISOString(),
  kind,
  tone: "plain",
  what,
  mono: null,
  detail: null,
  who: null,
  path: null,
  ...more,
});
const segment = (id: string): string => encodeURIComponent(id);
export const runPath = (id: string): string => `/runs/${segment(id)}`;
const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(value < 1 ? 4 : 2));
const words = (code: string): string => code.replaceAll("_", " ");

export function ofAlert(a: past.AlertPast): TimelineItem[] {
  const path = `/alerts/${segment(a.alert_id)}`;
  const found = item(a.first_at, "alert", `Alert: ${a.rule_name}`, {
    tone: "alert",
    mono: `${a.metric} ${number(a.value)}, threshold ${number(a.threshold)}`,
    detail: a.mode === "observe" ? "the rule observes, nothing was stopped" : `${a.runs} run${a.runs === 1 ? "" : "s"}`,
    path,
  });
  const looked =
    a.acknowledged_at &&
    item(a.acknowledged_at, "alert", "Acknowledged", { detail: a.note, who: a.acknowledged_by, path });
  const over =
    a.resolved_at &&
    item(a.resolved_at, "alert", `Alert resolved: ${a.rule_name}`, {
      detail: a.resolve_reason,
      who: a.resolved_by,
      path,
    });
  return [found, ...(looked ? [looked] : []), ...(over ? [over] : [])];
}
const ACTION: Record<string, string> = {
  notify: "People were told",
  stop_run: "The rule stopped the run",
  safe_mode: "The rule set safe mode",
};
export const ofAction = (a: past.ActionPast): TimelineItem =>
  item(a.at, "action", a.state === "taken" ? (ACTION[a.action] ?? words(a.action)) : `Not taken: ${words(a.action)}`, {
    tone: a.state === "taken" && a.action !== "notify" ? "switch" : "plain",
    detail: a.note,
    path: `/alerts/${segment(a.alert_id)}`,
  });

export function ofSwitch(s: SwitchRow): TimelineItem[] {
  const path = `/controls/${segment(s.id)}`;
  const all = [item(s.set_at, "switch", modeOn(s), { tone: "switch", detail: s.reason, who: s.set_by_name, path })];
  const whom = [
    s.instances > 0 ? `${s.seen} of ${s.instances} instances` : "",
    s.runs > 0 && s.mode === "stop" ? `${s.ended} of ${s.runs} runs ended` : "",
  ];
  const obeyed = whom.filter((w) => w !== "").join(", ");
  if (s.confirmed_at)
    all.push(item(s.confirmed_at, "switch", `Obeyed: ${modeOn(s)}`, { tone: "switch", detail: obeyed, path }));
  if (s.released_at)
    all.push(
      item(s.released_at, "switch", `Released: ${scopeOf(s.scope_kind, s.scope_key)}`, {
        detail: s.release_reason,
        who: s.released_by_name,
        path,
      }),
    );
  return all;
}

export function ofRun(r: past.RunPast): TimelineItem[] {
  const path = runPath(r.run_id);
  const began = item(r.started_at, "run", `${r.run_id} began`, { detail: r.agent_id, path });
  if (!r.ended_at) return [began];
  return [began, item(r.ended_at, "run", `${r.run_id} ${r.status}`, { mono: r.stop_reason, path })];
}
export const ofRefused = (r: past.RefusedPast): TimelineItem =>
  item(r.first_at, "refused", `Gate refused ${r.tool ?? "a call"}${r.n > 1 ? ` ${r.n} times` : ""}`, {
    tone: "refused",
    mono: r.code,
    detail: r.run_id,
    path: `${runPath(r.run_id)}?tab=decisions`,
  });

const VERDICT: Record<string, string> = {
  approved: "approved",
  used: "approved, and used",
  denied: "denied",
  expired: "expired",
  cancelled: "withdrawn",
};
export function ofApproval(a: past.ApprovalPast): TimelineItem[] {
  const path = `/approvals/${segment(a.approval_id)}`;
  const what = a.tool ?? a.model ?? "a call";
  const asked = item(a.requested_at, "approval", `Approval asked: ${what}`, { mono: a.rule, detail: a.run_id, path });
  if (!a.settled_at) return [asked];
  const said = a.broken_glass ? "broken glass" : (VERDICT[a.status] ?? a.status);
  return [
    asked,
    item(a.settled_at, "approval", `${what}: ${said}`, { detail: a.settle_reason, who: a.settled_by, path }),
  ];
}
export function ofBudget(b: past.BudgetPast): TimelineItem {
  const [kind = "", name = ""] = b.source.split(/ (.*)/s);
  return item(b.at, "budget", `${b.limit === "hard" ? "Cap reached" : "Soft limit passed"}: ${b.source}`, {
    tone: b.limit === "hard" ? "refused" : "plain",
    mono: b.metric,
    detail: b.scope,
    path: kind === "budget" ? `/budgets?budget=${segment(name)}` : runPath(b.run_id),
  });
}
export const ofEffect = (e: past.EffectPast): TimelineItem =>
  item(e.at, "effect", `${e.tool} ${words(e.status)}${e.external_id ? `, ${e.external_id}` : ""}`, {
    tone: e.status === "unknown" ? "unsure" : "plain",
    detail: e.settle_reason ?? `${e.run_id}${e.attempts > 1 ? `, ${e.attempts} attempts` : ""}`,
    who: e.settled_by,
    path: `${runPath(e.run_id)}?tab=effects`,
  });
export const ofEvent = (e: IncidentEvent): TimelineItem =>
  item(e.at, e.kind === "note" ? "note" : "incident", e.says, {
    who: SYSTEM.test(e.by_name) ? null : e.by_name,
    detail: e.kind === "opened" && SYSTEM.test(e.by_name) ? "by the rule" : null,
    path: e.path,
  });
