import { LRUCache } from "lru-cache";
import type { Role } from "../platform/authz";
import type { Actor } from "../platform/ctx";
import { sha256 } from "../platform/ids";
import { reader } from "../platform/verb";
import type { EnvironmentShape } from "./schema";
import * as store from "./store";

export type KeyIdentity = { environmentId: string; actor: Extract<Actor, { type: "key" }>; expiresAt: number };
export type Session = { personId: string; epoch: number };

const SHAPE = /^ilk_[A-Za-z0-9_-]{32,}$/;
const keys = new LRUCache<string, KeyIdentity>({ max: 20_000, ttl: 60_000 });
const used = new Set<string>();

/**
 * Whose key this is; null: unknown, revoked or expired. Kept in memory for a minute and dropped at once when a revocation
 * is notified, or within 2 s by the sweep beneath it.
 */
export async function identifyKey(raw: string): Promise<KeyIdentity | null> {
  const hash = sha256(raw);
  const known = keys.get(hash);
  if (known) {
    if (known.expiresAt <= Date.now()) return null;
    used.add(known.actor.id);
    return known;
  }
  if (!SHAPE.test(raw)) return null;
  const row = await store.keyByHash(reader().sql, hash);
  if (!row || row.revokedAt || row.personDisabled || (row.expiresAt && row.expiresAt.getTime() <= Date.now()))
    return null;
  const { id, name, scopes, agentIds, tenantIds, personId, personName, personEmail } = row;
  const identity: KeyIdentity = {
    environmentId: row.environmentId,
    actor: { type: "key", id, name, scopes, agentIds, tenantIds, personId, personName, personEmail },
    expiresAt: row.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
  };
  keys.set(hash, identity);
  used.add(id);
  return identity;
}

/** Forgets keys that were revoked, have expired, or whose person is gone. @returns their ids, so that streams close */
export async function sweepKeys(also: string[]): Promise<string[]> {
  const ids = [...new Set([...also, ...[...keys.values()].map((k) => k.actor.id)])];
  if (ids.length === 0) return [];
  const dead = new Set(await store.deadKeys(reader().sql, ids));
  for (const [hash, identity] of keys.entries()) if (dead.has(identity.actor.id)) keys.delete(hash);
  return [...dead];
}

/** Writes "last used" of keys and "last seen" of people, at most once a flush. */
export async function flushUse(): Promise<void> {
  const ids = [...used];
  used.clear();
  if (ids.length > 0) await store.touchKeys(reader().sql, ids);
  const people = [...seen];
  seen.clear();
  if (people.length > 0) await store.touchPeople(reader().sql, people);
}

type Membership = {
  person: { id: string; name: string; email: string };
  oneTime: boolean;
  environments: EnvironmentShape[];
};
const sessions = new LRUCache<string, Membership>({ max: 5_000, ttl: 2_000 });
const rolesOf = new LRUCache<string, Role[]>({ max: 5_000, ttl: 2_000 });
const seen = new Set<string>();

/** The person of a session and where they may go; null: signed out everywhere, or disabled. */
export async function identifySession(session: Session): Promise<Membership | null> {
  const cacheKey = `${session.personId}:${session.epoch}`;
  seen.add(session.personId);
  const known = sessions.get(cacheKey);
  if (known) return known;
  const person = await store.personById(reader().prisma, session.personId);
  if (!person || person.disabledAt || person.epoch !== session.epoch) return null;
  const environments = (await store.environmentsOf(reader().prisma, person.id)).map(store.environmentOut);
  const { id, name, email } = person;
  const membership = { person: { id, name, email }, oneTime: person.oneTime, environments };
  sessions.set(cacheKey, membership);
  return membership;
}

export async function rolesIn(personId: string, environmentId: string): Promise<Role[]> {
  const cacheKey = `${personId}:${environmentId}`;
  const known = rolesOf.get(cacheKey);
  if (known) return known;
  const roles = await store.rolesIn(reader().prisma, personId, environmentId);
  rolesOf.set(cacheKey, roles);
  return roles;
}
