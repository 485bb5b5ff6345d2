import { type Heard, hear } from "../fleet";
import { announce } from "../platform/announce";
import { assertBound, assertMay } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import { log } from "../platform/log";
import { parse, reader } from "../platform/verb";
import { renewLeases } from "../runs";
import { ackInput } from "./schema";

type Pending = Omit<Heard, "agoMs"> & { at: number };
let heard = new Map<string, Pending>();
let renewals = new Map<string, Set<string>>();

type Sign = { instanceId: string | null; revision: number | null; agentId: string | null; runIds: readonly string[] };

/** Takes note that an instance was heard and which revision it acts on. Gathered, written within a second: a poll never waits. */
export function acknowledge(ctx: Ctx, sign: Sign): void {
  const { environmentId } = ctx;
  if (sign.instanceId !== null) {
    const key = `${environmentId} ${sign.instanceId}`;
    const before = heard.get(key);
    const revision = sign.revision ?? 0;
    // Of several signs between two flushes the first with the highest revision tells when it was seen.
    if (!before || revision > before.revision)
      heard.set(key, {
        environmentId,
        instanceId: sign.instanceId,
        agentId: sign.agentId ?? before?.agentId ?? null,
        revision,
        at: performance.now(),
      });
  }
  if (sign.runIds.length === 0) return;
  const runs = renewals.get(environmentId) ?? new Set();
  for (const id of sign.runIds) runs.add(id);
  renewals.set(environmentId, runs);
}

/** `POST /api/v1/control/ack`. @throws Failure `invalid_input` | `forbidden` */
export function acknowledgeCall(ctx: Ctx, raw: unknown): void {
  assertMay(ctx, "control.poll");
  const input = parse(ackInput, raw);
  if (input.agent_id) assertBound(ctx, input.agent_id, null);
  acknowledge(ctx, {
    instanceId: input.instance_id,
    revision: input.applied_revision,
    agentId: input.agent_id ?? null,
    runIds: input.runs ?? [],
  });
}

/** What could not be written stays, and is tried again with the next flush. */
export async function flushAcknowledgements(): Promise<void> {
  if (heard.size === 0 && renewals.size === 0) return;
  const [signs, runs] = [heard, renewals];
  heard = new Map();
  renewals = new Map();
  try {
    const now = performance.now();
    if (signs.size > 0)
      await hear(
        reader().sql,
        [...signs.values()].map(({ at, ...sign }) => ({ ...sign, agoMs: now - at })),
      );
    for (const [environmentId, ids] of runs) await renewLeases(reader().sql, environmentId, [...ids]);
    for (const environmentId of new Set([...signs.values()].map((s) => s.environmentId)))
      announce(environmentId, "controls");
  } catch (err) {
    log.warn({ err: String(err) }, "acknowledgements could not be written yet");
    for (const [key, sign] of signs) if (!heard.has(key)) heard.set(key, sign);
    for (const [environmentId, ids] of runs) {
      const waiting = renewals.get(environmentId) ?? new Set();
      for (const id of ids) waiting.add(id);
      renewals.set(environmentId, waiting);
    }
  }
}
