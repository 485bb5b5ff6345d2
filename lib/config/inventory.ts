import { isDeepStrictEqual } from "node:util";
import { listRules, parseSentence, writeRule } from "../detectors";
import { type RuleShape, ruleInput } from "../detectors/schema";
import { checkFailure, failureBodyOf, failuresOf, ruleBodyOf, writeFailure } from "../failures";
import { entrySlug } from "../failures/schema";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { parse } from "../platform/verb";
import { type Add, type Fields, said, under, underLater } from "./plan";
import type { ConfigFile } from "./schema";

/** Rules that were written or changed here, by name: the catalogue's are everywhere already. */
export async function ownRules(ctx: Ctx): Promise<Map<string, Fields>> {
  const { items } = await listRules(ctx, {});
  const ours = items.filter((r) => r.origin === "yours").toSorted((a, b) => (a.slug < b.slug ? -1 : 1));
  return new Map(ours.map((r) => [r.slug, said(bodyOf(r))]));
}
const bodyOf = (rule: RuleShape): Fields => {
  const { slug: _, ...body } = ruleBodyOf(rule);
  return body;
};

/** A rule of the file, with its sentence taken apart as it will be stored. */
function spelled(value: Fields, known: Fields): Fields {
  const { sentence, ...rest } = value;
  const whole = { name: known.name, op: ">", per: "run", ...rest };
  const parsed = typeof sentence === "string" ? parseSentence(sentence) : null;
  if (!parsed?.ok) return said(whole);
  const { windowS, ...condition } = parsed.condition;
  return said({ ...whole, ...condition, scope: { ...Object(rest.scope), ...condition.scope }, window_s: windowS });
}

/** Entries and rules of the file that differ. @throws Failure `invalid_input` with their place in the file */
export async function planInventory(tx: Sql, ctx: Ctx, file: ConfigFile, note: string, add: Add): Promise<void> {
  const entries = new Map(
    (await failuresOf(tx, ctx.environmentId)).map((f) => [f.slug, failureBodyOf(f, f.ownerEmail)]),
  );
  for (const [slug, body] of Object.entries(file.failures ?? {})) {
    const path = `failures.${slug}`;
    under(path, () => parse(entrySlug, slug));
    const given = { slug, body, change: "imported" as const, note };
    const { entry, ownerEmail } = await underLater(path, () => checkFailure(tx, ctx, given));
    const known = entries.get(slug);
    if (known && isDeepStrictEqual(known, failureBodyOf(entry, ownerEmail))) continue;
    add("failure", slug, known !== undefined, async (t, c) => {
      await writeFailure(t, c, given);
    });
  }
  const rules = await ownRules(ctx);
  for (const [slug, value] of Object.entries(file.rules ?? {})) {
    const path = `rules.${slug}`;
    const body = under(path, () => parse(ruleInput, { ...value, slug }));
    const known = rules.get(slug);
    if (known && isDeepStrictEqual(known, spelled(value, known))) continue;
    add("rule", slug, known !== undefined, async (t, c) => {
      await underLater(path, () => writeRule(t, c, body));
    });
  }
}
