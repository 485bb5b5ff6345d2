import type { Outcome } from "../outcome.js";
import type { CallOptions, Tool, ToolContext } from "../tool.js";
import { callTool } from "./call.js";
import type { Inner } from "./inner.js";

/** A write in two halves: what is prepared can still be taken back. */
export type Fenced<A, P, T> = Omit<Tool<A, T>, "execute"> & {
  /** Makes a draft, opens a transaction, sets a flag: nothing that counts yet. */
  prepare: (args: A, context: ToolContext) => Promise<P> | P;
  commit: (prepared: P, args: A, context: ToolContext) => Promise<T> | T;
  rollback: (prepared: P, args: A, context: ToolContext) => Promise<void> | void;
};

/** Prepared, asked for (a person may be), then committed; where the answer is no, or the commit fails, rolled back. */
export async function callFenced<A, P, T>(
  run: Inner,
  fenced: Fenced<A, P, T>,
  args: A,
  options: CallOptions,
): Promise<Outcome<T>> {
  const { prepare, commit, rollback, ...about } = fenced;
  const { output, externalId, compensation, ...plain } = about;
  const prepared = await callTool<A, P>(run, { ...plain, execute: prepare }, args, options, "prepare");
  if (!prepared.ok) return prepared;
  const back = () =>
    callTool<A, void>(
      run,
      { ...plain, execute: (a, context) => rollback(prepared.data, a, context) },
      args,
      options,
      "rollback",
    );
  let done: Outcome<T>;
  try {
    const execute = (a: A, context: ToolContext) => commit(prepared.data, a, context);
    done = await callTool<A, T>(run, { ...plain, output, externalId, compensation, execute }, args, options, "commit");
  } catch (error) {
    await back().catch(() => undefined);
    throw error;
  }
  // Cut off in mid-commit nobody knows whether it counts: then the ledger has it as unknown, and a person settles it.
  if (!done.ok && done.decisionId === null) await back();
  return done;
}
