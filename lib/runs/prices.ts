import { LRUCache } from "lru-cache";
import { z } from "zod";
import { read, reader, write } from "../platform/verb";
import table from "./prices.json";
import { type PriceShape, priceInput } from "./schema";
import type { CostSource, Tokens } from "./span";
import * as store from "./store/prices";

export type Price = { input: number; output: number; cached: number | null };
/** By model name: what people wrote over the table that ships. */
export type Prices = ReadonlyMap<string, Price>;

const SHIPPED: Prices = new Map(
  Object.entries(table.models as Record<string, number[]>).map(([model, [input = 0, output = 0, cached]]) => [
    model,
    { input, output, cached: cached ?? null },
  ]),
);

/** `openai/gpt-4o-2024-08-06` → `gpt-4o`: without the provider before and the date or `latest` behind. */
function family(model: string): string {
  const bare = model.toLowerCase().split("/").at(-1) ?? model;
  return bare
    .replace(/^(us|eu|apac|global)\./, "")
    .replace(/^anthropic\./, "")
    .replace(/(-v\d+:\d+|@\d{8}|-\d{8}|-\d{4}-\d{2}-\d{2}|-latest)$/g, "");
}

function priceOf(model: string, edited: Prices): Price | null {
  const name = family(model);
  return edited.get(model) ?? edited.get(name) ?? SHIPPED.get(model) ?? SHIPPED.get(name) ?? null;
}

/**
 * What a model call cost, in micro-dollars, and who says so. Cached input is part of input and has its own price where
 * there is one. A model that nobody priced is `unpriced`, never zero by accident.
 */
export function costOf(
  model: string | null,
  tokens: Tokens | null,
  saidUsd: number | null,
  edited: Prices,
): { micros: number | null; source: CostSource | null } {
  if (saidUsd !== null) return { micros: Math.round(saidUsd * 1e6), source: "provider" };
  if (!tokens) return { micros: null, source: null };
  const price = model ? priceOf(model, edited) : null;
  if (!price) return { micros: null, source: "unpriced" };
  const cached = Math.min(tokens.cached, tokens.input);
  const micros =
    (tokens.input - cached) * price.input + cached * (price.cached ?? price.input) + tokens.output * price.output;
  return { micros: Math.round(micros), source: "table" };
}

const cache = new LRUCache<string, Prices>({ max: 1_000, ttl: 10_000 });
/** What people priced here, as of ten seconds ago at most. */
export async function pricesOf(environmentId: string): Promise<Prices> {
  const known = cache.get(environmentId);
  if (known) return known;
  const prices = await store.editedPrices(reader().sql, environmentId);
  cache.set(environmentId, prices);
  return prices;
}

export const listPrices = read("price.list", {
  needs: "prices.read",
  input: z.strictObject({}),
  run: async ({ tx, ctx }) => {
    const edited = await store.editedPrices(tx.sql, ctx.environmentId);
    const rows = new Map<string, PriceShape>();
    const put = (prices: Prices, source: PriceShape["source"]) => {
      for (const [model, p] of prices)
        rows.set(model, { model, input_usd: p.input, output_usd: p.output, cached_usd: p.cached, source });
    };
    put(SHIPPED, "shipped");
    put(edited, "edited");
    return {
      items: [...rows.values()].sort((a, b) => a.model.localeCompare(b.model)),
      next_cursor: null,
      note: table.source,
    };
  },
});

/** Calls that arrive from now on are priced by it; what was stored keeps the cost it got. */
export const setPrice = write("price.set", {
  needs: "prices.write",
  input: priceInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.setPrice(tx, ctx.environmentId, input);
    return {
      value: { model: input.model },
      audit: {
        target: { type: "price", id: input.model },
        summary: `set the price of ${input.model}`,
        before: before ?? undefined,
        after: input,
      },
    };
  },
});
