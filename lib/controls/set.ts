import { notify } from "../notifications";
import type { Ctx } from "../platform/ctx";
import { Failure, notFound } from "../platform/errors";
import { newId } from "../platform/ids";
import { writeSql } from "../platform/verb";
import type { Settings } from "./evaluate";
import { naming, releasedMessage, setMessage, tells } from "./messages";
import { configureInput, releaseInput, setSwitchInput } from "./schema";
import * as store from "./store";

const VERB = { stop: "stopped", pause: "paused", safe_mode: "put in safe mode:" } as const;
function author(ctx: Ctx) {
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

/**
 * Flips a switch: row, revision, whom it is meant for, audit row and notification in one transaction.
 * A stop never lapses by itself; only people release what people set.
 * @throws Failure `not_found` where the run is not of this environment
 */
export const setSwitch = writeSql("switch.set", {
  needs: "control.set",
  input: setSwitchInput,
  run: async ({ tx, ctx, input }) => {
    const key = input.scope.key ?? "";
    if (input.scope.kind === "run" && !(await store.runExists(tx, ctx.environmentId, key)))
      throw new Failure("not_found", "There is no such run here.", {
        errors: [{ path: "scope.key", message: "There is no such run here." }],
      });
    const revision = await store.nextRevision(tx, ctx.environmentId);
    const id = newId("sw");
    const { setAt, expiresAt, runs, instances } = await store.insertSwitch(tx, {
      ...input,
      id,
      environmentId: ctx.environmentId,
      revision,
      ...author(ctx),
    });
    if (tells(input.scope.kind, ctx)) {
      await store.markTold(tx, ctx.environmentId, id);
      const set = { id, mode: input.mode, kind: input.scope.kind, key, reason: input.reason, dueAt: expiresAt };
      await notify(tx, setMessage(ctx.environmentId, author(ctx).byName, set, { runs, instances }));
    }
    const scope = { kind: input.scope.kind, key };
    const requested = { runs, instances };
    const date = expiresAt?.toISOString() ?? null;
    return {
      value: {
        switch_id: id,
        revision,
        scope: { kind: scope.kind, key: key || null },
        mode: input.mode,
        reason: input.reason,
        set_at: setAt.toISOString(),
        set_by: author(ctx).byEmail,
        expires_at: input.mode === "stop" ? null : date,
        due_at: input.mode === "stop" ? date : null,
        requested,
      },
      audit: {
        target: { type: "switch", id },
        summary: `${VERB[input.mode]} ${naming(scope.kind, key)}: ${input.reason}`,
        after: { scope, mode: input.mode, revision, requested, expires_at: date },
      },
    };
  },
});

/** @throws Failure `not_found` | `conflict` where it has been released already */
export const releaseSwitch = writeSql("switch.release", {
  needs: "control.set",
  input: releaseInput,
  run: async ({ tx, ctx, input }) => {
    const row = await store.switchRow(tx, ctx.environmentId, input.switch_id);
    if (!row) throw notFound("switch");
    const revision = await store.nextRevision(tx, ctx.environmentId);
    const by = { name: author(ctx).byName, reason: input.reason, revision };
    const released = await store.releaseSwitch(tx, ctx.environmentId, input.switch_id, by);
    if (!released) throw new Failure("conflict", `This switch has been released already, by ${row.releasedByName}.`);
    if (released.told)
      await notify(tx, releasedMessage(ctx.environmentId, input.switch_id, released, by.name, input.reason));
    return {
      value: {
        switch_id: input.switch_id,
        revision,
        released: true,
        released_by: by.name,
        release_reason: input.reason,
      },
      audit: {
        target: { type: "switch", id: input.switch_id },
        summary: `released ${naming(released.scopeKind, released.scopeKey)} from ${released.mode.replace("_", " ")}: ${input.reason}`,
        before: { mode: released.mode },
        after: { revision },
      },
    };
  },
});

/** Freshness and staleness of the whole environment: told to every caller like a switch. */
export const configureControls = writeSql("control.configure", {
  needs: "control.configure",
  input: configureInput,
  run: async ({ tx, ctx, input }) => {
    const revision = await store.nextRevision(tx, ctx.environmentId);
    const { before, after } = await store.configure(tx, ctx.environmentId, revision, {
      ttlS: input.ttl_s,
      onStale: input.on_stale,
      pollAfterS: input.poll_after_s,
      safeModeTools: input.safe_mode_tools,
    });
    return {
      value: { revision },
      audit: {
        target: { type: "environment", id: ctx.environmentId },
        summary: "changed how fresh the control state must be",
        before: before && shown(before),
        after: after && shown(after),
      },
    };
  },
});

const shown = (s: Settings) => ({
  ttl_s: s.ttlS,
  on_stale: s.onStale,
  poll_after_s: s.pollAfterS,
  safe_mode_tools: s.safeModeTools,
});
