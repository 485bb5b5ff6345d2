import type { Sql } from "../../platform/db/pool";

export type Bound = { at: Date | null; id: string };
export type Block = { count: number; from: Date; to: Date; last_id: string; hash: string };
const MAX = 5_000;

/** Environments with decisions that no block has sealed yet. */
export async function unsealed(tx: Sql): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select h.environment_id as id from control_heads h where exists (select 1 from decisions d where d.environment_id = h.environment_id
       and (h.sealed_at is null or (d.decided_at, d.decision_id) > (h.sealed_at, h.sealed_id)))`,
  );
  return rows.map((r) => r.id);
}

export async function sealedUntil(tx: Sql, environmentId: string): Promise<Bound> {
  const { rows } = await tx.query<Bound>(
    "select sealed_at as at, sealed_id as id from control_heads where environment_id = $1",
    [environmentId],
  );
  return rows[0] ?? { at: null, id: "" };
}
export const sealUntil = (tx: Sql, environmentId: string, to: Date, id: string) =>
  tx.query("update control_heads set sealed_at = $2, sealed_id = $3 where environment_id = $1", [
    environmentId,
    to,
    id,
  ]);

/** SHA-256 over every decision after one bound and up to another, in order: who asked, what, and what was answered. */
export async function blockAfter(
  tx: Sql,
  environmentId: string,
  after: Bound,
  until: Bound | null,
): Promise<Block | null> {
  const { rows } = await tx.query<Omit<Block, "count"> & { count: number }>(
    `with b as (select d.* from decisions d where d.environment_id = $1 and ($2::timestamptz is null or (d.decided_at, d.decision_id) > ($2, $3))
       and ($4::timestamptz is null or (d.decided_at, d.decision_id) <= ($4, $5)) order by d.decided_at, d.decision_id limit ${MAX})
     select count(*)::int as count, min(decided_at) as "from", max(decided_at) as "to",
       (select decision_id from b order by decided_at desc, decision_id desc limit 1) as last_id,
       encode(sha256(convert_to(coalesce(string_agg(concat_ws('|', decision_id, run_id, agent_id, kind, tool, model, args_hash, outcome, code, question, answer), E'\\n'
         order by decided_at, decision_id), ''), 'UTF8')), 'hex') as hash from b`,
    [environmentId, after.at, after.id, until?.at ?? null, until?.id ?? ""],
  );
  const [row] = rows;
  return row && row.count > 0 ? row : null;
}

export type SealRow = {
  seq: number;
  after: {
    from: string;
    to: string;
    last_id: string;
    count: number;
    hash: string;
    after_at: string | null;
    after_id: string;
  };
};
export async function seals(tx: Sql, environmentId: string): Promise<SealRow[]> {
  const { rows } = await tx.query<SealRow>(
    "select seq, after from audit_rows where chain_id = $1 and action = 'decisions.seal' order by seq",
    [environmentId],
  );
  return rows;
}
