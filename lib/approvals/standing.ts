import { publish } from "../controls";
import { assertBound } from "../platform/authz";
import { celProblem } from "../platform/cel";
import { Failure, notFound } from "../platform/errors";
import { newId } from "../platform/ids";
import { writeSql } from "../platform/verb";
import { grantInput, revokeInput, settingsInput } from "./schema";
import * as store from "./store";
import * as grantStore from "./store/grants";

/** A standing yes: scoped, with an end, and listed with all that it silences. @throws Failure `invalid_input` */
export const makeGrant = writeSql("grant.make", {
  needs: "approvals.decide",
  input: grantInput,
  run: async ({ tx, ctx, input }) => {
    assertBound(ctx, input.agent_id, input.tenant_id ?? null);
    const problem = input.condition ? celProblem(input.condition) : null;
    if (problem)
      throw new Failure("invalid_input", "The condition is not valid.", {
        errors: [{ path: "condition", message: problem }],
      });
    if (input.agent_id === "*" && input.tool === "*")
      throw new Failure("invalid_input", "A grant for every tool of every agent is no grant.", {
        errors: [{ path: "tool", message: "Name the tool, or the agent." }],
      });
    const id = newId("grant");
    const { actor } = ctx;
    const by =
      actor.type === "key" ? { by: actor.personId, byName: actor.personName } : { by: actor.id, byName: actor.name };
    await grantStore.insertGrant(tx, ctx.environmentId, {
      id,
      agentId: input.agent_id,
      tool: input.tool,
      tenantId: input.tenant_id ?? null,
      condition: input.condition ?? null,
      reason: input.reason,
      maxUses: input.max_uses ?? null,
      expiresInS: input.expires_in_s,
      ...by,
    });
    await publish(tx, ctx.environmentId);
    const grant = await grantStore.grant(tx, ctx.environmentId, id);
    if (!grant) throw notFound("grant");
    return {
      value: grant,
      audit: {
        target: { type: "grant", id },
        summary: `granted ${input.tool} to ${input.agent_id} until ${grant.expires_at}: ${input.reason}`,
        after: { ...input },
      },
    };
  },
});

/** @throws Failure `not_found` | `conflict` */
export const revokeGrant = writeSql("grant.revoke", {
  needs: "approvals.decide",
  input: revokeInput,
  run: async ({ tx, ctx, input }) => {
    const before = await grantStore.grant(tx, ctx.environmentId, input.grant_id);
    if (!before) throw notFound("grant");
    assertBound(ctx, before.agent_id, before.tenant_id);
    const name = ctx.actor.type === "key" ? ctx.actor.personName : ctx.actor.name;
    if (!(await grantStore.revokeGrant(tx, ctx.environmentId, input.grant_id, name)))
      throw new Failure("conflict", `It was revoked already, by ${before.revoked_by}.`);
    await publish(tx, ctx.environmentId);
    return {
      value: { grant_id: input.grant_id, state: "revoked" },
      audit: {
        target: { type: "grant", id: input.grant_id },
        summary: `revoked the grant of ${before.tool} to ${before.agent_id}${input.reason ? `: ${input.reason}` : ""}`,
        before: { state: before.state, uses: before.uses },
        after: { state: "revoked" },
      },
    };
  },
});

/** May who asked also approve? For installations of one person; shown wherever somebody approves. */
export const setSelfApproval = writeSql("approval.settings", {
  needs: "approvals.configure",
  input: settingsInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.selfApproval(tx, ctx.environmentId);
    await store.setSelfApproval(tx, ctx.environmentId, input.self_approval);
    await publish(tx, ctx.environmentId);
    return {
      value: { self_approval: input.self_approval },
      audit: {
        target: { type: "environment", id: ctx.environmentId },
        summary: `${input.self_approval ? "allowed" : "forbade"} approving what one asked for oneself: ${input.reason}`,
        before: { self_approval: before },
        after: { self_approval: input.self_approval },
      },
    };
  },
});
