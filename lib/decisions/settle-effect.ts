import { withdrawFor } from "../approvals";
import { lockHead } from "../controls";
import { assertBound } from "../platform/authz";
import { Failure, notFound } from "../platform/errors";
import { writeSql } from "../platform/verb";
import { settleEffectInput } from "./schema";
import * as store from "./store/reads";

/**
 * A person has looked whether a write happened whose outcome nobody knew.
 * @throws Failure `not_found` | `conflict` where it is in flight, or its outcome is known
 */
export const settleEffect = writeSql("effect.settle", {
  needs: "effects.settle",
  input: settleEffectInput,
  run: async ({ tx, ctx, input }) => {
    await lockHead(tx, ctx.environmentId);
    const before = await store.effectRow(tx, ctx.environmentId, input.effect_id);
    if (!before) throw notFound("effect");
    assertBound(ctx, before.agent_id, before.tenant_id);
    const name = ctx.actor.type === "key" ? ctx.actor.personName : ctx.actor.name;
    const by = { done: input.done, externalId: input.external_id ?? null, name, reason: input.reason };
    const after = await store.settleEffect(tx, ctx.environmentId, input.effect_id, by);
    if (!after)
      throw new Failure(
        "conflict",
        `This effect is ${before.status.replace("_", " ")}: only an unknown one is settled by hand.`,
      );
    await withdrawFor(tx, ctx.environmentId, input.effect_id, name);
    const said = input.done ? "did happen" : "did not happen";
    return {
      value: store.effectOut(after),
      audit: {
        target: { type: "effect", id: input.effect_id },
        summary: `settled that ${before.tool} ${said}: ${input.reason}`,
        before: { status: before.status },
        after: { status: after.status, external_id: after.external_id },
      },
    };
  },
});
