import { randomBytes } from "node:crypto";
import type { Ctx } from "../platform/ctx";
import { Failure, notFound } from "../platform/errors";
import { newId } from "../platform/ids";
import { read, write } from "../platform/verb";
import { checkPassword, hashPassword } from "./passwords";
import { inviteInput, nothing, passwordInput, personInput, rolesInput } from "./schema";
import * as store from "./store";

export const listPeople = read("person.list", {
  needs: "people.read",
  input: nothing,
  run: async ({ tx, ctx }) => ({ items: await store.peopleIn(tx.prisma, ctx.environmentId), next_cursor: null }),
});

/** What reaches beyond this environment is for those whose administration does. */
async function assertEverywhere(tx: Parameters<typeof store.isAdminEverywhere>[0], ctx: Ctx): Promise<void> {
  if (ctx.actor.type === "system") return;
  if (ctx.actor.type === "person" && (await store.isAdminEverywhere(tx, ctx.actor.id))) return;
  throw new Failure("forbidden", "Only an administrator of every environment can do this.");
}

/** Adds a person with roles. A local account gets a one-time password, shown once; a provider's account is known by its e-mail. */
export const invitePerson = write("person.invite", {
  needs: "people.write",
  input: inviteInput,
  run: async ({ tx, ctx, input }) => {
    if (input.everywhere) await assertEverywhere(tx, ctx);
    if (await store.personByEmail(tx, input.email))
      throw new Failure("conflict", "Somebody has this e-mail address already.");
    const oneTime = randomBytes(12).toString("base64url");
    const id = newId("per");
    const passwordHash = await hashPassword(oneTime);
    await store.createPerson(tx, { id, email: input.email, name: input.name, passwordHash, oneTime: true });
    await store.setRoles(tx, id, input.everywhere ? null : ctx.environmentId, input.roles, () => newId("mem"));
    return {
      value: { person_id: id, one_time_password: oneTime },
      audit: {
        target: { type: "person", id },
        summary: `invited ${input.name} (${input.email})`,
        after: { roles: input.roles, everywhere: input.everywhere },
      },
    };
  },
});

export const setRoles = write("person.set_roles", {
  needs: "people.write",
  input: rolesInput,
  run: async ({ tx, ctx, input }) => {
    const person = await store.personById(tx, input.person_id);
    if (!person) throw notFound("person");
    if (input.everywhere) await assertEverywhere(tx, ctx);
    const where = input.everywhere ? null : ctx.environmentId;
    if (where === null && !input.roles.includes("admin") && (await store.otherAdmins(tx, person.id)) === 0)
      throw new Failure("conflict", "This would leave nobody who can administer Interlock.");
    const before = await store.rolesIn(tx, person.id, ctx.environmentId);
    await store.setRoles(tx, person.id, where, input.roles, () => newId("mem"));
    return {
      value: { person_id: person.id },
      audit: {
        target: { type: "person", id: person.id },
        summary: `changed the roles of ${person.name}`,
        before: { roles: before },
        after: { roles: input.roles, everywhere: input.everywhere },
      },
    };
  },
});

/** Ends every session of the person, and every key of theirs stops working. */
export const disablePerson = write("person.disable", {
  needs: "people.write",
  input: personInput,
  run: async ({ tx, ctx, input }) => {
    await assertEverywhere(tx, ctx);
    const person = await store.personById(tx, input.person_id);
    if (!person) throw notFound("person");
    if (person.disabledAt) throw new Failure("conflict", `${person.name} is disabled already.`);
    if ((await store.otherAdmins(tx, person.id)) === 0)
      throw new Failure("conflict", "This would leave nobody who can administer Interlock.");
    await store.updatePerson(tx, person.id, { disabledAt: new Date(), epoch: { increment: 1 } });
    return {
      value: { person_id: person.id },
      audit: { target: { type: "person", id: person.id }, summary: `disabled ${person.name}` },
    };
  },
});

export const changePassword = write("person.change_password", {
  needs: "self.write",
  input: passwordInput,
  run: async ({ tx, ctx, input }) => {
    const person = ctx.actor.type === "person" ? await store.personById(tx, ctx.actor.id) : null;
    if (!person) throw new Failure("forbidden", "Only a signed-in person has a password.");
    if (!(await checkPassword(person.passwordHash, input.current)))
      throw new Failure("invalid_input", "The present password is not right.", {
        errors: [{ path: "current", message: "Not the present password." }],
      });
    await store.updatePerson(tx, person.id, { passwordHash: await hashPassword(input.password), oneTime: false });
    return {
      value: { person_id: person.id },
      audit: { target: { type: "person", id: person.id }, summary: "changed their password" },
    };
  },
});
