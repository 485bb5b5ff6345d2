import { z } from "zod";
import { announce } from "../../platform/announce";
import { Failure } from "../../platform/errors";
import { plantStarters } from "../../policies";
import {
  changePassword,
  createEnvironment,
  createKey,
  disablePerson,
  invitePerson,
  isSetUp,
  listKeys,
  listPeople,
  revokeKey,
  setRoles,
  setUp,
} from "../../tenancy";
import { keyShape, nothing, passwordInput, personShape, setUpInput } from "../../tenancy/schema";
import { type Call, type Endpoint, verb } from "../endpoint";
import { address, assertSameOrigin, visitor } from "../identify";

const tag = "people and keys";
const tells = ["settings", "audit"] as const;

async function me(_ctx: unknown, _input: unknown, call: Call) {
  const who = await visitor(call.env.incoming);
  if (!who) throw new Failure("unauthorized", "Nobody is signed in.");
  return { person: who.person, environments: who.environments };
}

export const tenancyRoutes: Endpoint[] = [
  {
    method: "get",
    path: "/me",
    tag,
    summary: "Who is signed in, and where they may go",
    input: nothing,
    open: true,
    run: me,
  },
  {
    method: "get",
    path: "/set-up",
    tag,
    summary: "Has the first administrator been named?",
    input: nothing,
    output: z.object({ done: z.boolean() }),
    open: true,
    run: async () => ({ done: await isSetUp() }),
  },
  {
    method: "post",
    path: "/set-up",
    tag,
    summary: "First visit: name the administrator and the environment",
    input: setUpInput,
    open: true,
    run: async (ctx, input, call) => {
      assertSameOrigin(call.env.incoming);
      return setUp(ctx.requestId, address(call.env.incoming), input);
    },
  },
  {
    method: "post",
    path: "/password",
    tag,
    summary: "Choose a password of one's own",
    input: passwordInput,
    open: true,
    run: async (ctx, input, call) => {
      const who = await visitor(call.env.incoming);
      if (!who) throw new Failure("unauthorized", "Sign in first.");
      assertSameOrigin(call.env.incoming);
      const actor = {
        type: "person" as const,
        id: who.person.id,
        name: who.person.name,
        email: who.person.email,
        roles: ["viewer" as const],
      };
      return changePassword({ ...ctx, actor }, input as never);
    },
  },
  verb(listPeople, { method: "get", path: "/people", tag, summary: "People with a role here", output: personShape }),
  verb(invitePerson, { method: "post", path: "/people", tag, summary: "Invite a person", status: 201, tells }),
  verb(setRoles, { method: "put", path: "/people/{person_id}/roles", tag, summary: "Change a person's roles", tells }),
  verb(disablePerson, {
    method: "post",
    path: "/people/{person_id}/disable",
    tag,
    summary: "End a person's sessions and keys",
    tells,
  }),
  verb(listKeys, { method: "get", path: "/keys", tag, summary: "Keys of this environment", output: keyShape }),
  verb(createKey, { method: "post", path: "/keys", tag, summary: "Make a key; it is shown once", status: 201, tells }),
  verb(revokeKey, { method: "post", path: "/keys/{key_id}/revoke", tag, summary: "Revoke a key", tells }),
  {
    ...verb(createEnvironment, {
      method: "post",
      path: "/environments",
      tag,
      summary: "Make an environment",
      status: 201,
    }),
    run: async (ctx, input) => {
      const made = await createEnvironment(ctx, input as never);
      await plantStarters();
      announce(ctx.environmentId, "settings", "audit");
      return made;
    },
  },
];
