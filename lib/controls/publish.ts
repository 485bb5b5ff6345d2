import type { Sql } from "../platform/db/pool";
import type { PolicyRule } from "./bindings";
import * as store from "./store";

/**
 * What decides has changed: policies (with what they say to pollers), budgets or grants. In the caller's transaction; every
 * process judges by it from its commit on. @returns the policy revision
 */
export async function publish(tx: Sql, environmentId: string, rules?: PolicyRule[]): Promise<number> {
  const { policyRules } = await store.load(tx, environmentId);
  const revision = await store.nextRevision(tx, environmentId);
  return store.publish(tx, environmentId, revision, rules ?? [...policyRules]);
}
