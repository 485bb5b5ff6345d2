import { encode } from "next-auth/jwt";
import { newId, newKey, sha256 } from "../../platform/ids";
import { ADMIN, type Api, type Json } from "./harness";

const secret = "a secret of the tests, long enough";
export type Options = { key: string | null; headers?: Record<string, string> };
/** Somebody who signs in, and whose keys carry their name. */
export type Person = { id: string; session: Options; key: (scopes: string[]) => Promise<Options> };

async function personOf(api: Api, email: string): Promise<Person> {
  const [row] = await api.query("select id, epoch from people where email = $1", [email]);
  const id = String(row?.id);
  const token = await encode({ secret, token: { sub: id, epoch: row?.epoch } });
  const session = { key: null, headers: { cookie: `next-auth.session-token=${token}`, origin: api.origin } };
  const key = async (scopes: string[]): Promise<Options> => {
    const raw = newKey();
    await api.query(
      `insert into agent_keys (id, environment_id, person_id, name, tail, hash, scopes)
       select $1, id, $2, 'own', $3, $4, $5 from environments where slug = 'production'`,
      [newId("key"), id, raw.slice(-4), sha256(raw), scopes],
    );
    return { key: raw };
  };
  return { id, session, key };
}

export const admin = (api: Api): Promise<Person> => personOf(api, ADMIN.email);

/** Invites somebody with these roles in production, past their one-time password. */
export async function person(api: Api, name: string, roles: string[]): Promise<Person> {
  const email = `${name}@example.com`;
  const invited = await api.post("/people", { email, name, roles } as Json, (await admin(api)).session);
  if (invited.status !== 201) throw new Error(JSON.stringify(invited.body));
  await api.query("update people set one_time = false where email = $1", [email]);
  return personOf(api, email);
}
