import { isDeepStrictEqual } from "node:util";
import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import { CATEGORIES } from "../detectors";
import type { Category } from "../detectors/schema";
import { Failure } from "../platform/errors";
import type { FieldChange, failureFile } from "./schema";
import type { Entry, FailureRow } from "./store";

export type Body = z.output<typeof failureFile>;

/** Where a category stands in the catalogue: the order of every list here. */
export const ORDER: ReadonlyMap<string, number> = new Map(CATEGORIES.map((c, n) => [c.slug, n]));

/** @throws Failure `invalid_input` at `category` */
export function categoryOf(slug: string): Category {
  const found = CATEGORIES.find((c) => c.slug === slug);
  if (found) return found;
  const [near] = CATEGORIES.map((c) => ({ slug: c.slug, far: distance(c.slug, slug) })).sort((a, b) => a.far - b.far);
  const hint = near && near.far <= 4 ? ` Did you mean ${near.slug}?` : "";
  throw new Failure("invalid_input", "The catalogue has no such category.", {
    errors: [{ path: "category", message: `${slug} is not in the catalogue.${hint}` }],
  });
}

/** What is left out takes the words of the category; the runbook is a copy, the entry's own. @throws Failure `invalid_input` */
export function entryOf(slug: string, body: Body, ownerId: string | null): Entry {
  const category = categoryOf(body.category);
  const { prediction, triage } = body;
  return {
    slug,
    name: body.name ?? category.name,
    category: category.slug,
    regime: body.regime ?? category.regime,
    seen: body.seen ? { ...body.seen, at: new Date(body.seen.at).toISOString() } : null,
    symptom: body.symptom ?? category.symptom,
    rootCause: body.root_cause ?? category.cause,
    impact: body.impact ?? category.impact,
    prediction: {
      text: prediction?.text ?? category.prediction,
      cost_usd: prediction?.cost_usd ?? null,
      impact: prediction?.impact || null,
      detect_minutes: prediction?.detect_minutes ?? null,
    },
    triage: triage.when,
    triageReason: triage.reason?.trim() || null,
    reviewAt: triage.review_at ?? null,
    ownerId,
    runbook: body.runbook === undefined ? category.runbook : body.runbook,
    stopReasons: body.stop_reasons ?? category.stop_reasons,
    agents: body.agents,
  };
}

/** The entry as one writes it, whole: what PUT takes and an export holds. Nothing in it depends on the catalogue's words. */
export function bodyOf(e: Entry, ownerEmail: string | null) {
  const { text, cost_usd, impact, detect_minutes } = e.prediction;
  return {
    name: e.name,
    category: e.category,
    regime: e.regime,
    ...(e.seen ? { seen: { at: e.seen.at, where: e.seen.where, resolution: e.seen.resolution } } : {}),
    symptom: e.symptom,
    root_cause: e.rootCause,
    impact: e.impact,
    prediction: {
      text,
      ...(cost_usd === null ? {} : { cost_usd }),
      ...(impact === null ? {} : { impact }),
      ...(detect_minutes === null ? {} : { detect_minutes }),
    },
    triage: {
      when: e.triage,
      ...(e.triageReason === null ? {} : { reason: e.triageReason }),
      ...(e.reviewAt === null ? {} : { review_at: e.reviewAt }),
    },
    ...(ownerEmail === null ? {} : { owner: ownerEmail }),
    runbook: e.runbook && { first: e.runbook.first, then: e.runbook.then, verify: e.runbook.verify },
    stop_reasons: e.stopReasons,
    ...(e.agents.length > 0 ? { agents: e.agents } : {}),
  };
}
export const bodyOfRow = (row: FailureRow) => bodyOf(row, row.ownerEmail);

/** Field by field, with the names that the API has. */
export function changesOf(before: Record<string, unknown> | null, after: Record<string, unknown>): FieldChange[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after)]);
  return [...fields]
    .filter((field) => !isDeepStrictEqual(before?.[field], after[field]))
    .map((field) => ({ field, before: before?.[field] ?? null, after: after[field] ?? null }));
}
