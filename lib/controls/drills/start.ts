import { z } from "zod";
import { notify } from "../../notifications";
import { assertBound } from "../../platform/authz";
import { Failure, notFound } from "../../platform/errors";
import { writeSql } from "../../platform/verb";
import { agentExists } from "../store";
import { takeDue } from "../store/schedule";
import { begin, bySchedule, made } from "./begin";
import { failedMessage } from "./messages";
import { startDrillInput } from "./shapes";
import * as store from "./store";

const facts = (b: Exclude<Awaited<ReturnType<typeof begin>>, { refused: string }>) => ({
  drill_id: b.drill.drill_id,
  scope: { kind: "agent", key: b.drill.agent_id },
  mode: "stop",
  revision: b.revision,
  requested: b.requested,
  connected: b.drill.connected,
});

/**
 * Stops an agent for real until everybody that is connected has confirmed it; then it is released by itself.
 * @throws Failure `not_found` | `forbidden` | `conflict` where nothing is connected, it is held already, or a drill of it runs
 */
export const startDrill = writeSql("drill.start", {
  needs: "control.set",
  input: startDrillInput,
  run: async ({ tx, ctx, input }) => {
    assertBound(ctx, input.agent_id, null);
    if (!(await agentExists(tx, ctx.environmentId, input.agent_id))) throw notFound("agent");
    const { agent_id: agentId, reason, wait_s } = input;
    const begun = await begin(tx, ctx, { agentId, reason, waitS: wait_s ?? null, scheduled: false });
    if ("refused" in begun) throw new Failure("conflict", begun.refused, { extra: { why: begun.why } });
    return {
      value: { ...store.drillOut(begun.drill), revision: begun.revision },
      audit: {
        target: { type: "switch", id: begun.drill.switch_id ?? "" },
        summary: `stopped agent ${agentId} for a drill: ${reason}`,
        after: facts(begun),
      },
    };
  },
});

/** The drill that is due by schedule. Where it cannot begin it has failed, and people are told. @throws Failure `conflict` where none is due */
export const startScheduledDrill = writeSql("drill.start", {
  needs: "control.set",
  input: z.strictObject({}),
  run: async ({ tx, ctx }) => {
    const due = await takeDue(tx, ctx.environmentId);
    if (!due) throw new Failure("conflict", "No drill is due.");
    const wish = bySchedule(due.drill);
    const agent = await agentExists(tx, ctx.environmentId, wish.agentId);
    const begun = due.late
      ? { refused: "The server was away at its hour. It is tried again at that hour." }
      : agent
        ? await begin(tx, ctx, wish)
        : { refused: `There is no agent ${wish.agentId} here.` };
    if (!("refused" in begun))
      return {
        value: { drill_id: begun.drill.drill_id },
        audit: {
          target: { type: "switch", id: begun.drill.switch_id ?? "" },
          summary: `stopped agent ${wish.agentId} for a drill: ${wish.reason}`,
          after: facts(begun),
        },
      };
    const drill = await store.insertDrill(tx, made(ctx, wish), { refused: begun.refused });
    await notify(tx, failedMessage(drill));
    return {
      value: { drill_id: drill.drill_id },
      audit: {
        target: { type: "drill", id: drill.drill_id },
        summary: `could not begin the drill of agent ${wish.agentId}: ${begun.refused}`,
        after: { schedule: due.drill },
      },
    };
  },
});
