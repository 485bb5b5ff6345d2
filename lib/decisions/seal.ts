import { lockHead } from "../controls";
import { appendRowSql } from "../platform/audit-row";
import { systemCtx } from "../platform/ctx";
import { inTransaction, read, reader } from "../platform/verb";
import { nothing } from "./schema";
import * as store from "./store/seal";

/**
 * Puts the hash of what was decided since the last time into the audit chain. Decisions are written under the environment's
 * lock, so whoever holds it knows that no open transaction can still fill the block.
 */
export async function sealDecisions(): Promise<void> {
  for (const environmentId of await store.unsealed(reader().sql))
    await inTransaction(async (tx) => {
      await lockHead(tx, environmentId);
      const after = await store.sealedUntil(tx, environmentId);
      const block = await store.blockAfter(tx, environmentId, after, null);
      if (!block) return;
      await store.sealUntil(tx, environmentId, block.to, block.last_id);
      await appendRowSql(tx, systemCtx(environmentId, "seal"), "decisions.seal", {
        target: { type: "decisions", id: block.last_id },
        summary: `sealed ${block.count} decisions`,
        after: {
          count: block.count,
          from: block.from.toISOString(),
          to: block.to.toISOString(),
          last_id: block.last_id,
          hash: block.hash,
          after_at: after.at?.toISOString() ?? null,
          after_id: after.id,
        },
      });
    });
}

/** Recomputes every block: a decision that was changed, taken away or slipped in afterwards is named by its block. */
export const verifyDecisions = read("decision.verify", {
  needs: "audit.read",
  input: nothing,
  run: async ({ tx, ctx }) => {
    let decisions = 0;
    for (const { seq, after: seal } of await store.seals(tx.sql, ctx.environmentId)) {
      const from = { at: seal.after_at === null ? null : new Date(seal.after_at), id: seal.after_id };
      const block = await store.blockAfter(tx.sql, ctx.environmentId, from, {
        at: new Date(seal.to),
        id: seal.last_id,
      });
      if (block?.hash !== seal.hash)
        return {
          ok: false,
          decisions,
          broken: { seq, from: seal.from, to: seal.to, what: "Its decisions are not those that were sealed." },
        };
      decisions += seal.count;
    }
    return { ok: true, decisions, broken: null };
  },
});
