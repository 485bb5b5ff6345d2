import type { ChainedRow } from "../platform/audit-row";
import type { Sql } from "../platform/db/pool";

type Row = {
  chain_id: string;
  seq: number;
  at: Date;
  actor_type: string;
  actor_id: string;
  actor_name: string;
  action: string;
  target_type: string;
  target_id: string;
  summary: string;
  before: unknown;
  after: unknown;
  request_id: string;
  prev_hash: string;
  hash: string;
};
export type StoredRow = { row: ChainedRow; hash: string };

const out = (r: Row): StoredRow => ({
  row: {
    chainId: r.chain_id,
    seq: r.seq,
    at: r.at.toISOString(),
    actorType: r.actor_type,
    actorId: r.actor_id,
    actorName: r.actor_name,
    action: r.action,
    targetType: r.target_type,
    targetId: r.target_id,
    summary: r.summary,
    before: r.before,
    after: r.after,
    requestId: r.request_id,
    prevHash: r.prev_hash,
  },
  hash: r.hash,
});

export type AuditFilter = {
  action?: string | undefined;
  actor_id?: string | undefined;
  target_type?: string | undefined;
  target_id?: string | undefined;
  q?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

export async function rows(
  tx: Sql,
  chainId: string,
  f: AuditFilter,
  before: number | null,
  limit: number,
): Promise<StoredRow[]> {
  const { rows: found } = await tx.query<Row>(
    `select * from audit_rows where chain_id = $1 and ($2::int8 is null or seq < $2)
       and ($3::text is null or action = $3 or ($3 like '%.' and starts_with(action, $3))) and ($4::text is null or actor_id = $4)
       and ($5::text is null or target_type = $5) and ($6::text is null or target_id = $6)
       and ($7::text is null or summary ilike $7 or actor_name ilike $7 or target_id ilike $7)
       and ($8::timestamptz is null or at >= $8) and ($9::timestamptz is null or at < $9)
     order by seq desc limit $10`,
    [
      chainId,
      before,
      f.action ?? null,
      f.actor_id ?? null,
      f.target_type ?? null,
      f.target_id ?? null,
      f.q ? `%${f.q.replace(/[\\%_]/g, "\\$&")}%` : null,
      f.from ?? null,
      f.to ?? null,
      limit,
    ],
  );
  return found.map(out);
}

export async function following(tx: Sql, chainId: string, after: number, limit: number): Promise<StoredRow[]> {
  const { rows: found } = await tx.query<Row>(
    "select * from audit_rows where chain_id = $1 and seq > $2 order by seq limit $3",
    [chainId, after, limit],
  );
  return found.map(out);
}

export async function head(tx: Sql, chainId: string): Promise<{ seq: number; hash: string } | null> {
  const { rows: found } = await tx.query<{ seq: number; hash: string }>(
    "select seq, hash from audit_chains where chain_id = $1",
    [chainId],
  );
  return found[0] ?? null;
}
