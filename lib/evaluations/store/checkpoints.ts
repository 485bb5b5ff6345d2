import type { Sql } from "../../platform/db/pool";
import type { CheckpointShape } from "../schema";

export type CheckpointRow = Omit<CheckpointShape, "at" | "verified_at" | "mismatch_at"> & {
  at: Date;
  verified_at: Date | null;
  mismatch_at: Date | null;
};
const COLUMNS = "checkpoint_id, run_id, step, state_hash, bytes, parent_checkpoint_id, at, verified_at, mismatch_at";

export const shapeOf = (c: CheckpointRow): CheckpointShape => ({
  ...c,
  at: c.at.toISOString(),
  verified_at: c.verified_at?.toISOString() ?? null,
  mismatch_at: c.mismatch_at?.toISOString() ?? null,
});

export async function checkpoint(tx: Sql, environmentId: string, id: string): Promise<CheckpointRow | null> {
  const { rows } = await tx.query<CheckpointRow>(
    `select ${COLUMNS} from checkpoints where environment_id = $1 and checkpoint_id = $2`,
    [environmentId, id],
  );
  return rows[0] ?? null;
}

type New = Pick<CheckpointShape, "checkpoint_id" | "run_id" | "step" | "state_hash" | "bytes" | "parent_checkpoint_id">;
export async function insert(tx: Sql, environmentId: string, c: New): Promise<CheckpointRow> {
  const { rows } = await tx.query<CheckpointRow>(
    `insert into checkpoints (environment_id, checkpoint_id, run_id, step, state_hash, bytes, parent_checkpoint_id)
     values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
    [environmentId, c.checkpoint_id, c.run_id, c.step, c.state_hash, c.bytes, c.parent_checkpoint_id],
  );
  const [row] = rows;
  if (!row) throw new Error("the checkpoint was not written");
  return row;
}

/** Says what came of a look, by the database's own comparison. null: there is none here. */
export async function verified(tx: Sql, environmentId: string, id: string, hash: string): Promise<boolean | null> {
  const { rows } = await tx.query<{ match: boolean }>(
    `update checkpoints set verified_at = case when state_hash = $3 then now() else verified_at end,
       mismatch_at = case when state_hash = $3 then mismatch_at else now() end
     where environment_id = $1 and checkpoint_id = $2 returning state_hash = $3 as match`,
    [environmentId, id, hash],
  );
  return rows[0]?.match ?? null;
}

/** Of one run, newest first. */
export async function list(
  tx: Sql,
  environmentId: string,
  runId: string,
  limit: number,
  after: (string | number)[] | null,
): Promise<CheckpointRow[]> {
  const { rows } = await tx.query<CheckpointRow>(
    `select ${COLUMNS} from checkpoints where environment_id = $1 and run_id = $2
       and ($3::int is null or (step, at, checkpoint_id) < ($3, $4::timestamptz, $5::text))
     order by step desc, at desc, checkpoint_id desc limit $6`,
    [environmentId, runId, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit + 1],
  );
  return rows;
}
