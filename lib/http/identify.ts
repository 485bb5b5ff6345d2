import type { IncomingMessage } from "node:http";
import { LRUCache } from "lru-cache";
import { decode } from "next-auth/jwt";
import type { Actor, Ctx } from "../platform/ctx";
import { env } from "../platform/env";
import { Failure } from "../platform/errors";
import { identifyKey, identifySession, rolesIn, type Session } from "../tenancy";
import type { EnvironmentShape } from "../tenancy/schema";

export type Visitor = {
  session: Session;
  person: { id: string; name: string; email: string };
  oneTime: boolean;
  environments: EnvironmentShape[];
};

export const SESSION_COOKIES = ["__Secure-next-auth.session-token", "next-auth.session-token"] as const;
const decoded = new LRUCache<string, Session>({ max: 5_000, ttl: 60_000 });

/** The key of a request: a bearer token, `x-api-key`, or either half of HTTP Basic. */
function rawKey(incoming: IncomingMessage): string | null {
  const header = incoming.headers.authorization;
  if (header) {
    const [scheme = "", value = ""] = header.split(" ", 2);
    if (scheme.toLowerCase() === "bearer") return value;
    if (scheme.toLowerCase() === "basic") {
      const [user = "", password = ""] = Buffer.from(value, "base64").toString("utf8").split(":", 2);
      return password.startsWith("ilk_") ? password : user;
    }
    return value;
  }
  const key = incoming.headers["x-api-key"];
  return typeof key === "string" ? key : null;
}

function sessionToken(incoming: IncomingMessage): string | null {
  const cookies = incoming.headers.cookie;
  if (!cookies) return null;
  for (const pair of cookies.split(";")) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).trim();
    if ((SESSION_COOKIES as readonly string[]).includes(name)) return decodeURIComponent(pair.slice(at + 1).trim());
  }
  return null;
}

/** Who is signed in; null: nobody. */
export async function visitor(incoming: IncomingMessage): Promise<Visitor | null> {
  const token = sessionToken(incoming);
  if (!token) return null;
  let session = decoded.get(token);
  if (!session) {
    const claims = await decode({ token, secret: env().NEXTAUTH_SECRET ?? "" }).catch(() => null);
    if (typeof claims?.sub !== "string" || typeof claims.epoch !== "number") return null;
    session = { personId: claims.sub, epoch: claims.epoch };
    decoded.set(token, session);
  }
  const known = await identifySession(session);
  return known ? { session, ...known } : null;
}

/** A page of another origin may send our cookie along, but not our Origin. @throws Failure `forbidden` */
export function assertSameOrigin(incoming: IncomingMessage): void {
  const { origin, host } = incoming.headers;
  const ours = [host, env().INTERLOCK_PUBLIC_URL && new URL(env().INTERLOCK_PUBLIC_URL ?? "").host];
  if (origin && URL.canParse(origin) && ours.includes(new URL(origin).host)) return;
  throw new Failure("forbidden", "This did not come from the console: the Origin is missing or another.");
}

/** @throws Failure `unauthorized` | `forbidden` | `not_found` (an environment that the person has no role in) */
export async function identify(incoming: IncomingMessage, requestId: string, slug: string | null): Promise<Ctx> {
  const now = () => new Date();
  const raw = rawKey(incoming);
  if (raw !== null) {
    const key = await identifyKey(raw);
    if (!key) throw new Failure("unauthorized", "This key is unknown, revoked or expired.");
    return { environmentId: key.environmentId, actor: key.actor, requestId, now };
  }
  const who = await visitor(incoming);
  if (!who) throw new Failure("unauthorized", "Send a key as a bearer token, or sign in.");
  if (incoming.method !== "GET" && incoming.method !== "HEAD") assertSameOrigin(incoming);
  if (who.oneTime) throw new Failure("forbidden", "Choose a password of your own first.");
  const environment = slug ? who.environments.find((e) => e.slug === slug) : who.environments[0];
  if (!environment) throw new Failure("not_found", "There is no such environment here.");
  const actor: Actor = {
    type: "person",
    id: who.person.id,
    name: who.person.name,
    email: who.person.email,
    roles: await rolesIn(who.person.id, environment.environment_id),
  };
  return { environmentId: environment.environment_id, actor, requestId, now };
}

/** Where a person came from, for throttling. */
export function address(incoming: IncomingMessage): string {
  const forwarded = incoming.headers["x-forwarded-for"];
  if (env().INTERLOCK_TRUST_PROXY && typeof forwarded === "string") return forwarded.split(",")[0]?.trim() ?? "unknown";
  return incoming.socket.remoteAddress ?? "unknown";
}
