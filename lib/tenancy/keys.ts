import { Failure, notFound } from "../platform/errors";
import { newId, newKey, sha256 } from "../platform/ids";
import { read, write } from "../platform/verb";
import { createKeyInput, keyInput, nothing } from "./schema";
import * as store from "./store";

export const listKeys = read("key.list", {
  needs: "people.read",
  input: nothing,
  run: async ({ tx, ctx }) => ({
    items: await store.keysIn(tx.prisma, ctx.environmentId, ctx.now()),
    next_cursor: null,
  }),
});

/** The key itself is in the answer and nowhere else: a hash of it is stored. */
export const createKey = write("key.create", {
  needs: "keys.write",
  input: createKeyInput,
  run: async ({ tx, ctx, input }) => {
    if (ctx.actor.type !== "person") throw new Failure("forbidden", "Keys are made by people: a key answers for one.");
    const key = newKey();
    const id = newId("key");
    const { name, scopes } = input;
    await store.createKey(tx, {
      id,
      environmentId: ctx.environmentId,
      personId: ctx.actor.id,
      name,
      tail: key.slice(-4),
      hash: sha256(key),
      scopes,
      agentIds: input.agent_ids,
      tenantIds: input.tenant_ids,
      expiresAt: input.expires_at ? new Date(input.expires_at) : null,
    });
    return {
      value: { key_id: id, key, name, scopes },
      audit: {
        target: { type: "key", id },
        summary: `made key ${name}`,
        after: { scopes, agent_ids: input.agent_ids, tenant_ids: input.tenant_ids },
      },
    };
  },
});

/** Streams of the key close within 5 s; its agents then act as their `on_stale` says. */
export const revokeKey = write("key.revoke", {
  needs: "keys.write",
  input: keyInput,
  run: async ({ tx, ctx, input }) => {
    const name = await store.revokeKey(tx, ctx.environmentId, input.key_id);
    if (name === null) throw notFound("active key");
    return {
      value: { key_id: input.key_id },
      audit: { target: { type: "key", id: input.key_id }, summary: `revoked key ${name}` },
    };
  },
});
