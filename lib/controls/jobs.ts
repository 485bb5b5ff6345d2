import { shiftHeard } from "../fleet";
import { notify } from "../notifications";
import { announce } from "../platform/announce";
import { systemCtx } from "../platform/ctx";
import { Failure } from "../platform/errors";
import { log } from "../platform/log";
import { inTransaction, reader } from "../platform/verb";
import { shiftLeases, sweepRuns } from "../runs";
import { shiftDrills } from "./drills/store";
import { dueMessage } from "./messages";
import { releaseSwitch } from "./set";
import * as store from "./store";

/** A silence of the server longer than this is given back to everybody who was waiting for it. */
const GAP_S = 10;

/** Says that the server runs. After a gap, leases, locks, last-heard and drills move forward by it, once, in the same transaction. */
export async function keepAlive(): Promise<void> {
  const gap = await inTransaction(async (tx) => {
    const seconds = await store.beatAlive(tx);
    if (seconds > GAP_S) {
      await shiftLeases(tx, seconds);
      await shiftHeard(tx, seconds);
      await shiftDrills(tx, seconds);
    }
    return seconds;
  });
  if (gap > GAP_S)
    log.info({ gap_s: Math.round(gap) }, "the server was away; leases and last-heard were moved forward by it");
}

/** Loses runs whose lease is over, ends runs that only spans know, lets pauses lapse, and puts away fulfilled run switches. */
export async function sweep(): Promise<void> {
  await keepAlive();
  for (const environmentId of new Set((await sweepRuns()).map((r) => r.environment_id)))
    announce(environmentId, "runs", "controls");
  await releaseAll(await store.lapsed(reader().sql), "expiry", "its time is over");
  await releaseAll(await store.fulfilled(reader().sql), "fulfilment", "the run has ended");
  await tellPastDue();
}

/** A stop never lapses: where its date to look again has passed, people are told, once. */
async function tellPastDue(): Promise<void> {
  await inTransaction(async (tx) => {
    for (const s of await store.takePastDue(tx)) await notify(tx, dueMessage(s));
  });
}

async function releaseAll(due: { id: string; environment_id: string }[], job: string, reason: string): Promise<void> {
  for (const { id, environment_id } of due) {
    try {
      await releaseSwitch(systemCtx(environment_id, job), { switch_id: id, reason });
      announce(environment_id, "controls", "audit");
    } catch (err) {
      // Another process, or a person, was faster.
      if (!(err instanceof Failure && err.code === "conflict")) throw err;
    }
  }
}
