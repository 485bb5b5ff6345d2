import { assertBound } from "../platform/authz";
import { Failure, notFound } from "../platform/errors";
import { newId } from "../platform/ids";
import { reader, writeSql } from "../platform/verb";
import { gatesOf } from "./gate";
import { nameOf, personId } from "./name";
import { LONGEST_WAIVER_DAYS, revokeInput, waiveInput } from "./schema";
import * as store from "./store";
import { waiverOut } from "./waiver-shape";

const invalid = (path: string, message: string) =>
  new Failure("invalid_input", "The request is well-formed, but not valid.", { errors: [{ path, message }] });

/** Somebody answers for an open condition by name, until a day. @throws Failure `not_found` (agent) | `invalid_input` | `conflict` (it is met, or waived already) */
export const waiveCheck = writeSql("readiness.waive", {
  needs: "readiness.write",
  input: waiveInput,
  run: async ({ tx, ctx, input }) => {
    assertBound(ctx, input.agent_id, null);
    const agent = await store.agent(tx, ctx.environmentId, input.agent_id);
    if (!agent) throw notFound("agent");
    const days = await store.daysUntil(tx, input.until);
    if (days < 0) throw invalid("until", "That day is over.");
    if (days > LONGEST_WAIVER_DAYS)
      throw invalid("until", `At most ${LONGEST_WAIVER_DAYS} days: look again, then waive again.`);
    const version = input.version ?? agent.version;
    const [gate] = await gatesOf(reader().sql, ctx.environmentId, [{ ...agent, version }]);
    const check = gate?.checks.find((c) => c.check === input.check);
    if (!check) throw invalid("check", "The gate of this version has no such check.");
    if (check.answer === "yes") throw new Failure("conflict", "It is met: there is nothing to waive.");
    if (check.waived)
      throw new Failure("conflict", `It is waived already, by ${check.waived.by} until ${check.waived.until}.`);
    const row = await store.insertWaiver(tx, ctx.environmentId, {
      id: newId("wvr"),
      agentId: agent.agentId,
      version: version ?? "",
      check: check.check,
      reason: input.reason,
      until: input.until,
      byId: personId(ctx),
      byName: nameOf(ctx),
    });
    const of = `${agent.agentId}${version === null ? "" : ` ${version}`}`;
    return {
      value: waiverOut(row),
      audit: {
        target: { type: "readiness", id: agent.agentId },
        summary: `waived ${check.check} of ${of} until ${input.until}: ${input.reason}`,
        after: { ...waiverOut(row), detail: check.detail },
      },
    };
  },
});

/** The condition blocks again. @throws Failure `not_found` | `conflict` (taken back already) */
export const revokeWaiver = writeSql("readiness.revoke_waiver", {
  needs: "readiness.write",
  input: revokeInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.waiver(tx, ctx.environmentId, input.waiver_id);
    if (!before) throw notFound("waiver");
    assertBound(ctx, before.agent_id, null);
    const row = await store.revokeWaiver(tx, ctx.environmentId, input.waiver_id, nameOf(ctx), input.reason);
    if (!row) throw new Failure("conflict", "It was taken back already.");
    return {
      value: waiverOut(row),
      audit: {
        target: { type: "readiness", id: row.agent_id },
        summary: `took back the waiver of ${row.check_slug} for ${row.agent_id} ${row.version}: ${input.reason}`.trim(),
        before: waiverOut(before),
        after: waiverOut(row),
      },
    };
  },
});
