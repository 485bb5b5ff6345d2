import type { Role, Scope } from "./authz";

export type Actor =
  | { type: "person"; id: string; name: string; email: string; roles: readonly Role[] }
  | {
      type: "key";
      id: string;
      name: string;
      personId: string;
      personName: string;
      personEmail: string;
      scopes: readonly Scope[];
      /** Patterns; empty: any. */
      agentIds: readonly string[];
      tenantIds: readonly string[];
    }
  | { type: "system"; id: string; name: string };

/** Who asks, where, and under which request. The environment is the wall: every load takes it. */
export type Ctx = {
  environmentId: string;
  actor: Actor;
  requestId: string;
  /** The time to show. Times that decide are compared in SQL by the database's clock. */
  now: () => Date;
};

/** The chain and environment of what concerns the whole installation. */
export const INSTALLATION = "installation";

export const systemCtx = (environmentId: string, job: string): Ctx => ({
  environmentId,
  actor: { type: "system", id: job, name: `Interlock (${job})` },
  requestId: `job_${job}`,
  now: () => new Date(),
});
