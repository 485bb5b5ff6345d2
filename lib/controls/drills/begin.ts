import type { Ctx } from "../../platform/ctx";
import type { Sql } from "../../platform/db/pool";
import { newId } from "../../platform/ids";
import { author, flip } from "../flip";
import * as controls from "../store";
import type { DrillSchedule } from "./shapes";
import * as store from "./store";

/** Below this an agent that asks every minute could not be told. */
const LEAST_S = 60;
const HELD = { stop: "stopped", pause: "paused" } as const;

export type Wish = { agentId: string; reason: string; waitS: number | null; scheduled: boolean };
type Begun = { drill: store.DrillRow; revision: number; requested: { runs: number; instances: number } };
export type Refused = { why: "drill_running" | "held_already" | "nothing_connected"; refused: string };

async function refusal(tx: Sql, environmentId: string, agentId: string): Promise<Refused | null> {
  const held = await store.inTheWay(tx, environmentId, agentId);
  if (held === null) return null;
  return held.drill
    ? { why: "drill_running", refused: `A drill of ${agentId} runs already, started by ${held.by}.` }
    : {
        why: "held_already",
        refused: `${agentId} is ${held.mode === "stop" ? HELD.stop : HELD.pause} already, by ${held.by}: ${held.reason}`,
      };
}

/**
 * Stops the agent for real and opens its drill, in the caller's transaction, under the environment's lock. Whom it reaches is
 * read after the stop: where it is nobody, all of it is undone, since nothing would be proven.
 */
export async function begin(tx: Sql, ctx: Ctx, wish: Wish): Promise<Begun | Refused> {
  const { environmentId } = ctx;
  const { agentId } = wish;
  const { settings } = await controls.currentHead(tx, environmentId);
  await controls.lockHead(tx, environmentId);
  const no = await refusal(tx, environmentId, agentId);
  if (no) return no;
  await store.mark(tx);
  const reason = `Drill: ${wish.reason}`.slice(0, 1_000);
  const set = await flip(tx, ctx, { scope: { kind: "agent", key: agentId }, mode: "stop", reason }, true);
  const lostAfterS = 3 * settings.ttlS;
  const { connected, running, runs } = await store.reached(tx, environmentId, set.id, lostAfterS);
  if (connected.length === 0 && running === 0) {
    await store.undo(tx);
    return {
      why: "nothing_connected",
      refused: `Nothing would be proven: no instance of ${agentId} was heard within ${lostAfterS} s, and no run of it is at work behind the gate.`,
    };
  }
  const waitS = wish.waitS ?? Math.max(LEAST_S, lostAfterS);
  const drill = await store.insertDrill(tx, made(ctx, wish), {
    switchId: set.id,
    at: set.setAt,
    connected,
    runs,
    waitS,
  });
  return { drill, revision: set.revision, requested: set.requested };
}

export const made = (ctx: Ctx, wish: Wish): store.NewDrill => ({
  environment_id: ctx.environmentId,
  drill_id: newId("drl"),
  agent_id: wish.agentId,
  reason: wish.reason,
  started_by: author(ctx).byName,
  scheduled: wish.scheduled,
});

export const bySchedule = ({ agent_id, every_days }: DrillSchedule): Wish => ({
  agentId: agent_id,
  reason: every_days === 1 ? "by schedule, every day" : `by schedule, every ${every_days} days`,
  waitS: null,
  scheduled: true,
});
