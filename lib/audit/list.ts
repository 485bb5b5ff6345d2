import { type Ctx, INSTALLATION } from "../platform/ctx";
import { decodeCursor, pageOf } from "../platform/page";
import { read } from "../platform/verb";
import { type AuditShape, listAuditInput } from "./schema";
import { rows, type StoredRow } from "./store";

export const chainOf = (ctx: Ctx, chain: "environment" | "installation"): string =>
  chain === "installation" ? INSTALLATION : ctx.environmentId;

export const auditOut = ({ row, hash }: StoredRow): AuditShape => ({
  seq: row.seq,
  at: row.at,
  actor: { type: row.actorType, id: row.actorId, name: row.actorName },
  action: row.action,
  target: { type: row.targetType, id: row.targetId },
  summary: row.summary,
  before: row.before,
  after: row.after,
  request_id: row.requestId,
  prev_hash: row.prevHash,
  hash,
});

/** Newest first, each row with its hash and the one before it, so that an export can be verified elsewhere. */
export const listAudit = read("audit.list", {
  needs: "audit.read",
  input: listAuditInput,
  run: async ({ tx, ctx, input }) => {
    const after = decodeCursor(input.cursor, 1);
    const found = await rows(
      tx.sql,
      chainOf(ctx, input.chain),
      input,
      after ? Number(after[0]) : null,
      input.limit + 1,
    );
    return pageOf(found, input.limit, (r) => [r.row.seq], auditOut);
  },
});
