import type { Sql } from "../platform/db/pool";
import { type Sighting, touchAgents, touchNames } from "./store";

export { getAgent, listAgents, listNames, reviewAgent } from "./agents";
export { type Heard, hear, shiftHeard } from "./store";

/** Registers agents, tenants, task types and tools as they appear. In the caller's transaction. */
export async function touchFleet(tx: Sql, seen: Sighting): Promise<void> {
  await touchAgents(tx, seen.agents);
  await touchNames(tx, seen.names);
}
