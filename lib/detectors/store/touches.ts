import type { Sql } from "../../platform/db/pool";

/** A run of which something was written: since when, how many spans, and when those began. */
export type Touched = {
  environment_id: string;
  run_id: string;
  since: Date;
  spans: number;
  first_at: Date | null;
  last_at: Date | null;
};

/** Takes what is left to look at, oldest first, one row a run. In the transaction that writes what was found. */
export async function takeTouches(tx: Sql, limit: number): Promise<Touched[]> {
  const { rows } = await tx.query<Touched>({
    name: "take-touches",
    text: `with taken as (delete from run_touches where id in (select id from run_touches order by id limit $1 for update skip locked) returning *)
      select environment_id, run_id, min(since) as since, sum(spans)::int as spans, min(first_at) as first_at, max(last_at) as last_at
      from taken group by 1, 2`,
    values: [limit],
  });
  return rows;
}
