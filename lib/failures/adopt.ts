import { listRules, writeRule } from "../detectors";
import { writeSql } from "../platform/verb";
import { bodyOfRow, categoryOf } from "./entry";
import { adoptInput } from "./schema";
import * as store from "./store";
import { ofEntry, ruleFacts, writeFailure } from "./write";

const free = (slug: string, taken: ReadonlySet<string>): string => {
  if (!taken.has(slug)) return slug;
  let n = 2;
  while (taken.has(`${slug}-${n}`)) n++;
  return `${slug}-${n}`;
};

/**
 * An entry as *expected*, in the words of its category; the category's rules that belong to no entry yet become its own.
 * @throws Failure `invalid_input`
 */
export const adoptFailure = writeSql("failure.adopt", {
  needs: "failures.write",
  input: adoptInput,
  run: async ({ tx, ctx, input }) => {
    const category = categoryOf(input.category);
    // One adoption of a category at a time, so that two of them take two names.
    await store.lock(tx, ctx.environmentId, category.slug);
    const taken = new Set((await store.failures(tx, ctx.environmentId)).map((f) => f.slug));
    const slug = free(category.slug, taken);
    const rules = (await listRules(ctx, { category: category.slug })).items.filter((r) => r.failure === null);
    for (const rule of rules) await writeRule(tx, ctx, ofEntry(rule, slug));
    const { row } = await writeFailure(tx, ctx, {
      slug,
      body: { category: category.slug, triage: { when: "pre_launch" }, owner: input.owner, agents: [] },
      change: "adopted",
      note: null,
      also: rules.map((r) => ({ field: `rule ${r.slug}`, before: null, after: ruleFacts(r) })),
    });
    const linked = rules.map((r) => r.slug);
    return {
      value: { slug, revision: row.revision, linked_rules: linked },
      audit: {
        target: { type: "failure", id: slug },
        summary: `adopted failure ${slug} from the catalogue`,
        after: { ...bodyOfRow(row), rules: linked },
      },
    };
  },
});
