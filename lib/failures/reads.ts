import { CATEGORIES, listRules } from "../detectors";
import type { RuleShape } from "../detectors/schema";
import type { Ctx } from "../platform/ctx";
import { notFound } from "../platform/errors";
import { decodeCursor, encodeCursor, type Page, pageOf } from "../platform/page";
import { type Reader, read } from "../platform/verb";
import { ORDER } from "./entry";
import {
  type FailureDetail,
  type FailureShape,
  failureInput,
  listFailuresInput,
  type RevisionShape,
  type RunbookShape,
  revisionsInput,
  runbooksInput,
} from "./schema";
import { actualOut, failureOut } from "./shape";
import * as store from "./store";

const by = <T>(items: readonly T[], key: (item: T) => string | null): Map<string, T[]> => {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    if (name !== null) found.set(name, [...(found.get(name) ?? []), item]);
  }
  return found;
};
const place = (f: FailureShape): number => ORDER.get(f.category) ?? ORDER.size;

/** Every entry, in the order of the catalogue: an inventory is read whole. */
export async function inventory(tx: Reader, ctx: Ctx): Promise<{ items: FailureShape[]; rules: RuleShape[] }> {
  const [rows, { items: rules }, actuals] = await Promise.all([
    store.failures(tx.sql, ctx.environmentId),
    listRules(ctx, {}),
    store.actuals(tx.sql, ctx.environmentId, null),
  ]);
  const ruled = by(rules, (r) => r.failure);
  const seen = by(actuals, (a) => a.slug);
  const items = rows.map((row) => failureOut(row, ruled.get(row.slug) ?? [], seen.get(row.slug) ?? []));
  return { items: items.sort((a, b) => place(a) - place(b) || (a.slug < b.slug ? -1 : 1)), rules };
}

const has = (value: string, q: string) => value.toLowerCase().includes(q);

/** Entries by category. @throws Failure `invalid_input` */
export const listFailures = read("failure.list", {
  needs: "failures.read",
  input: listFailuresInput,
  run: async ({ tx, ctx, input }): Promise<Page<FailureShape>> => {
    const { items } = await inventory(tx, ctx);
    const q = input.q?.trim().toLowerCase();
    const owner = input.owner?.toLowerCase();
    const wanted = items.filter(
      (f) =>
        (!input.category?.length || input.category.includes(f.category)) &&
        (!input.state?.length || input.state.includes(f.state)) &&
        (!input.triage || f.triage.when === input.triage) &&
        (!input.regime || f.regime === input.regime) &&
        (!input.missing?.length || input.missing.some((lack) => f.missing.includes(lack))) &&
        (!owner || (owner === "none" ? f.owner === null : f.owner?.person_id === owner || f.owner?.email === owner)) &&
        (!q || [f.name, f.slug, f.symptom, f.root_cause, f.impact].some((text) => has(text, q))),
    );
    const after = decodeCursor(input.cursor, 2);
    const [at, slug] = after ?? [];
    const start = after
      ? wanted.findIndex((f) => place(f) > Number(at) || (place(f) === Number(at) && f.slug > String(slug)))
      : 0;
    const rest = start < 0 ? [] : wanted.slice(start);
    const last = rest.length > input.limit ? rest[input.limit - 1] : undefined;
    return {
      items: rest.slice(0, input.limit),
      next_cursor: last ? encodeCursor([place(last), last.slug]) : null,
    };
  },
});

/** One entry, with what incidents showed of it. @throws Failure `not_found` */
export const getFailure = read("failure.get", {
  needs: "failures.read",
  input: failureInput,
  run: async ({ tx, ctx, input }): Promise<FailureDetail> => {
    const row = await store.failure(tx.sql, ctx.environmentId, input.slug);
    if (!row) throw notFound("failure");
    const [{ items: rules }, actuals] = await Promise.all([
      listRules(ctx, { failure: input.slug }),
      store.actuals(tx.sql, ctx.environmentId, input.slug),
    ]);
    return { ...failureOut(row, rules, actuals), actuals: actuals.map(actualOut) };
  },
});

/** Who changed what, newest first; also of an entry that was deleted. @throws Failure `not_found` | `invalid_input` */
export const listRevisions = read("failure.revisions", {
  needs: "failures.read",
  input: revisionsInput,
  run: async ({ tx, ctx, input }): Promise<Page<RevisionShape>> => {
    const [before = null] = decodeCursor(input.cursor, 1) ?? [];
    const at = before === null ? null : Number(before);
    const rows = await store.revisions(tx.sql, ctx.environmentId, input.slug, at, input.limit + 1);
    if (rows.length === 0 && at === null) throw notFound("failure");
    return pageOf(
      rows,
      input.limit,
      (r) => [r.revision],
      (r) => ({
        revision: r.revision,
        at: r.at.toISOString(),
        by: { id: r.byId, name: r.byName },
        change: r.change,
        note: r.note,
        changed: r.changed,
      }),
    );
  },
});

/** What to do where a run ended so: this environment's own runbooks, else the catalogue's. @throws Failure `invalid_input` */
export const listRunbooks = read("failure.runbooks", {
  needs: "failures.read",
  input: runbooksInput,
  run: async ({ tx, ctx, input }): Promise<{ items: RunbookShape[]; next_cursor: null }> => {
    const shipped = CATEGORIES.filter((c) => c.stop_reasons.includes(input.stop_reason));
    const severe = new Map(CATEGORIES.map((c) => [c.slug, c.severity]));
    const own = (await store.failures(tx.sql, ctx.environmentId))
      .filter((row) => row.stopReasons.includes(input.stop_reason))
      .sort((a, b) => (ORDER.get(a.category) ?? 0) - (ORDER.get(b.category) ?? 0))
      .flatMap((row): RunbookShape[] =>
        row.runbook === null
          ? []
          : [
              {
                source: "entry",
                slug: row.slug,
                name: row.name,
                category: row.category,
                severity: severe.get(row.category) ?? "warning",
                owner: row.ownerName,
                runbook: row.runbook,
              },
            ],
      );
    const theirs = shipped.map(
      (c): RunbookShape => ({
        source: "catalogue",
        slug: c.slug,
        name: c.name,
        category: c.slug,
        severity: c.severity,
        owner: null,
        runbook: c.runbook,
      }),
    );
    return { items: own.length > 0 ? own : theirs, next_cursor: null };
  },
});
