import { setSwitch } from "../controls";
import { notify } from "../notifications";
import { announce } from "../platform/announce";
import { systemCtx } from "../platform/ctx";
import { inTransaction } from "../platform/verb";
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

/** Each limit that was reached is told once a window. */
export async function tellLimits(): Promise<void> {
  await inTransaction(async (tx) => {
    for (const e of await store.takeUntold(tx)) await notify(tx, limitMessage(e));
  });
}
