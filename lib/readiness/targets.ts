import { resolveByItself } from "../alerts";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { notFound } from "../platform/errors";
import { read, writeSql } from "../platform/verb";
import { nameOf } from "./name";
import {
  deleteTargetInput,
  nothing,
  type PutTarget,
  putTargetInput,
  type TargetDetail,
  type TargetShape,
  targetInput,
} from "./schema";
import * as store from "./store";
import { checkOut, screenshotOut, targetsNow } from "./target-shape";

async function one(tx: Parameters<typeof targetsNow>[0], environmentId: string, slug: string): Promise<TargetShape> {
  const found = (await targetsNow(tx, environmentId)).find((t) => t.slug === slug);
  if (!found) throw notFound("target");
  return found;
}
/** What people wrote of it: what the audit compares. */
const written = ({
  slug,
  name,
  url,
  expected_marker,
  agent_ids,
  service,
  interval_s,
  silent_after_s,
}: TargetShape) => ({
  slug,
  name,
  url,
  expected_marker,
  agent_ids,
  service,
  interval_s,
  silent_after_s,
});

/** The product's own list of what it watches, and whether it is production. */
export const listTargets = read("target.list", {
  needs: "readiness.read",
  input: nothing,
  run: async ({ tx, ctx }) => ({
    items: await targetsNow(tx.sql, ctx.environmentId),
    next_cursor: null,
    as_of: ctx.now().toISOString(),
  }),
});

/** One target, its last checks and its pictures. @throws Failure `not_found` */
export const getTarget = read("target.get", {
  needs: "readiness.read",
  input: targetInput,
  run: async ({ tx, ctx, input }): Promise<TargetDetail> => {
    const [target, checks, shots] = await Promise.all([
      one(tx.sql, ctx.environmentId, input.slug),
      store.checksOf(tx.sql, ctx.environmentId, input.slug, 50),
      store.screenshotsOf(tx.sql, ctx.environmentId, input.slug),
    ]);
    return { ...target, checks: checks.map(checkOut), screenshots: shots.map(screenshotOut) };
  },
});

/** In the caller's transaction, which audits it. */
export const writeTarget = (tx: Sql, ctx: Ctx, input: PutTarget): Promise<{ created: boolean }> =>
  store.putTarget(
    tx,
    ctx.environmentId,
    {
      slug: input.slug,
      name: input.name,
      url: input.url,
      markerKind: input.expected_marker.kind,
      markerName: input.expected_marker.name || null,
      markerValue: input.expected_marker.value,
      agentIds: input.agent_ids,
      deploymentEnv: input.service?.deployment_env ?? null,
      intervalS: input.interval_s,
      silentAfterS: input.silent_after_s,
    },
    nameOf(ctx),
  );

/** A whole target; it is looked at at once. @throws Failure `invalid_input` */
export const putTarget = writeSql("target.put", {
  needs: "readiness.write",
  input: putTargetInput,
  run: async ({ tx, ctx, input }) => {
    const before = (await targetsNow(tx, ctx.environmentId)).find((t) => t.slug === input.slug);
    const { created } = await writeTarget(tx, ctx, input);
    const value = await one(tx, ctx.environmentId, input.slug);
    return {
      value: { ...value, created },
      audit: {
        target: { type: "target", id: input.slug },
        summary: `${created ? "watches" : "changed"} the target ${input.name} at ${input.url}`,
        before: before && written(before),
        after: written(value),
      },
    };
  },
});

/** It is watched no more; its checks and pictures go with it, its alarm is resolved. @throws Failure `not_found` */
export const deleteTarget = writeSql("target.delete", {
  needs: "readiness.write",
  input: deleteTargetInput,
  run: async ({ tx, ctx, input }) => {
    const before = await one(tx, ctx.environmentId, input.slug);
    const by = nameOf(ctx);
    if (before.alert_id)
      await resolveByItself(tx, ctx.environmentId, before.alert_id, by, `The target was deleted: ${input.reason}`);
    await store.deleteTarget(tx, ctx.environmentId, input.slug);
    return {
      value: { slug: input.slug, deleted: true as const },
      audit: {
        target: { type: "target", id: input.slug },
        summary: `deleted the target ${before.name}: ${input.reason}`,
        before: { ...written(before), screenshot: before.screenshot?.sha256 ?? null },
      },
    };
  },
});

/** The worker looks at it within seconds, whenever its time would have been. @throws Failure `not_found` */
export const checkTarget = writeSql("target.check", {
  needs: "readiness.write",
  input: targetInput,
  run: async ({ tx, ctx, input }) => {
    if (!(await store.dueNow(tx, ctx.environmentId, input.slug))) throw notFound("target");
    return {
      value: { slug: input.slug, due: true as const },
      audit: {
        target: { type: "target", id: input.slug },
        summary: `asked for a check of the target ${input.slug} now`,
      },
    };
  },
});
