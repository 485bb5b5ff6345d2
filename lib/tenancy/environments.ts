import { Failure } from "../platform/errors";
import { newId } from "../platform/ids";
import { write } from "../platform/verb";
import { createEnvironmentInput, slugOf } from "./schema";
import * as store from "./store";

export const createEnvironment = write("environment.create", {
  needs: "environment.write",
  input: createEnvironmentInput,
  run: async ({ tx, ctx, input }) => {
    const slug = slugOf(input.name, input.kind);
    if ((await store.environments(tx)).some((e) => e.slug === slug))
      throw new Failure("conflict", `There is an environment ${slug} already.`);
    const row = await store.createEnvironment(tx, { id: newId("env"), slug, name: input.name, kind: input.kind });
    // Whoever made it can open it, also where their administration ends at one environment.
    if (ctx.actor.type === "person" && !(await store.isAdminEverywhere(tx, ctx.actor.id)))
      await store.setRoles(tx, ctx.actor.id, row.id, ["admin"], () => newId("mem"));
    return {
      value: store.environmentOut(row),
      audit: {
        target: { type: "environment", id: row.id },
        summary: `made environment ${slug}`,
        after: { kind: input.kind },
      },
    };
  },
});
