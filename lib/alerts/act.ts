import { setSwitch } from "../controls";
import { notify } from "../notifications";
import { announce } from "../platform/announce";
import { systemCtx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { log } from "../platform/log";
import { inTransaction, reader } from "../platform/verb";
import { alertMessage } from "./messages";
import * as actions from "./store/actions";
import { type AlertRow, alertById } from "./store/reads";

const OURS = ["notify", "stop_run", "safe_mode"];
const BATCH = 50;
type Outcome = { taken: boolean; note: string };

async function take(tx: Sql, p: actions.Pending, alert: AlertRow): Promise<Outcome> {
  const ctx = systemCtx(p.environment_id, "detectors");
  const reason = `${alert.rule_name}: ${alert.metric} is ${alert.value}, ${alert.sentence}.`.slice(0, 900);
  switch (p.action) {
    case "notify":
      await notify(tx, alertMessage(p.environment_id, alert, "opened"));
      await actions.told(tx, p.environment_id, p.alert_id);
      return { taken: true, note: "Told to the channels that want it." };
    case "stop_run": {
      const { live, stopped } = await actions.runIsLive(tx, p.environment_id, p.target);
      if (stopped) return { taken: true, note: `The run ${p.target} is stopped.` };
      if (!live) return { taken: false, note: "The run had ended already." };
      await setSwitch(ctx, { scope: { kind: "run", key: p.target }, mode: "stop", reason });
      return { taken: true, note: `The run ${p.target} is stopped.` };
    }
    case "safe_mode": {
      if (alert.agent_id === null)
        return { taken: false, note: "The rule is about no single agent: safe mode would hit them all." };
      if (await actions.inSafeMode(tx, p.environment_id, alert.agent_id))
        return { taken: false, note: "It was in safe mode already." };
      await setSwitch(ctx, { scope: { kind: "agent", key: alert.agent_id }, mode: "safe_mode", reason });
      return { taken: true, note: `${alert.agent_id} is in safe mode; only a person takes it out.` };
    }
    default:
      return { taken: false, note: "Not known here." };
  }
}

/**
 * Takes what alerts ask for. A switch is set before its row says so: after a crash between the two it is found set, never
 * forgotten. Messages leave through the outbox of the same transaction.
 */
export async function actOnAlerts(): Promise<number> {
  let count = 0;
  for (let again = true; again; ) {
    const touched = await inTransaction(async (tx) => {
      const found = await actions.pending(tx, OURS, BATCH);
      for (const p of found) {
        const alert = await alertById(tx, p.environment_id, p.alert_id);
        const outcome = alert
          ? await take(tx, p, alert).catch(failed(p))
          : { taken: false, note: "The alert is gone." };
        await actions.done(tx, p, outcome.taken, outcome.note);
      }
      return found;
    });
    for (const environmentId of new Set(touched.map((p) => p.environment_id)))
      announce(environmentId, "alerts", "controls", "runs", "audit");
    count += touched.length;
    again = touched.length === BATCH;
  }
  return count;
}
const failed =
  (p: actions.Pending) =>
  (err: Error): Outcome => {
    log.warn({ alert: p.alert_id, action: p.action, err: err.message }, "an alert's action failed");
    return { taken: false, note: `It could not be done: ${err.message.slice(0, 200)}` };
  };

/** Open alerts are told again as often as their rule wants. */
export async function tellAgain(environmentId: string, every: Record<string, number>): Promise<void> {
  if (Object.keys(every).length === 0) return;
  await inTransaction(async (tx) => {
    for (const { alert_id } of await actions.dueAgain(tx, environmentId, every)) {
      const alert = await alertById(tx, environmentId, alert_id);
      if (alert) await notify(tx, alertMessage(environmentId, alert, "reminder"));
    }
  });
}

export const pendingIncidents = (tx: Sql) => actions.pending(tx, ["open_incident"], BATCH);
export const settleAction = actions.done;
export const alertRow = (environmentId: string, alertId: string) => alertById(reader().sql, environmentId, alertId);
