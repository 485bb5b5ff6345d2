import pg from "pg";
import { env } from "../env";
import { log } from "../log";

// Counts and revisions are far below 2^53; a BIGINT read as text would be a trap in every sum.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);

export type Sql = Pick<pg.ClientBase, "query">;

let shared: pg.Pool | undefined;

export function makePool(max: number, url = env().DATABASE_URL, options?: string): pg.Pool {
  if (!url) throw new Error("DATABASE_URL is not set: the supervisor sets it once the embedded database has started.");
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    allowExitOnIdle: true,
    ...(options ? { options } : {}),
  });
  pool.on("error", (err) => log.warn({ err: err.message }, "an idle database connection was lost"));
  return pool;
}

/** The process's pool for hot paths and reads: plain SQL, no Prisma. */
export function sql(): pg.Pool {
  shared ??= makePool(env().INTERLOCK_POOL);
  return shared;
}

let looking: pg.Pool | undefined;
/**
 * For statements that look up a few rows of many tables by their keys, thousands of times a second: planned once, and never
 * by reading a table whole because nobody has counted it yet.
 */
export function keyedSql(): pg.Pool {
  looking ??= makePool(
    env().INTERLOCK_POOL < 4 ? 1 : 2,
    env().DATABASE_URL,
    "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off",
  );
  return looking;
}

/** Runs `work` in one transaction on one connection. `begin` may be followed by a statement whose answer `work` gets. */
export async function inTransaction<T>(
  work: (tx: pg.PoolClient, begun: pg.QueryResult) => Promise<T>,
  pool = sql(),
  begin = "begin",
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const said: pg.QueryResult | pg.QueryResult[] = await client.query(begin);
    const begun = Array.isArray(said) ? said.at(-1) : said;
    const value = await work(client, begun);
    await client.query("commit");
    return value;
  } catch (err) {
    await client.query("rollback").catch((e: Error) => {
      broken = e;
    });
    throw err;
  } finally {
    client.release(broken);
  }
}

/**
 * Work that one process of the installation does: it waits until the lock is free, and knows when it has lost it. The lock
 * ends with its connection, which belongs to nothing else.
 */
export async function alone(
  key: number,
  signal: AbortSignal,
  work: (stillHeld: () => boolean) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: env().DATABASE_URL, application_name: "interlock-leader" });
  let held = true;
  const lose = () => {
    held = false;
  };
  client.on("error", lose);
  client.on("end", lose);
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ ok: boolean }>("select pg_try_advisory_lock($1) as ok", [key]);
      if (rows[0]?.ok) break;
      if (signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, 1_000).unref());
    }
    await work(() => held);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function closePools(): Promise<void> {
  await Promise.all([shared?.end(), looking?.end()]);
  shared = undefined;
  looking = undefined;
}
