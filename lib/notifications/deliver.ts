import { announce } from "../platform/announce";
import { log } from "../platform/log";
import { reader } from "../platform/verb";
import { send } from "./send";
import type { Came } from "./send/came";
import { sayingOf } from "./send/say";
import { spread } from "./spread";
import * as store from "./store/deliveries";
import { forget } from "./store/outbox";

/** Under way at once in this process; of one channel the store lets fewer. */
const AT_ONCE = 64;
const TICK_MS = 1_000;
const FORGET_MS = 60_000;

const flying = new Set<Promise<void>>();
let forgotAt = 0;

/** 10 s after the first failure, then 2.5 times as long each: eight tries within about an hour. */
export const backoffS = (attempt: number, random = Math.random()): number =>
  10 * 2.5 ** (attempt - 1) * (0.75 + random / 2);

function outcomeOf(came: Came, c: store.Claimed, ms: number): store.Outcome {
  const said = { error: came.error, status: came.status, ms };
  if (came.ok) return { ...said, state: "sent", retryInS: null };
  if (came.final || c.triesLeft <= 0) return { ...said, state: "dead", retryInS: null };
  const waitS = Math.max(backoffS(Math.max(1, 8 - c.triesLeft)), came.retryAfterS ?? 0);
  return { ...said, state: "failed", retryInS: waitS };
}

const GONE: Came = { ok: false, status: null, error: "The message is not kept any more.", final: true };

/** Sends what was claimed, and says on its row what came of it. */
async function attempt(c: store.Claimed): Promise<void> {
  const sql = reader().sql;
  const parcel = await store.parcelOf(sql, c.environmentId, c.deliveryId);
  const saying = parcel && sayingOf(c.deliveryId, parcel);
  const began = performance.now();
  const came = parcel && saying ? await send(saying, parcel) : GONE;
  const outcome = outcomeOf(came, c, Math.round(performance.now() - began));
  await store.mark(sql, c.environmentId, c.deliveryId, outcome);
  if (outcome.state === "dead")
    log.warn({ delivery: c.deliveryId, status: outcome.status }, "a notification was given up");
  announce(c.environmentId, "notifications");
}

function begin(c: store.Claimed): void {
  const one = attempt(c)
    .catch((err: Error) => log.warn({ delivery: c.deliveryId, err: err.message }, "a delivery was not marked"))
    .finally(() => flying.delete(one));
  flying.add(one);
}

/** Now, and not when the worker comes by; somebody waits for the answer. */
export async function deliverOne(environmentId: string, deliveryId: string): Promise<void> {
  const mine = await store.claimOne(reader().sql, environmentId, deliveryId);
  if (mine) await attempt(mine);
}

/** Spreads, claims and sends for up to a second. What takes longer flies on, and holds up nothing that comes after. */
export async function deliver(): Promise<void> {
  for (const environmentId of await spread()) announce(environmentId, "notifications");
  const end = performance.now() + TICK_MS;
  for (;;) {
    const free = AT_ONCE - flying.size;
    const claimed = free > 0 ? await store.claimDue(reader().sql, free) : [];
    for (const c of claimed) begin(c);
    const left = end - performance.now();
    if (flying.size === 0 || left <= 0) break;
    await settledWithin(left);
  }
  if (Date.now() - forgotAt < FORGET_MS) return;
  forgotAt = Date.now();
  await forget(reader().sql);
}

async function settledWithin(ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([...flying, over]);
  clearTimeout(timer);
}
