import { GENESIS, rowHash } from "../platform/audit-row";
import { read } from "../platform/verb";
import { chainOf } from "./list";
import { type VerifyShape, verifyInput } from "./schema";
import * as store from "./store";

const STEP = 1_000;

/** Recomputes every hash of the chain from the first row: a changed, missing or added row is named. */
export const verifyChain = read("audit.verify", {
  needs: "audit.read",
  input: verifyInput,
  run: async ({ tx, ctx, input }): Promise<VerifyShape> => {
    const chainId = chainOf(ctx, input.chain);
    const head = (await store.head(tx.sql, chainId)) ?? { seq: 0, hash: GENESIS };
    let at = { seq: 0, hash: GENESIS };
    const broken = (seq: number, what: string): VerifyShape => ({
      ok: false,
      rows: at.seq,
      head,
      broken: { seq, what },
    });
    while (at.seq < head.seq) {
      const rows = await store.following(tx.sql, chainId, at.seq, STEP);
      if (rows.length === 0) return broken(at.seq + 1, "Rows are missing at the end.");
      for (const { row, hash } of rows) {
        if (row.seq !== at.seq + 1) return broken(at.seq + 1, "A row is missing.");
        if (row.prevHash !== at.hash) return broken(row.seq, "It does not follow the row before it.");
        if (rowHash(row) !== hash) return broken(row.seq, "Its content was changed.");
        at = { seq: row.seq, hash };
        if (at.seq === head.seq) break;
      }
    }
    return at.hash === head.hash
      ? { ok: true, rows: at.seq, head, broken: null }
      : broken(head.seq, "The head is not the last row's hash.");
  },
});
