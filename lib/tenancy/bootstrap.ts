import { randomBytes } from "node:crypto";
import { appendRow } from "../platform/audit-row";
import { SCOPES, type Scope } from "../platform/authz";
import { type Ctx, INSTALLATION, systemCtx } from "../platform/ctx";
import { newId, newKey, sha256 } from "../platform/ids";
import { transaction } from "../platform/verb";
import { hashPassword } from "./passwords";
import { environmentName, slugOf } from "./schema";
import * as store from "./store";

export type FirstStart = {
  environment: string;
  /** Shown once; null where the administrator's password was given. */
  oneTimePassword: string | null;
  email: string;
  /** Shown once; null where INTERLOCK_INIT_KEY was given. */
  key: string | null;
};

/** Where the administrator has not said who they are yet. */
export const PLACEHOLDER_EMAIL = "admin@interlock.local";

/**
 * The first start: an environment, an administrator, a key. Idempotent: a second process, or a second start, finds them.
 * @returns what is shown once, or null where there was nothing left to do
 */
export async function bootstrap(init: {
  environment: string;
  email?: string | undefined;
  password?: string | undefined;
  key?: string | undefined;
}): Promise<FirstStart | null> {
  const name = environmentName.parse(init.environment);
  const kind = name.includes("staging") ? "staging" : /dev|test|demo|local/.test(name) ? "development" : "production";
  const slug = slugOf(name, kind);
  const oneTime = init.password ? null : randomBytes(12).toString("base64url");
  const passwordHash = await hashPassword(init.password ?? oneTime ?? "");
  const key = init.key ?? newKey();
  return transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(7314203)`;
    const ctx = systemCtx(INSTALLATION, "first start");
    const first = (await store.countPeople(tx)) === 0;
    if (first) {
      const environment = await store.createEnvironment(tx, { id: newId("env"), slug, name, kind });
      const email = (init.email ?? PLACEHOLDER_EMAIL).toLowerCase();
      const admin = { id: newId("per"), email, name: "Administrator", passwordHash, oneTime: oneTime !== null };
      await store.createPerson(tx, admin);
      await store.setRoles(tx, admin.id, null, ["admin"], () => newId("mem"));
      await appendRow(tx, ctx, "installation.bootstrap", {
        target: { type: "installation", id: INSTALLATION },
        summary: `made environment ${slug} and its administrator ${email}`,
      });
      if (oneTime === null) await store.markSetUp(tx);
      await addKey(tx, ctx, environment.id, admin.id, key);
      return { environment: slug, oneTimePassword: oneTime, email, key: init.key ? null : key };
    }
    if (init.key) await adoptKey(tx, ctx, slug, init.key);
    return null;
  });
}

type Tx = Parameters<typeof store.createKey>[0];

/** A key given by the environment of the process after the first start is added once, for the first administrator. */
async function adoptKey(tx: Tx, ctx: Ctx, slug: string, key: string): Promise<void> {
  if (await tx.agentKey.findUnique({ where: { hash: sha256(key) } })) return;
  const all = await store.environments(tx);
  const environment = all.find((e) => e.slug === slug) ?? all[0];
  const admin = await tx.membership.findFirst({
    where: { role: "admin", environmentId: null },
    orderBy: { createdAt: "asc" },
  });
  if (environment && admin) await addKey(tx, ctx, environment.id, admin.personId, key);
}

const DEMO_PERSON = { email: "demo-fleet@example.com", name: "Demo fleet" };

/** Whoever the fleet asks in the name of: nobody who signs in, so that every person here may decide on what it asks. */
async function demoPerson(tx: Tx): Promise<string> {
  const known = await store.personByEmail(tx, DEMO_PERSON.email);
  if (known) return known.id;
  const id = newId("per");
  await store.createPerson(tx, { id, ...DEMO_PERSON, passwordHash: null, oneTime: false });
  return id;
}

/** The demo fleet's key, kept in the data folder, in the first environment. */
export const bootstrapDemo = (key: string): Promise<{ environmentId: string | null; isNew: boolean }> =>
  transaction(async (tx) => {
    const ctx = systemCtx(INSTALLATION, "demo");
    const known = await tx.agentKey.findUnique({ where: { hash: sha256(key) } });
    const environmentId = known?.environmentId ?? (await store.environments(tx))[0]?.id ?? null;
    if (environmentId === null) return { environmentId, isNew: false };
    const personId = await demoPerson(tx);
    if (!known)
      await addKey(tx, ctx, environmentId, personId, key, { name: "demo-fleet", scopes: ["agent", "ingest"] });
    else if (known.personId !== personId) {
      // Before approvals existed the key was the administrator's, who could not approve what it asks.
      await tx.agentKey.update({ where: { id: known.id }, data: { personId } });
      const audit = { target: { type: "key", id: known.id }, summary: `gave key ${known.name} to ${DEMO_PERSON.name}` };
      await appendRow(tx, { ...ctx, environmentId }, "key.hand_over", audit);
    }
    return { environmentId, isNew: !known };
  });

type NewKey = { name: string; scopes: Scope[] };
const ALL: NewKey = { name: "first-agent", scopes: [...SCOPES] };

async function addKey(
  tx: Tx,
  ctx: Ctx,
  environmentId: string,
  personId: string,
  key: string,
  { name, scopes }: NewKey = ALL,
): Promise<void> {
  const id = newId("key");
  await store.createKey(tx, {
    id,
    environmentId,
    personId,
    name,
    tail: key.slice(-4),
    hash: sha256(key),
    scopes,
    agentIds: [],
    tenantIds: [],
    expiresAt: null,
  });
  const audit = { target: { type: "key", id }, summary: `made key ${name}`, after: { scopes } };
  await appendRow(tx, { ...ctx, environmentId }, "key.create", audit);
}
