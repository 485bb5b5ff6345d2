import { randomBytes } from "node:crypto";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { getServerSession, type NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import GitHubProvider from "next-auth/providers/github";
import GoogleProvider from "next-auth/providers/google";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { cache } from "react";
import type { Ctx } from "@/lib/platform/ctx";
import { env } from "@/lib/platform/env";
import { identifySession, isSetUp, rolesIn, type SignedIn, signIn, signInWith } from "@/lib/tenancy";
import type { EnvironmentShape } from "@/lib/tenancy/schema";

const requestId = (): string => randomBytes(16).toString("hex");

/** Any OpenID Connect provider, from its issuer's own description. */
function oidc(
  issuer: string,
  clientId: string,
  clientSecret: string,
): OAuthConfig<{ sub: string; name?: string; email?: string; email_verified?: boolean }> {
  return {
    id: "oidc",
    name: new URL(issuer).hostname,
    type: "oauth",
    wellKnown: `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    authorization: { params: { scope: "openid email profile" } },
    idToken: true,
    checks: ["pkce", "state"],
    clientId,
    clientSecret,
    profile: (p) => ({ id: p.sub, name: p.name ?? p.email ?? p.sub, email: p.email ?? null }),
  };
}

function providers(): NextAuthOptions["providers"] {
  const e = env();
  const local = CredentialsProvider({
    name: "password",
    credentials: { email: {}, password: {} },
    authorize: async (given, request) => {
      const forwarded: unknown = request.headers?.["x-forwarded-for"];
      const from = typeof forwarded === "string" ? forwarded : "unknown";
      const who = await signIn(requestId(), { email: given?.email ?? "", password: given?.password ?? "", from });
      return { id: who.person_id, name: who.name, email: who.email, epoch: who.epoch };
    },
  });
  return [
    local,
    ...(e.AUTH_GITHUB_ID && e.AUTH_GITHUB_SECRET
      ? [GitHubProvider({ clientId: e.AUTH_GITHUB_ID, clientSecret: e.AUTH_GITHUB_SECRET })]
      : []),
    ...(e.AUTH_GOOGLE_ID && e.AUTH_GOOGLE_SECRET
      ? [GoogleProvider({ clientId: e.AUTH_GOOGLE_ID, clientSecret: e.AUTH_GOOGLE_SECRET })]
      : []),
    ...(e.AUTH_OIDC_ISSUER && e.AUTH_OIDC_ID && e.AUTH_OIDC_SECRET
      ? [oidc(e.AUTH_OIDC_ISSUER, e.AUTH_OIDC_ID, e.AUTH_OIDC_SECRET)]
      : []),
  ];
}

/** What a provider says of an e-mail address; GitHub only gives out verified ones. */
const verified = (provider: string, profile: unknown): boolean =>
  provider === "github" || (profile as { email_verified?: boolean } | undefined)?.email_verified === true;

export function authOptions(): NextAuthOptions {
  return {
    secret: env().NEXTAUTH_SECRET,
    session: { strategy: "jwt", maxAge: 12 * 3600 },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: providers(),
    callbacks: {
      signIn: async ({ user, account, profile }) => {
        if (!account || account.type === "credentials") return true;
        const found = await signInWith(requestId(), {
          provider: account.provider,
          account_id: account.providerAccountId,
          email: user.email ?? null,
          email_verified: verified(account.provider, profile),
        }).catch(() => null);
        if (found) Object.assign(user, claimsOf(found));
        return found !== null;
      },
      jwt: ({ token, user }) => {
        const epoch = (user as { epoch?: number } | undefined)?.epoch;
        return user && epoch !== undefined ? { sub: user.id, name: user.name, email: user.email, epoch } : token;
      },
      session: ({ session, token }) => Object.assign(session, { personId: token.sub, epoch: token.epoch }),
    },
  };
}

const claimsOf = (who: SignedIn) => ({ id: who.person_id, name: who.name, email: who.email, epoch: who.epoch });

/** Providers that a person may choose between, beside the local account. */
export const offered = (): { id: string; name: string }[] =>
  providers().flatMap((p) => (p.type === "oauth" ? [{ id: p.id, name: p.name }] : []));

/** Whoever is signed in, once per request; null: nobody. */
export const visitor = cache(async () => {
  const session = (await getServerSession(authOptions())) as { personId?: string; epoch?: number } | null;
  if (!session?.personId || session.epoch === undefined) return null;
  return identifySession({ personId: session.personId, epoch: session.epoch });
});

export type Place = {
  ctx: Ctx;
  environment: EnvironmentShape;
  environments: EnvironmentShape[];
  person: { name: string; email: string };
};

/** The page that was asked for, as the front process says it, without what Next.js adds when a link is followed. */
function asked(path: string | null): string | null {
  if (!path?.startsWith("/") || path.startsWith("//")) return null;
  const url = new URL(path, "http://here");
  url.searchParams.delete("_rsc");
  return url.pathname + url.search;
}

/** Whoever is signed in; nobody: the sign-in page, which leads back to what was asked for. */
export async function someone(otherwise: string) {
  const who = await visitor();
  if (!who) {
    if (!(await isSetUp())) redirect("/set-up");
    const back = asked((await headers()).get("x-interlock-path")) ?? otherwise;
    redirect(`/sign-in?callbackUrl=${encodeURIComponent(back)}`);
  }
  if (who.oneTime) redirect("/password");
  return who;
}

/** The person and the environment of a page. Without a session it is the sign-in page, elsewhere it is *not found*. */
export const place = cache(async (slug: string): Promise<Place> => {
  const who = await someone(`/${slug}/overview`);
  const environment = who.environments.find((e) => e.slug === slug);
  if (!environment) notFound();
  const roles = await rolesIn(who.person.id, environment.environment_id);
  const ctx: Ctx = {
    environmentId: environment.environment_id,
    actor: { type: "person", ...who.person, roles },
    requestId: requestId(),
    now: () => new Date(),
  };
  return { ctx, environment, environments: who.environments, person: who.person };
});
