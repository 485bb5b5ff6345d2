import { appendRow } from "../platform/audit-row";
import { type Ctx, INSTALLATION } from "../platform/ctx";
import { Failure } from "../platform/errors";
import { parse, reader, transaction } from "../platform/verb";
import { checkPassword } from "./passwords";
import { signInInput } from "./schema";
import * as store from "./store";
import { countAttempt } from "./throttle";

export type SignedIn = { person_id: string; name: string; email: string; epoch: number; one_time: boolean };
type PersonRow = NonNullable<Awaited<ReturnType<typeof store.personById>>>;

/**
 * A local account: e-mail and password, throttled by account and address.
 * @throws Failure `unauthorized` (the same for an unknown account), `too_many_requests`
 */
export async function signIn(
  requestId: string,
  raw: { email: string; password: string; from: string },
): Promise<SignedIn> {
  const { email, password, from } = parse(signInInput, raw);
  const attempt = await countAttempt(email, from);
  const person = await store.personByEmail(reader().prisma, email);
  const right = await checkPassword(person?.passwordHash ?? null, password);
  if (!right || !person || person.disabledAt) throw new Failure("unauthorized", "E-mail or password is not right.");
  await attempt.giveBack();
  return admit(requestId, person, "password");
}

/**
 * An account at a provider: known by its id, or by a verified e-mail that an administrator has invited.
 * @throws Failure `unauthorized` where nobody invited it
 */
export async function signInWith(
  requestId: string,
  account: { provider: string; account_id: string; email: string | null; email_verified: boolean },
): Promise<SignedIn> {
  const known = await store.personByIdentity(reader().prisma, account.provider, account.account_id);
  let person = known?.person ?? null;
  if (!person && account.email && account.email_verified) {
    person = await store.personByEmail(reader().prisma, account.email.toLowerCase());
    if (person) await store.addIdentity(reader().prisma, account.provider, account.account_id, person.id);
  }
  if (!person || person.disabledAt) throw new Failure("unauthorized", "Nobody has invited this account.");
  return admit(requestId, person, account.provider);
}

async function admit(requestId: string, person: PersonRow, by: string): Promise<SignedIn> {
  const ctx: Ctx = {
    environmentId: INSTALLATION,
    actor: { type: "person", id: person.id, name: person.name, email: person.email, roles: [] },
    requestId,
    now: () => new Date(),
  };
  await transaction((tx) =>
    appendRow(tx, ctx, "session.start", { target: { type: "person", id: person.id }, summary: `signed in by ${by}` }),
  );
  return {
    person_id: person.id,
    name: person.name,
    email: person.email,
    epoch: person.epoch,
    one_time: person.oneTime,
  };
}
