import { type RuleShape, ruleInput } from "../detectors/schema";
import { notify } from "../notifications";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import { type Body, bodyOf, bodyOfRow, changesOf, entryOf } from "./entry";
import { reviewMessage } from "./messages";
import { ownerOf } from "./owner";
import type { Change, FieldChange } from "./schema";
import * as store from "./store";

export const author = ({ actor }: Ctx) =>
  actor.type === "key" ? { id: actor.personId, name: actor.personName } : { id: actor.id, name: actor.name };

/** What of a rule stands in the history of its entry. */
export const ruleFacts = (r: RuleShape) => ({
  sentence: r.sentence,
  severity: r.severity,
  mode: r.mode,
  actions: r.actions,
  warn_threshold: r.warn_threshold,
  exempt_tools: r.exempt_tools,
});
/** A rule as one writes it. */
export const ruleBodyOf = (r: RuleShape) => ({
  slug: r.slug,
  category: r.category,
  failure: r.failure,
  name: r.name,
  metric: r.metric,
  aggregate: r.aggregate,
  per: r.per,
  op: r.op,
  threshold: r.threshold,
  warn_threshold: r.warn_threshold,
  window_s: r.window_s,
  scope: r.scope,
  exempt_tools: r.exempt_tools,
  severity: r.severity,
  mode: r.mode,
  actions: r.actions,
  no_data_s: r.no_data_s,
  renotify_s: r.renotify_s,
});
export const ofEntry = (r: RuleShape, failure: string | null) => ruleInput.parse({ ...ruleBodyOf(r), failure });

const badPath = (path: string, message: string) =>
  new Failure("invalid_input", "The entry is not valid.", { errors: [{ path, message }] });

export type Given = {
  slug: string;
  body: Body;
  change: Change;
  note: string | null;
  /** The revision that the author has seen. */
  ifMatch?: number | undefined;
  /** Changes beside the entry's own fields: of its rules. */
  also?: FieldChange[];
};
export type Written = { before: store.FailureRow | null; row: store.FailureRow; changed: FieldChange[] };

/** What would be written, checked. @throws Failure `invalid_input` | `precondition_failed` */
export async function prepare(tx: Sql, ctx: Ctx, given: Given) {
  const before = await store.failure(tx, ctx.environmentId, given.slug);
  const revision = before?.revision ?? 0;
  if (given.ifMatch !== undefined && given.ifMatch !== revision)
    throw new Failure(
      "precondition_failed",
      `The latest revision is ${revision}, not ${given.ifMatch}: look at it first.`,
      {
        extra: { revision },
      },
    );
  const owner = await ownerOf(tx, ctx.environmentId, given.body.owner, before?.ownerId);
  const entry = entryOf(given.slug, given.body, owner?.id ?? null);
  const { reviewAt } = entry;
  if (
    reviewAt !== null &&
    reviewAt !== before?.reviewAt &&
    given.change !== "imported" &&
    (await store.isPast(tx, reviewAt))
  )
    throw badPath("triage.review_at", `${reviewAt} is over. Name a day that comes.`);
  const ownerEmail = owner?.email ?? null;
  return { before, entry, ownerEmail };
}

/** The whole entry as its next revision, in the caller's transaction, which audits it. @throws Failure `invalid_input` | `precondition_failed` */
export async function writeFailure(tx: Sql, ctx: Ctx, given: Given): Promise<Written> {
  const { environmentId } = ctx;
  await store.lock(tx, environmentId, given.slug);
  const { before, entry, ownerEmail } = await prepare(tx, ctx, given);
  const after = bodyOf(entry, ownerEmail);
  const changed = [...changesOf(before && bodyOfRow(before), after), ...(given.also ?? [])];
  if (before && changed.length === 0) return { before, row: before, changed };
  const by = author(ctx);
  const revision = (await store.lastRevision(tx, environmentId, given.slug)) + 1;
  await store.putFailure(tx, environmentId, entry, revision, by.name);
  await store.addRevision(tx, environmentId, given.slug, {
    revision,
    byId: by.id,
    byName: by.name,
    change: before || given.change !== "changed" ? given.change : "created",
    note: given.note,
    // Of a new entry the fields are all there is: they stand in `entry`.
    changed: before ? changed : (given.also ?? []),
    entry: after,
  });
  const row = await store.failure(tx, environmentId, given.slug);
  if (!row) throw new Error("the entry was not written");
  if (before?.told && !row.overdue) await notify(tx, reviewMessage(environmentId, row, "resolved"));
  return { before, row, changed };
}
