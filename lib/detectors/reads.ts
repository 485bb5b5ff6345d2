import { z } from "zod";
import { notFound } from "../platform/errors";
import type { Reader } from "../platform/verb";
import { read } from "../platform/verb";
import { CATEGORIES } from "./catalogue";
import measured from "./catalogue/measured.json";
import { DEFAULT_RULES } from "./catalogue/rules";
import { overlaid } from "./in-force";
import { METRIC_NAMES, METRICS } from "./metrics";
import { type CategoryShape, listRulesInput, type RuleShape, ruleName, sentenceInput } from "./schema";
import { parseSentence, sayCondition } from "./sentence";
import { ruleOut } from "./shape";
import * as store from "./store/rules";

const MEASURED: Record<string, CategoryShape["measured"]> = measured;

async function all(tx: Reader, environmentId: string): Promise<RuleShape[]> {
  const [stored, facts, seen] = await Promise.all([
    store.rulesOf(tx.sql, environmentId),
    store.firings(tx.sql, environmentId),
    store.dataSeen(tx.sql, environmentId),
  ]);
  return overlaid(stored).map((r) => ruleOut(r, facts.get(r.slug), seen, Date.now()));
}

/** Every rule: the catalogue's as it ships or as it was changed here, and those written here. */
export const listRules = read("rule.list", {
  needs: "rules.read",
  input: listRulesInput,
  run: async ({ tx, ctx, input }) => ({
    items: (await all(tx, ctx.environmentId)).filter(
      (r) =>
        (input.category === undefined || r.category === input.category) &&
        (input.failure === undefined || r.failure === input.failure) &&
        (input.mode === undefined || r.mode === input.mode),
    ),
    next_cursor: null,
  }),
});

/** @throws Failure `not_found` */
export const getRule = read("rule.get", {
  needs: "rules.read",
  input: ruleName,
  run: async ({ tx, ctx, input }) => {
    const found = (await all(tx, ctx.environmentId)).find((r) => r.slug === input.slug);
    if (!found) throw notFound("rule");
    return found;
  },
});

/** The failure categories that ship. */
export const listCatalogue = read("catalogue.list", {
  needs: "failures.read",
  input: z.strictObject({}),
  run: async () => ({
    items: CATEGORIES.map(
      (c): CategoryShape => ({
        ...c,
        measured: MEASURED[c.slug] ?? null,
        rules: DEFAULT_RULES.filter((r) => r.category === c.slug).map((r) => r.slug),
      }),
    ),
    next_cursor: null,
  }),
});

/** What rules can be about. */
export const listMetrics = read("metric.list", {
  needs: "rules.read",
  input: z.strictObject({}),
  run: async () => ({ items: METRIC_NAMES.map((metric) => ({ metric, ...METRICS[metric] })), next_cursor: null }),
});

/** A sentence, as a rule would understand it; never an error: what is wrong is in the answer. */
export const readSentence = read("sentence.read", {
  needs: "rules.read",
  input: sentenceInput,
  run: async ({ input }) => {
    const parsed = parseSentence(input.sentence);
    if (!parsed.ok) return { ok: false as const, message: parsed.message, at: parsed.at };
    const { windowS, ...rest } = parsed.condition;
    return {
      ok: true as const,
      condition: { ...rest, window_s: windowS },
      sentence: sayCondition(parsed.condition),
      says: METRICS[rest.metric].says,
    };
  },
});
