import { announce } from "../../platform/announce";
import { systemCtx } from "../../platform/ctx";
import { Failure } from "../../platform/errors";
import { log } from "../../platform/log";
import { reader } from "../../platform/verb";
import { keepAlive } from "../jobs";
import { drillsDue } from "../store/schedule";
import { endDrill, lookAt } from "./end";
import { startScheduledDrill } from "./start";
import * as store from "./store";

const JOB = "drill";

/** Begins what is due, follows every drill that runs, whoever began it and whichever process, and ends what is decided. */
export async function tendDrills(): Promise<void> {
  // A gap in which the server was away is given back first: nobody could confirm in it.
  await keepAlive();
  const { sql } = reader();
  for (const environmentId of await drillsDue(sql))
    await unlessOvertaken(environmentId, async () => {
      await startScheduledDrill(systemCtx(environmentId, JOB), {});
      announce(environmentId, "controls", "runs", "audit");
    });
  for (const drill of await store.drillsRunning(sql)) await unlessOvertaken(drill.environment_id, () => tend(drill));
}

async function tend(drill: store.DrillRow): Promise<void> {
  const { sql } = reader();
  const { environment_id: environmentId, drill_id } = drill;
  const { measured, verdict } = await lookAt(sql, drill);
  if (verdict === null) {
    if (await store.writeDrill(sql, drill, measured, null)) announce(environmentId, "controls");
    return;
  }
  await endDrill(systemCtx(environmentId, JOB), { drill_id });
  announce(environmentId, "controls", "runs", "audit", "readiness");
}

/** Another process, or a person, was faster: that is no error. One drill that cannot be looked at keeps no other from it. */
async function unlessOvertaken(environmentId: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (err) {
    if (err instanceof Failure && err.code === "conflict") return;
    log.warn({ environment: environmentId, err: String(err) }, "a drill could not be tended; it is looked at again");
  }
}
