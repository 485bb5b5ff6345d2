import { setSwitch } from "../controls";
import { notify } from "../notifications";
import { announce } from "../platform/announce";
import { systemCtx } from "../platform/ctx";
import { inTransaction, reader } from "../platform/verb";
import { windowStart } from "./limits";
import { limitMessage } from "./messages";
import * as store from "./store";

/** Soft limits that ask for it put their agent in safe mode, once; only a person takes it out again. */
export async function enterSafeModes(): Promise<void> {
  for (const e of await inTransaction((tx) => store.unacted(tx))) {
    await setSwitch(systemCtx(e.environmentId, "budgets"), {
      scope: { kind: "agent", key: e.agentId },
      mode: "safe_mode",
      reason: `${e.source} has passed its soft limit (${e.scope}).`,
    });
    announce(e.environmentId, "controls", "audit", "budgets");
  }
}

/** Runs that a window needs before its error share or percentile says anything. */
const ENOUGH = 5;
const MILLIONTHS = 1e6;

/** Promises over results are looked at each minute: one that is not kept is an event, once a window, and is told like any limit. */
export async function keepPromises(): Promise<void> {
  const now = Date.now();
  for (const b of await store.promises(reader().sql)) {
    const start = new Date(windowStart(b.window, now));
    const scale = b.metric === "error_rate" ? MILLIONTHS : 1;
    for (const { key, spent, runs } of await store.promiseUse(
      reader().sql,
      b.environmentId,
      b.scopeKey,
      b.metric,
      start,
    )) {
      const value = spent * scale;
      const limit = value > b.amount ? "hard" : b.softAt !== null && value >= b.amount * b.softAt ? "soft" : null;
      if (limit === null || runs < ENOUGH) continue;
      const found = {
        environmentId: b.environmentId,
        source: `budget ${b.slug}`,
        scope: `task_type ${key}`,
        start,
        limit,
        metric: b.metric,
        value,
        amount: b.amount,
      };
      if (await store.noteBroken(reader().sql, { ...found, limit })) announce(b.environmentId, "budgets");
    }
  }
}

/** Each limit that was reached is told once a window. */
export async function tellLimits(): Promise<void> {
  await inTransaction(async (tx) => {
    for (const e of await store.takeUntold(tx)) await notify(tx, limitMessage(e));
  });
}
