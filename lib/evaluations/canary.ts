import { boundTo, matches } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure, notFound } from "../platform/errors";
import { read, writeSql } from "../platform/verb";
import {
  type CanaryShape,
  canaryInput,
  deleteCanaryInput,
  listCanariesInput,
  type PutCanary,
  putCanaryInput,
} from "./schema";
import * as store from "./store/canaries";

export const nameOf = ({ actor }: Ctx): string => (actor.type === "key" ? actor.personName : actor.name);

/** In the caller's transaction, which audits it. @throws Failure `invalid_input` (it ends before it begins) */
export async function writeCanary(tx: Sql, ctx: Ctx, input: PutCanary): Promise<CanaryShape> {
  const value = await store.putCanary(tx, ctx.environmentId, { ...input, by: nameOf(ctx) });
  if (value.ended_at && Date.parse(value.ended_at) <= Date.parse(value.started_at))
    throw new Failure("invalid_input", "The request is well-formed, but not valid.", {
      errors: [{ path: "ended_at", message: "It ends before it begins." }],
    });
  return value;
}

/** A whole canary. Interlock plans and compares it; whoever routes the runs reads `percent_traffic`. @throws Failure `invalid_input` */
export const putCanary = writeSql("canary.put", {
  needs: "readiness.write",
  input: putCanaryInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.canary(tx, ctx.environmentId, input.slug, true);
    const value = await writeCanary(tx, ctx, input);
    const traffic = before && before.percent_traffic !== value.percent_traffic ? ` from ${before.percent_traffic}` : "";
    return {
      value: { ...value, created: before === null },
      audit: {
        target: { type: "canary", id: input.slug },
        summary: `set canary ${input.slug}: ${value.agent_id} ${value.canary_version}${traffic} to ${value.percent_traffic} %${value.ended_at ? ", ended" : ""}${input.note ? `: ${input.note}` : ""}`,
        before: before ?? undefined,
        after: value,
      },
    };
  },
});

/** The probes' results stay. @throws Failure `not_found` */
export const deleteCanary = writeSql("canary.delete", {
  needs: "readiness.write",
  input: deleteCanaryInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.canary(tx, ctx.environmentId, input.slug, true);
    if (!before || !(await store.deleteCanary(tx, ctx.environmentId, input.slug))) throw notFound("canary");
    return {
      value: { slug: input.slug, deleted: true },
      audit: {
        target: { type: "canary", id: input.slug },
        summary: `deleted canary ${input.slug}${input.reason ? `: ${input.reason}` : ""}`,
        before,
      },
    };
  },
});

/** @throws Failure `not_found` */
export const getCanary = read("canary.get", {
  needs: "readiness.read",
  input: canaryInput,
  run: async ({ tx, ctx, input }) => {
    const found = await store.canary(tx.sql, ctx.environmentId, input.slug);
    if (!found) throw notFound("canary");
    return found;
  },
});

/** Those under way first. A key that is bound to agents sees theirs. */
export const listCanaries = read("canary.list", {
  needs: "readiness.read",
  input: listCanariesInput,
  run: async ({ tx, ctx, input }) => {
    const all = await store.canariesOf(tx.sql, ctx.environmentId, input.agent_id ?? null);
    const { actor } = ctx;
    const only = actor.type === "key" && boundTo(ctx).agents ? actor.agentIds : null;
    return { items: only ? all.filter((c) => only.some((p) => matches(p, c.agent_id))) : all, next_cursor: null };
  },
});
