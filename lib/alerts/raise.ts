import type { Sql } from "../platform/db/pool";
import { type ActionRow, addActions, type Finding, type Raised, upsertAlert } from "./store/raise";

/** Actions that are taken for each run; the others once for the alert. */
const PER_RUN = new Set(["stop_run"]);
const MAX_RUNS = 200;

function asked(f: Finding, raised: Raised): ActionRow[] {
  const why = f.historic
    ? "It is history: nothing is done about it."
    : f.rule.mode === "observe"
      ? "The rule observes."
      : null;
  const state = why === null ? "pending" : "not_taken";
  return f.rule.actions.flatMap((action): ActionRow[] => {
    const note = why ?? "";
    if (why === null && PER_RUN.has(action))
      return raised.newRuns.slice(0, MAX_RUNS).map((target) => ({ action, target, state, note }));
    return [{ action, target: "", state, note }];
  });
}

/**
 * An alert for what was found, and what it asks for, in the caller's transaction. Notices merge, evidence does not: each
 * run stays a row of its own. Severity only grows while the alert stands open.
 */
export async function raise(tx: Sql, findings: readonly Finding[]): Promise<Raised[]> {
  const raised: Raised[] = [];
  // Always in one order, so that two who raise at once never wait for each other in a circle.
  for (const f of [...findings].sort((a, b) => (a.dedupeKey < b.dedupeKey ? -1 : 1))) {
    const one = await upsertAlert(tx, f);
    if (one.created || one.newRuns.length > 0) await addActions(tx, f.environmentId, one.alertId, asked(f, one));
    if (one.escalated && f.rule.mode === "act" && !f.historic && f.rule.actions.includes("notify"))
      await addActions(tx, f.environmentId, one.alertId, [
        { action: "notify", target: one.severity, state: "pending", note: "" },
      ]);
    raised.push(one);
  }
  return raised;
}
