import type { Sql } from "./pool";

/**
 * Tables that have grown and nobody has counted yet: until the server's own round comes, the planner takes them for empty.
 * @returns which were counted
 */
export async function countYoungTables(tx: Sql): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `select relname as name from pg_stat_user_tables where schemaname = 'public' and n_mod_since_analyze > 500
       and last_analyze is null and last_autoanalyze is null`,
  );
  for (const { name } of rows) await tx.query(`analyze "${name.replaceAll('"', '""')}"`);
  return rows.map((r) => r.name);
}
