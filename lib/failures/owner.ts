import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import * as store from "./store";

/** Mailboxes of nobody in particular: RFC 2142's, and what teams name theirs. Not `admin`: the first person of an installation may be called so. */
const SHARED = new Set(
  "team teams ops devops secops sre support noreply donotreply help helpdesk servicedesk desk service info contact hello office oncall alerts alert alerting monitoring pager pagerduty incidents incident noc security abuse postmaster hostmaster webmaster root all everyone everybody staff group list eng engineering devs developers platform infra infrastructure product data sales marketing billing finance legal hr".split(
    " ",
  ),
);
const WORDS = new Set(["team", "teams", "group", "list", "all", "oncall"]);
const COLLECTIVE =
  /^(?:the |our |whole |entire )*(?:[\w-]+ )*(?:team|teams|squad|group|guild|department|on-?call|rota|everyone|everybody|nobody|anyone|all|us|we)$/i;

export const sharedMailbox = (email: string): boolean => {
  const local = (email.split("@")[0] ?? "").toLowerCase().replace(/\+.*$/, "");
  if (SHARED.has(local.replace(/[._-]/g, ""))) return true;
  return local.split(/[._-]/).some((word) => WORDS.has(word));
};

const no = (message: string) =>
  new Failure("invalid_input", "This cannot be the owner.", { errors: [{ path: "owner", message }] });

/** The one person who answers for an entry; who does already (`kept`) is asked for nothing. @throws Failure `invalid_input` at `owner`, with the reason */
export async function ownerOf(
  tx: Sql,
  environmentId: string,
  given: string | null | undefined,
  kept?: string | null,
): Promise<store.Person | null> {
  const said = given?.trim() ?? "";
  if (said === "") return null;
  const person = await store.person(tx, environmentId, said);
  if (person && person.id === kept) return person;
  if (COLLECTIVE.test(said))
    throw no(`"${said}" is nobody in particular. Name one person of this environment who answers for it.`);
  if (said.includes("@") && sharedMailbox(said))
    throw no(`${said} is a shared mailbox: what everybody reads, nobody answers for. Name a person.`);
  if (!person?.member)
    throw no(`Nobody with a role in this environment is known as "${said}". Invite them first, under Settings.`);
  if (person.disabled) throw no(`${person.name} can no longer sign in. Name somebody who can.`);
  if (COLLECTIVE.test(person.name))
    throw no(`${person.name} is nobody in particular. Name one person who answers for it.`);
  if (sharedMailbox(person.email))
    throw no(`${person.email} is a shared mailbox: what everybody reads, nobody answers for. Name a person.`);
  return person;
}
