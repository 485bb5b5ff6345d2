import { notify } from "../notifications";
import { announce } from "../platform/announce";
import { log } from "../platform/log";
import { inTransaction, reader } from "../platform/verb";
import { blocking, type Gate, gatesOf } from "./gate";
import { turnMessage } from "./messages";
import * as store from "./store";

const AT_ONCE = 25;

async function save(environmentId: string, gates: readonly Gate[]): Promise<void> {
  const rows = gates.map((g) => {
    const open = blocking(g.checks);
    return {
      agentId: g.agentId,
      version: g.version ?? "",
      ready: open.length === 0,
      blocking: open.map((c) => c.check),
    };
  });
  const turned = await inTransaction(async (tx) => {
    const turns = await store.saveGates(tx, environmentId, rows);
    for (const turn of turns) {
      const gate = gates.find((g) => g.agentId === turn.agentId);
      if (gate) await notify(tx, turnMessage(environmentId, turn, blocking(gate.checks)));
    }
    return turns.length;
  });
  if (turned > 0) announce(environmentId, "readiness");
}

/** The gates of agents seen within a week: one that was ready and is so no more is told. */
export async function watchGates(): Promise<void> {
  const byPlace = new Map<string, store.AgentRow[]>();
  for (const { environmentId, ...row } of await store.seenLately(reader().sql))
    byPlace.set(environmentId, [...(byPlace.get(environmentId) ?? []), row]);
  for (const [environmentId, agents] of byPlace) {
    await inTransaction((tx) => store.gatherCredentials(tx, environmentId));
    for (let n = 0; n < agents.length; n += AT_ONCE)
      await gatesOf(reader().sql, environmentId, agents.slice(n, n + AT_ONCE))
        .then((gates) => save(environmentId, gates))
        .catch((err: Error) => log.warn({ err: err.message }, "gates were not judged"));
  }
  await store.forgetGates(reader().sql);
  await store.forgetChecks(reader().sql);
}
