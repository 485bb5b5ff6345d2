import { listRules, writeRule } from "../detectors";
import type { RuleShape } from "../detectors/schema";
import { assertMay } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure, notFound } from "../platform/errors";
import { inTransaction, read, writeSql } from "../platform/verb";
import { bodyOf, bodyOfRow, categoryOf, changesOf } from "./entry";
import { deleteFailureInput, type FieldChange, type PutFailure, putFailureInput } from "./schema";
import * as store from "./store";
import { author, ofEntry, prepare, ruleFacts, writeFailure } from "./write";

const at = (path: string, message: string) =>
  new Failure("invalid_input", "The rule is not valid.", { errors: [{ path, message }] });

/** What is wrong with the rule is said where the entry carries it. */
async function underRule<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    if (!(err instanceof Failure) || !err.errors) throw err;
    throw new Failure(err.code, err.message, {
      errors: err.errors.map((e) => ({ path: e.path ? `rule.${e.path}` : "rule", message: e.message })),
    });
  }
}

/** The rule that comes with an entry: a new one named as it is, or one that is the entry's already. @throws Failure `invalid_input` */
async function withRule(tx: Sql, ctx: Ctx, input: PutFailure): Promise<FieldChange[]> {
  const { rule } = input;
  if (!rule) return [];
  assertMay(ctx, "rules.write");
  const slug = rule.slug ?? input.slug;
  const { items } = await listRules(ctx, {});
  const before: RuleShape | undefined = items.find((r) => r.slug === slug);
  if (before && before.failure !== null && before.failure !== input.slug)
    throw at("rule.slug", `The rule ${slug} belongs to the entry ${before.failure}.`);
  if (before && before.category !== input.category && before.failure !== input.slug)
    throw at("rule.slug", `The rule ${slug} is of the category ${before.category}.`);
  const name = rule.name ?? before?.name ?? input.name ?? categoryOf(input.category).name;
  const after = await underRule(() =>
    writeRule(tx, ctx, { ...rule, name, slug, category: input.category, failure: input.slug }),
  );
  const facts = before && before.failure === input.slug ? ruleFacts(before) : null;
  return changesOf({ [`rule ${slug}`]: facts }, { [`rule ${slug}`]: ruleFacts(after) });
}

const bodyIn = ({ slug: _, rule: __, note: ___, if_match: ____, ...body }: PutFailure) => body;

/** A whole entry as its next revision, with a rule where it carries one. @throws Failure `invalid_input` | `precondition_failed` */
export const putFailure = writeSql("failure.put", {
  needs: "failures.write",
  input: putFailureInput,
  run: async ({ tx, ctx, input }) => {
    const also = await withRule(tx, ctx, input);
    const { before, row, changed } = await writeFailure(tx, ctx, {
      slug: input.slug,
      body: bodyIn(input),
      change: "changed",
      note: input.note ?? null,
      ifMatch: input.if_match,
      also,
    });
    const fields = changed.map((c) => c.field).join(", ");
    return {
      value: { slug: row.slug, revision: row.revision, created: before === null },
      audit: {
        target: { type: "failure", id: row.slug },
        summary: `${before ? `changed ${fields || "nothing"} of` : "entered"} failure ${row.slug}${input.note ? `: ${input.note}` : ""}`,
        before: before ? bodyOfRow(before) : undefined,
        after: { ...bodyOfRow(row), ...Object.fromEntries(also.map((c) => [c.field, c.after])) },
      },
    };
  },
});

/** Done and taken back: the checks of a write without it. */
async function tried<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
  const back = new Error("taken back");
  let value: T | undefined;
  await inTransaction(async (tx) => {
    value = await work(tx);
    throw back;
  }).catch((err: unknown) => {
    if (err !== back) throw err;
  });
  return value as T;
}

/** The same checks, and nothing is kept. @throws Failure `forbidden` | `invalid_input` | `precondition_failed` */
export const tryFailure = read("failure.try", {
  needs: "failures.read",
  input: putFailureInput,
  run: async ({ tx, ctx, input }) => {
    assertMay(ctx, "failures.write");
    const { before, entry, ownerEmail } = await prepare(tx.sql, ctx, {
      slug: input.slug,
      body: bodyIn(input),
      change: "changed",
      note: null,
      ifMatch: input.if_match,
    });
    const changed = changesOf(before && bodyOfRow(before), bodyOf(entry, ownerEmail));
    const also = input.rule ? await tried((t) => withRule(t, ctx, input)) : [];
    return { valid: true as const, revision: before?.revision ?? 0, changed: [...changed, ...also] };
  },
});

/** Its rules go on as they are and belong to no entry; its history stays. @throws Failure `not_found` */
export const deleteFailure = writeSql("failure.delete", {
  needs: "failures.write",
  input: deleteFailureInput,
  run: async ({ tx, ctx, input }) => {
    const { environmentId } = ctx;
    await store.lock(tx, environmentId, input.slug);
    const before = await store.failure(tx, environmentId, input.slug);
    if (!before) throw notFound("failure");
    const { items } = await listRules(ctx, { failure: input.slug });
    for (const rule of items) await writeRule(tx, ctx, ofEntry(rule, null));
    await store.deleteFailure(tx, environmentId, input.slug);
    const by = author(ctx);
    await store.addRevision(tx, environmentId, input.slug, {
      revision: before.revision + 1,
      byId: by.id,
      byName: by.name,
      change: "deleted",
      note: input.reason,
      changed: [],
      entry: bodyOfRow(before),
    });
    return {
      value: { slug: input.slug, deleted: true as const, rules_kept: items.map((r) => r.slug) },
      audit: {
        target: { type: "failure", id: input.slug },
        summary: `deleted failure ${input.slug}: ${input.reason}`,
        before: bodyOfRow(before),
      },
    };
  },
});
