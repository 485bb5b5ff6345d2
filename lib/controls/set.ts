import { Failure } from "../platform/errors";
import { writeSql } from "../platform/verb";
import { flip, letGo } from "./flip";
import { naming } from "./messages";
import { configureInput, releaseInput, setSwitchInput } from "./schema";
import * as store from "./store";

const VERB = { stop: "stopped", pause: "paused", safe_mode: "put in safe mode:" } as const;

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
    const { id, revision, by, setAt, expiresAt, requested } = await flip(tx, ctx, input);
    const scope = { kind: input.scope.kind, key };
    const date = expiresAt?.toISOString() ?? null;
    return {
      value: {
        switch_id: id,
        revision,
        scope: { kind: scope.kind, key: key || null },
        mode: input.mode,
        reason: input.reason,
        set_at: setAt.toISOString(),
        set_by: by.byEmail,
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
    const { revision, released, by } = await letGo(tx, ctx, input);
    return {
      value: {
        switch_id: input.switch_id,
        revision,
        released: true,
        released_by: by,
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

/** Freshness and staleness of the whole environment, told to every caller like a switch, and its schedule of drills. */
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
      drill: input.drill,
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

const shown = (s: store.Configured) => ({
  ttl_s: s.ttlS,
  on_stale: s.onStale,
  poll_after_s: s.pollAfterS,
  safe_mode_tools: s.safeModeTools,
  drill: s.drill,
});
