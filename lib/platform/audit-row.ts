import canonicalize from "canonicalize";
import type { Ctx } from "./ctx";
import type { Tx } from "./db/prisma";
import { sha256 } from "./ids";

/** What changed, for the chain. `before` and `after` must hold no secret. */
export type AuditEntry = {
  target: { type: string; id: string };
  /** One sentence in the past tense, without the actor: "stopped agent triage-bot". */
  summary: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
};

export type ChainedRow = {
  chainId: string;
  seq: number;
  at: string;
  actorType: string;
  actorId: string;
  actorName: string;
  action: string;
  targetType: string;
  targetId: string;
  summary: string;
  before: unknown;
  after: unknown;
  requestId: string;
  prevHash: string;
};

export const GENESIS = "0".repeat(64);

/** SHA-256 over the canonical JSON of every field, the previous row's hash among them. */
export const rowHash = (row: ChainedRow): string => sha256(canonicalize(row) ?? "");

/** Takes the head of the chain last, so that nothing else waits behind it, and appends one row. */
export async function appendRow(tx: Tx, ctx: Ctx, action: string, entry: AuditEntry): Promise<number> {
  const chainId = ctx.environmentId;
  // The no-op update takes the row's lock, and makes the head where the chain is new.
  const [head] = await tx.$queryRaw<{ seq: bigint; hash: string; at: Date }[]>`
    insert into audit_chains as c (chain_id, seq, hash) values (${chainId}, 0, ${GENESIS})
    on conflict (chain_id) do update set seq = c.seq returning c.seq, c.hash, date_trunc('milliseconds', clock_timestamp()) as at`;
  if (!head) throw new Error("the audit chain has no head");
  const json = (value: Record<string, unknown> | undefined) => (value ? JSON.parse(JSON.stringify(value)) : null);
  const row: ChainedRow = {
    chainId,
    seq: Number(head.seq) + 1,
    at: head.at.toISOString(),
    actorType: ctx.actor.type,
    actorId: ctx.actor.type === "key" ? ctx.actor.personId : ctx.actor.id,
    actorName: ctx.actor.type === "key" ? `${ctx.actor.personName} by key ${ctx.actor.name}` : ctx.actor.name,
    action,
    targetType: entry.target.type,
    targetId: entry.target.id,
    summary: entry.summary,
    before: json(entry.before),
    after: json(entry.after),
    requestId: ctx.requestId,
    prevHash: head.hash,
  };
  const hash = rowHash(row);
  await tx.$executeRaw`
    with appended as (
      insert into audit_rows (chain_id, seq, at, actor_type, actor_id, actor_name, action, target_type, target_id, summary, before, after,
        request_id, prev_hash, hash)
      values (${chainId}, ${row.seq}, ${row.at}::timestamptz, ${row.actorType}, ${row.actorId}, ${row.actorName}, ${row.action},
        ${row.targetType}, ${row.targetId}, ${row.summary}, ${stored(row.before)}::jsonb, ${stored(row.after)}::jsonb, ${row.requestId},
        ${row.prevHash}, ${hash}))
    update audit_chains set seq = ${row.seq}, hash = ${hash} where chain_id = ${chainId}`;
  return row.seq;
}

const stored = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
