import type { Sql } from "../../platform/db/pool";
import type { Tx } from "../../platform/db/prisma";

type Edited = { model: string; input_usd: number; output_usd: number; cached_usd: number | null };

export async function editedPrices(tx: Sql, environmentId: string) {
  const { rows } = await tx.query<Edited>(
    "select model, input_usd, output_usd, cached_usd from model_prices where environment_id = $1",
    [environmentId],
  );
  return new Map(rows.map((r) => [r.model, { input: r.input_usd, output: r.output_usd, cached: r.cached_usd }]));
}

/** @returns what it was before */
export async function setPrice(
  tx: Tx,
  environmentId: string,
  price: { model: string; input_usd: number; output_usd: number; cached_usd?: number | null | undefined },
): Promise<Record<string, unknown> | null> {
  const where = { environmentId_model: { environmentId, model: price.model } };
  const before = await tx.modelPrice.findUnique({ where });
  const data = { inputUsd: price.input_usd, outputUsd: price.output_usd, cachedUsd: price.cached_usd ?? null };
  await tx.modelPrice.upsert({
    where,
    create: { environmentId, model: price.model, ...data },
    update: { ...data, updatedAt: new Date() },
  });
  return (
    before && {
      input_usd: Number(before.inputUsd),
      output_usd: Number(before.outputUsd),
      cached_usd: before.cachedUsd && Number(before.cachedUsd),
    }
  );
}

type Written = { model: string; input_usd: number; output_usd: number; cached_usd?: number | null | undefined };
/** The same in plain SQL, for a transaction that writes many things. */
export const writePrice = (tx: Sql, environmentId: string, p: Written) =>
  tx.query(
    `insert into model_prices (environment_id, model, input_usd, output_usd, cached_usd) values ($1, $2, $3, $4, $5)
     on conflict (environment_id, model) do update set input_usd = excluded.input_usd, output_usd = excluded.output_usd,
       cached_usd = excluded.cached_usd, updated_at = now()`,
    [environmentId, p.model, p.input_usd, p.output_usd, p.cached_usd ?? null],
  );
