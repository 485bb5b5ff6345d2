import { z } from "zod";
import * as fleet from "../fleet";
import type { Ctx } from "../platform/ctx";
import { notFound } from "../platform/errors";
import { decodeCursor, encodeCursor } from "../platform/page";
import { read, reader } from "../platform/verb";
import { listSwitchesInput, nothing, previewInput, type StateShape, switchInput } from "./schema";
import * as store from "./store";
import * as reads from "./store/reads";

/** An instance not heard from for three times the time it may act alone is lost. */
export const lostAfterS = async (ctx: Ctx): Promise<number> =>
  3 * (await store.currentHead(reader().sql, ctx.environmentId)).settings.ttlS;

export const listSwitches = read("switch.list", {
  needs: "control.read",
  input: listSwitchesInput,
  run: async ({ tx, ctx, input }) => {
    const active = input.active === undefined ? null : input.active === "true";
    const rows = await reads.listSwitches(tx.sql, ctx.environmentId, {
      active,
      limit: input.limit + 1,
      after: decodeCursor(input.cursor, 2),
    });
    const last = rows.length > input.limit ? rows[input.limit - 1] : undefined;
    return {
      items: rows.slice(0, input.limit).map((r) => r.row),
      next_cursor: last ? encodeCursor(last.cursor) : null,
    };
  },
});

/** Who obeyed a switch: requested → seen → confirmed, with the laggards by name. */
export const getPropagation = read("switch.propagation", {
  needs: "control.read",
  input: switchInput,
  run: async ({ tx, ctx, input }) => {
    const row = await reads.getSwitch(tx.sql, ctx.environmentId, input.switch_id);
    if (!row) throw notFound("switch");
    return reads.propagation(tx.sql, ctx.environmentId, row, await lostAfterS(ctx));
  },
});

export const previewSwitch = read("switch.preview", {
  needs: "control.read",
  input: previewInput,
  run: async ({ tx, ctx, input }) =>
    reads.preview(tx.sql, ctx.environmentId, input.kind, input.key ?? "", await lostAfterS(ctx)),
});

/** What the head of every page shows: the mode of the environment, its switches, and who acts on the newest revision. */
export const getState = read("control.state", {
  needs: "control.read",
  input: nothing,
  run: async ({ tx, ctx }): Promise<StateShape> => {
    const { settings, revision, environment } = await store.currentHead(tx.sql, ctx.environmentId);
    const { drill, next_at } = await store.schedule(tx.sql, ctx.environmentId);
    const switches = await reads.listSwitches(tx.sql, ctx.environmentId, { active: true, limit: 200, after: null });
    const rows = switches.map((s) => s.row);
    const wide = rows.find((s) => s.scope.kind === "environment" && s.mode === environment);
    const outstanding = wide && wide.mode === "stop" && wide.confirmed.runs < wide.requested.runs;
    return {
      revision,
      mode: environment,
      stopping: outstanding
        ? { switch_id: wide.switch_id, confirmed: wide.confirmed.runs, requested: wide.requested.runs }
        : null,
      switches: rows,
      settings: {
        ttl_s: settings.ttlS,
        on_stale: settings.onStale,
        poll_after_s: settings.pollAfterS,
        safe_mode_tools: [...settings.safeModeTools],
      },
      drill: drill && next_at ? { ...drill, next_at: next_at.toISOString() } : null,
      obedience: await reads.obedience(tx.sql, ctx.environmentId, revision, 3 * settings.ttlS),
    };
  },
});

export const listAgents = read("agent.list_live", {
  needs: "fleet.read",
  input: nothing,
  run: async ({ ctx }) => fleet.listAgents(ctx, { lost_after_s: await lostAfterS(ctx) }),
});

export const getAgent = read("agent.get_live", {
  needs: "fleet.read",
  input: z.strictObject({ agent_id: z.string().min(1).max(200) }),
  run: async ({ ctx, input }) => fleet.getAgent(ctx, { ...input, lost_after_s: await lostAfterS(ctx) }),
});
