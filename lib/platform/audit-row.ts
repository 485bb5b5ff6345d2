import canonicalize from "canonicalize";
import type { Ctx } from "./ctx";
import type { Sql } from "./db/pool";
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

/** The same statements on a transaction of Prisma's. */
export const appendRow = (tx: Tx, ctx: Ctx, action: string, entry: AuditEntry): Promise<number> =>
  append((text, values) => tx.$queryRawUnsafe(text, ...values), ctx, action, entry);

export const appendRowSql = (tx: Sql, ctx: Ctx, action: string, entry: AuditEntry): Promise<number> =>
  append(async (text, values) => (await tx.query(text, values)).rows, ctx, action, entry);

type Head = { seq: bigint | number; hash: string; at: Date };
type Ask = (text: string, values: unknown[]) => Promise<unknown[]>;

/** Takes the head of the chain last, so that nothing else waits behind it, and appends one row. */
async function append(ask: Ask, ctx: Ctx, action: string, entry: AuditEntry): Promise<number> {
  const chainId = ctx.environmentId;
  // The no-op update takes the row's lock, and makes the head where the chain is new.
  const [head] = (await ask(
    `insert into audit_chains as c (chain_id, seq, hash) values ($1, 0, $2)
     on conflict (chain_id) do update set seq = c.seq returning c.seq, c.hash, date_trunc('milliseconds', clock_timestamp()) as at`,
    [chainId, GENESIS],
  )) as Head[];
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
  const stored = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
  await ask(
    `with appended as (
       insert into audit_rows (chain_id, seq, at, actor_type, actor_id, actor_name, action, target_type, target_id, summary, before, after,
         request_id, prev_hash, hash)
       values ($1, $2, $3::timestamptz, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12::jsonb, $13, $14, $15))
     update audit_chains set seq = $2, hash = $15 where chain_id = $1`,
    [
      chainId,
      row.seq,
      row.at,
      row.actorType,
      row.actorId,
      row.actorName,
      row.action,
      row.targetType,
      row.targetId,
      row.summary,
      stored(row.before),
      stored(row.after),
      row.requestId,
      row.prevHash,
      rowHash(row),
    ],
  );
  return row.seq;
}
