import type { Role, Scope } from "../platform/authz";
import type { Sql } from "../platform/db/pool";
import type { Tx } from "../platform/db/prisma";
import type { EnvironmentKind, EnvironmentShape, KeyShape, PersonShape } from "./schema";

export type EnvironmentRow = { id: string; slug: string; name: string; kind: string; createdAt: Date };
export type KeyRow = {
  id: string;
  environmentId: string;
  name: string;
  scopes: Scope[];
  agentIds: string[];
  tenantIds: string[];
  expiresAt: Date | null;
  revokedAt: Date | null;
  personId: string;
  personName: string;
  personEmail: string;
  personDisabled: boolean;
};

export const environmentOut = (row: EnvironmentRow): EnvironmentShape => ({
  environment_id: row.id,
  slug: row.slug,
  name: row.name,
  kind: row.kind as EnvironmentKind,
  created_at: row.createdAt.toISOString(),
});

export const environments = (tx: Tx): Promise<EnvironmentRow[]> =>
  tx.environment.findMany({ orderBy: { createdAt: "asc" } });

export const createEnvironment = (tx: Tx, data: { id: string; slug: string; name: string; kind: string }) =>
  tx.environment.create({ data });

/** Environments that this person has any role in. */
export const environmentsOf = (tx: Tx, personId: string): Promise<EnvironmentRow[]> =>
  tx.$queryRaw<EnvironmentRow[]>`
    select e.id, e.slug, e.name, e.kind, e.created_at as "createdAt" from environments e
    where exists (select 1 from memberships m where m.person_id = ${personId}
      and (m.environment_id is null or m.environment_id = e.id)) order by e.created_at`;

export const personByEmail = (tx: Tx, email: string) => tx.person.findUnique({ where: { email } });
export const personById = (tx: Tx, id: string) => tx.person.findUnique({ where: { id } });
export const personByIdentity = (tx: Tx, provider: string, accountId: string) =>
  tx.identity.findUnique({ where: { provider_accountId: { provider, accountId } }, include: { person: true } });
export const addIdentity = (tx: Tx, provider: string, accountId: string, personId: string) =>
  tx.identity.create({ data: { provider, accountId, personId } });
export const countPeople = (tx: Tx): Promise<number> => tx.person.count();
export const createPerson = (
  tx: Tx,
  data: { id: string; email: string; name: string; passwordHash: string | null; oneTime: boolean },
) => tx.person.create({ data });
export const updatePerson = (
  tx: Tx,
  id: string,
  data: {
    email?: string;
    name?: string;
    passwordHash?: string;
    oneTime?: boolean;
    disabledAt?: Date | null;
    epoch?: { increment: number };
  },
) => tx.person.update({ where: { id }, data });

export const rolesIn = async (tx: Tx, personId: string, environmentId: string): Promise<Role[]> => {
  const rows = await tx.membership.findMany({
    where: { personId, OR: [{ environmentId: null }, { environmentId }] },
    select: { role: true },
  });
  return [...new Set(rows.map((r) => r.role as Role))];
};

export async function setRoles(
  tx: Tx,
  personId: string,
  environmentId: string | null,
  roles: readonly Role[],
  newId: () => string,
): Promise<void> {
  await tx.membership.deleteMany({ where: { personId, environmentId } });
  if (roles.length === 0) return;
  await tx.membership.createMany({
    data: [...new Set(roles)].map((role) => ({ id: newId(), personId, environmentId, role })),
  });
}

export const isAdminEverywhere = async (tx: Tx, personId: string): Promise<boolean> =>
  (await tx.membership.count({ where: { personId, environmentId: null, role: "admin" } })) > 0;

/** How many enabled people could still administer everything, were this one not there. */
export const otherAdmins = (tx: Tx, personId: string): Promise<number> =>
  tx.person.count({
    where: { id: { not: personId }, disabledAt: null, memberships: { some: { role: "admin", environmentId: null } } },
  });

export async function peopleIn(tx: Tx, environmentId: string): Promise<PersonShape[]> {
  const rows = await tx.person.findMany({
    where: { memberships: { some: { OR: [{ environmentId: null }, { environmentId }] } } },
    include: { memberships: true, identities: true },
    orderBy: { name: "asc" },
  });
  return rows.map((p) => ({
    person_id: p.id,
    name: p.name,
    email: p.email,
    roles: p.memberships.filter((m) => m.environmentId === environmentId).map((m) => m.role as Role),
    everywhere: p.memberships.filter((m) => m.environmentId === null).map((m) => m.role as Role),
    signs_in_by: [...(p.passwordHash ? ["password"] : []), ...p.identities.map((i) => i.provider)],
    last_seen_at: p.lastSeenAt?.toISOString() ?? null,
    disabled: p.disabledAt !== null,
  }));
}

export const createKey = (
  tx: Tx,
  data: {
    id: string;
    environmentId: string;
    personId: string;
    name: string;
    tail: string;
    hash: string;
    scopes: string[];
    agentIds: string[];
    tenantIds: string[];
    expiresAt: Date | null;
  },
) => tx.agentKey.create({ data });

export const keysIn = async (tx: Tx, environmentId: string, now: Date): Promise<KeyShape[]> => {
  const rows = await tx.agentKey.findMany({
    where: { environmentId },
    include: { person: true },
    orderBy: [{ revokedAt: { sort: "desc", nulls: "first" } }, { createdAt: "asc" }],
  });
  return rows.map((k) => ({
    key_id: k.id,
    name: k.name,
    tail: k.tail,
    scopes: k.scopes as Scope[],
    agent_ids: k.agentIds,
    tenant_ids: k.tenantIds,
    person: { person_id: k.personId, name: k.person.name },
    state: k.revokedAt ? "revoked" : k.expiresAt && k.expiresAt <= now ? "expired" : "active",
    expires_at: k.expiresAt?.toISOString() ?? null,
    last_used_at: k.lastUsedAt?.toISOString() ?? null,
    created_at: k.createdAt.toISOString(),
  }));
};

/** Marks a key revoked, once. @returns its name, or null where no active key of this environment has the id */
export async function revokeKey(tx: Tx, environmentId: string, id: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    update agent_keys set revoked_at = now() where id = ${id} and environment_id = ${environmentId} and revoked_at is null
    returning name`;
  await tx.$executeRaw`select pg_notify('interlock_keys', ${id})`;
  return rows[0]?.name ?? null;
}

export const keyByHash = async (tx: Sql, hash: string): Promise<KeyRow | null> => {
  const { rows } = await tx.query<KeyRow>(
    `select k.id, k.environment_id as "environmentId", k.name, k.scopes, k.agent_ids as "agentIds", k.tenant_ids as "tenantIds",
       k.expires_at as "expiresAt", k.revoked_at as "revokedAt", p.id as "personId", p.name as "personName", p.email as "personEmail",
       p.disabled_at is not null as "personDisabled"
     from agent_keys k join people p on p.id = k.person_id where k.hash = $1`,
    [hash],
  );
  return rows[0] ?? null;
};

/** Keys among these that no longer open anything, by the database's clock. */
export const deadKeys = async (tx: Sql, ids: string[]): Promise<string[]> => {
  const { rows } = await tx.query<{ id: string }>(
    `select k.id from agent_keys k join people p on p.id = k.person_id where k.id = any($1)
       and (k.revoked_at is not null or k.expires_at <= now() or p.disabled_at is not null)`,
    [ids],
  );
  return rows.map((r) => r.id);
};

export const touchKeys = (tx: Sql, ids: string[]) =>
  tx.query("update agent_keys set last_used_at = now() where id = any($1)", [ids]);
export const touchPeople = (tx: Sql, ids: string[]) =>
  tx.query("update people set last_seen_at = now() where id = any($1)", [ids]);

export const installation = (tx: Tx) => tx.installation.findUniqueOrThrow({ where: { id: 1 } });
export const markSetUp = (tx: Tx) => tx.$executeRaw`update installation set set_up_at = now() where id = 1`;
