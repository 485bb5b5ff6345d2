import { setSwitch } from "../controls";
import { announce } from "../platform/announce";
import { systemCtx } from "../platform/ctx";
import { inTransaction } from "../platform/verb";
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
