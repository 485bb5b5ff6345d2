import { ApprovalPending, type Run } from "../../index.js";
import type { Gate } from "../gate.js";

/** The last question of a run that was asked before its call: each holds a count of the budget while it is under way. */
const last = new WeakMap<Run, Promise<unknown>>();

/** Would a person be asked about this call? Never throws: what else speaks against it, the call itself is told. */
export async function wouldAsk(gate: Gate, name: string, args: unknown): Promise<boolean> {
  try {
    const { run } = gate;
    const asking = (last.get(run) ?? Promise.resolve()).then(() => gate.ahead(name, args));
    const done = asking.catch(() => null);
    last.set(run, done);
    return (await asking) instanceof ApprovalPending;
  } catch {
    return false;
  }
}

/** Until no such question is under way: a call must not be refused for a count that one of them holds. */
export async function settled(run: Run): Promise<void> {
  for (let seen = last.get(run); seen; ) {
    await seen;
    const now = last.get(run);
    seen = now === seen ? undefined : now;
  }
}
