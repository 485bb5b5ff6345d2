import type { KeyShape, PersonShape } from "@/lib/tenancy/schema";

export type Role = PersonShape["roles"][number];
export type Scope = KeyShape["scopes"][number];

/** In the order of every matrix; the words say what the server allows today. */
export const ROLES: readonly { value: Role; what: string }[] = [
  { value: "viewer", what: "sees everything, changes nothing" },
  { value: "operator", what: "sets and releases switches, reviews agents" },
  { value: "approver", what: "gives verdicts" },
  { value: "owner", what: "keeps what they own, reviews agents" },
  { value: "policy_admin", what: "configures control settings and prices" },
  { value: "admin", what: "everything, people and keys too" },
];

export const SCOPES: readonly { value: Scope; what: string }[] = [
  { value: "agent", what: "opens runs and asks for the control state" },
  { value: "ingest", what: "sends spans" },
  { value: "operate", what: "sets and releases switches" },
  { value: "approve", what: "gives verdicts" },
  { value: "configure", what: "changes control settings and prices" },
  { value: "read", what: "reads runs, agents, audit and settings" },
];

/** What the person may not do, and who may. */
export const NEEDS_ADMIN = "It needs the role admin in this environment.";
