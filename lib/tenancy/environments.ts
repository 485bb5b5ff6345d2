import { LRUCache } from "lru-cache";
import { Failure } from "../platform/errors";
import { newId } from "../platform/ids";
import { reader, write } from "../platform/verb";
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

const slugs = new LRUCache<string, string>({ max: 1_000 });
/** The environment's part of a URL; it never changes. */
export async function slugById(environmentId: string): Promise<string> {
  const known = slugs.get(environmentId);
  if (known !== undefined) return known;
  const row = (await store.environments(reader().prisma)).find((e) => e.id === environmentId);
  if (row) slugs.set(environmentId, row.slug);
  return row?.slug ?? environmentId;
}
