import type { Ctx } from "./ctx";
import { Failure } from "./errors";

export const ROLES = ["viewer", "operator", "approver", "owner", "policy_admin", "admin"] as const;
export type Role = (typeof ROLES)[number];
export const SCOPES = ["agent", "ingest", "operate", "approve", "configure", "read"] as const;
export type Scope = (typeof SCOPES)[number];

const READ = [
  "control.read",
  "runs.read",
  "fleet.read",
  "audit.read",
  "people.read",
  "prices.read",
  "policies.read",
  "budgets.read",
  "decisions.read",
  "approvals.read",
  "rules.read",
  "alerts.read",
  "failures.read",
  "incidents.read",
  "notifications.read",
  "evaluations.read",
  "readiness.read",
] as const;
const AGENT = [
  "control.poll",
  "runs.write",
  "spans.write",
  "runs.read",
  "decisions.write",
  "decisions.read",
  "approvals.read",
  "evaluations.write",
  "checkpoints.write",
] as const;
const OPERATE = [
  "control.set",
  "runs.read",
  "control.read",
  "fleet.read",
  "effects.settle",
  "decisions.read",
  "alerts.read",
  "alerts.write",
  "incidents.read",
  "incidents.write",
] as const;
/** What the inventory is kept with: entries, rules, runbooks, targets, waivers. */
const OWN = [
  "rules.read",
  "rules.write",
  "failures.read",
  "failures.write",
  "incidents.read",
  "incidents.write",
  "readiness.read",
  "readiness.write",
] as const;
const CONFIGURE = [
  "control.configure",
  "fleet.review",
  "prices.write",
  "policies.read",
  "policies.write",
  "budgets.read",
  "budgets.write",
  "notifications.read",
  "notifications.write",
  ...OWN,
] as const;
const APPROVE = ["approvals.read", "approvals.decide", "decisions.read"] as const;
/** What only a person in a session does: breaking glass, and closing its review. */
const GLASS = ["approvals.break_glass"] as const;
const ADMIN = [
  "people.write",
  "keys.write",
  "environment.write",
  "control.poll",
  "spans.write",
  "approvals.configure",
] as const;

export type Permission =
  | (typeof READ)[number]
  | (typeof AGENT)[number]
  | (typeof OPERATE)[number]
  | (typeof CONFIGURE)[number]
  | (typeof APPROVE)[number]
  | (typeof GLASS)[number]
  | (typeof ADMIN)[number]
  | "self.write";

const OF_ROLE: Record<Role, readonly Permission[]> = {
  viewer: [...READ, "self.write"],
  operator: [...READ, ...OPERATE, ...GLASS, "fleet.review", "self.write"],
  approver: [...READ, ...APPROVE, ...GLASS, "self.write"],
  owner: [...READ, ...OWN, ...GLASS, "fleet.review", "self.write"],
  policy_admin: [...READ, ...CONFIGURE, ...GLASS, "self.write"],
  admin: [...READ, ...OPERATE, ...CONFIGURE, ...APPROVE, ...GLASS, ...ADMIN, "self.write"],
};

const OF_SCOPE: Record<Scope, readonly Permission[]> = {
  agent: AGENT,
  ingest: ["spans.write"],
  operate: OPERATE,
  approve: APPROVE,
  configure: CONFIGURE,
  read: READ,
};

export function may(ctx: Ctx, permission: Permission): boolean {
  const { actor } = ctx;
  switch (actor.type) {
    case "person":
      return actor.roles.some((role) => OF_ROLE[role].includes(permission));
    case "key":
      return actor.scopes.some((scope) => OF_SCOPE[scope].includes(permission));
    case "system":
      return true;
  }
}

/** @throws Failure `forbidden` */
export function assertMay(ctx: Ctx, permission: Permission): void {
  if (may(ctx, permission)) return;
  const lacks = ctx.actor.type === "key" ? "This key's scopes do" : "Your roles here do";
  throw new Failure("forbidden", `${lacks} not include ${permission}.`);
}

/** `*` stands for any characters, dots included. Compiled once by whoever asks often. */
export function patternOf(pattern: string): (value: string) => boolean {
  if (!pattern.includes("*")) return (value) => value === pattern;
  const source = pattern
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  const open = new RegExp(`^${source}$`, "s");
  return (value) => open.test(value);
}
export const matches = (pattern: string, value: string): boolean => patternOf(pattern)(value);

/** Does the key's binding cover this agent and tenant? People and jobs are not bound. */
export function bound(ctx: Ctx, agentId: string | null, tenantId: string | null): boolean {
  const { actor } = ctx;
  if (actor.type !== "key") return true;
  const covers = (patterns: readonly string[], value: string | null) =>
    patterns.length === 0 || (value !== null && patterns.some((p) => matches(p, value)));
  return covers(actor.agentIds, agentId) && covers(actor.tenantIds, tenantId);
}

/** What a key may see of lists, as patterns of LIKE; null: everything. */
export function boundTo({ actor }: Ctx): { agents: string[] | null; tenants: string[] | null } {
  const like = (patterns: readonly string[]) =>
    patterns.length === 0 ? null : patterns.map((p) => p.replace(/[\\%_]/g, "\\$&").replaceAll("*", "%"));
  return actor.type === "key"
    ? { agents: like(actor.agentIds), tenants: like(actor.tenantIds) }
    : { agents: null, tenants: null };
}

/** @throws Failure `forbidden` */
export function assertBound(ctx: Ctx, agentId: string | null, tenantId: string | null): void {
  if (bound(ctx, agentId, tenantId)) return;
  throw new Failure("forbidden", "This key is bound to other agents or tenants.");
}
