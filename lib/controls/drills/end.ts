import { notify } from "../../notifications";
import type { Sql } from "../../platform/db/pool";
import { Failure, notFound } from "../../platform/errors";
import { writeSql } from "../../platform/verb";
import { letGo } from "../flip";
import type { SwitchShape } from "../schema";
import * as controls from "../store";
import * as reads from "../store/reads";
import { judge, measure } from "./measure";
import { failedMessage, provenMessage } from "./messages";
import { drillInput } from "./shapes";
import * as store from "./store";

/** How far its stop has come now, and what the drill has come to by it. */
export async function lookAt(tx: Sql, d: store.DrillRow) {
  const set = d.switch_id === null ? null : await reads.getSwitch(tx, d.environment_id, d.switch_id);
  if (!set) throw notFound("switch");
  const { settings } = await controls.currentHead(tx, d.environment_id);
  const measured = measure(await reads.propagation(tx, d.environment_id, set, 3 * settings.ttlS), d.connected);
  const waitS = Math.round((d.deadline_at.getTime() - d.started_at.getTime()) / 1_000);
  const drill = { connected: d.connected, runs: d.runs, over: d.over, waitS };
  return { set, measured, verdict: judge(measured, drill, releasedBy(set)) };
}
const releasedBy = (set: SwitchShape): string | null =>
  set.released_at === null ? null : (set.released_by ?? "Somebody");

/**
 * Writes down what a drill has come to and releases its own switch, and no other, in one transaction.
 * @throws Failure `not_found` | `conflict` where it is over, or not decided yet
 */
export const endDrill = writeSql("drill.end", {
  needs: "control.set",
  input: drillInput,
  run: async ({ tx, ctx, input }) => {
    await controls.lockHead(tx, ctx.environmentId);
    const before = await store.drill(tx, ctx.environmentId, input.drill_id);
    if (!before) throw notFound("drill");
    if (before.outcome !== "running") throw new Failure("conflict", "This drill is over.");
    const { set, measured, verdict } = await lookAt(tx, before);
    if (!verdict) throw new Failure("conflict", "This drill still goes on.");
    if (set.released_at === null) await letGo(tx, ctx, { switch_id: set.switch_id, reason: "drill over" });
    const drill = await store.writeDrill(tx, before, measured, verdict);
    if (!drill) throw new Failure("conflict", "This drill is over.");
    if (drill.outcome === "failed") await notify(tx, failedMessage(drill));
    else if (await store.failedBefore(tx, drill)) await notify(tx, provenMessage(drill));
    return {
      value: store.drillOut(drill),
      audit: {
        target: { type: "switch", id: set.switch_id },
        summary: `ended the drill of agent ${drill.agent_id}, ${drill.outcome}${set.released_at === null ? ", and released it" : ""}: ${drill.detail}`,
        after: {
          drill_id: drill.drill_id,
          outcome: drill.outcome,
          laggards: drill.laggards,
          slowest_seen_ms: drill.slowest_seen_ms,
        },
      },
    };
  },
});
