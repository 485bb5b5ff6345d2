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
