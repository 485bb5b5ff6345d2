import { notify } from "../notifications";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure, notFound } from "../platform/errors";
import { newId } from "../platform/ids";
import { releasedMessage, setMessage, tells } from "./messages";
import type { SetSwitch } from "./schema";
import * as store from "./store";

export function author(ctx: Ctx) {
  const { actor } = ctx;
  if (actor.type === "key")
    return { byPerson: actor.personId, byName: actor.personName, byEmail: actor.personEmail, byKey: actor.id };
  return {
    byPerson: actor.id,
    byName: actor.name,
    byEmail: actor.type === "person" ? actor.email : actor.name,
    byKey: null,
  };
}

/** Row, revision, whom it is meant for, and notification, in the caller's transaction, which audits it. `quiet`: nobody is told. */
export async function flip(tx: Sql, ctx: Ctx, input: SetSwitch, quiet = false) {
  const { kind } = input.scope;
  const key = input.scope.key ?? "";
  const revision = await store.nextRevision(tx, ctx.environmentId);
  const id = newId("sw");
  const by = author(ctx);
  const written = await store.insertSwitch(tx, { ...input, id, environmentId: ctx.environmentId, revision, ...by });
  const { expiresAt, runs, instances } = written;
  if (!quiet && tells(kind, ctx)) {
    await store.markTold(tx, ctx.environmentId, id);
    const set = { id, mode: input.mode, kind, key, reason: input.reason, dueAt: expiresAt };
    await notify(tx, setMessage(ctx.environmentId, by.byName, set, { runs, instances }));
  }
  return { id, revision, by, setAt: written.setAt, expiresAt, requested: { runs, instances } };
}

/** Ends one switch in the caller's transaction, which audits it. @throws Failure `not_found` | `conflict` where it has been released already */
export async function letGo(tx: Sql, ctx: Ctx, input: { switch_id: string; reason: string }) {
  const row = await store.switchRow(tx, ctx.environmentId, input.switch_id);
  if (!row) throw notFound("switch");
  const revision = await store.nextRevision(tx, ctx.environmentId);
  const by = { name: author(ctx).byName, reason: input.reason, revision };
  const released = await store.releaseSwitch(tx, ctx.environmentId, input.switch_id, by);
  if (!released) throw new Failure("conflict", `This switch has been released already, by ${row.releasedByName}.`);
  if (released.told)
    await notify(tx, releasedMessage(ctx.environmentId, input.switch_id, released, by.name, input.reason));
  return { revision, released, by: by.name };
}
