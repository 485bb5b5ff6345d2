import type { z } from "zod";
import type { Sql } from "../../platform/db/pool";
import type { StopReason } from "../../runs";
import type { predictionShape, Runbook, Triage } from "../schema";

export type Prediction = z.output<typeof predictionShape>;
/** What people write of an entry. */
export type Entry = {
  slug: string;
  name: string;
  category: string;
  regime: "single_call" | "agent";
  seen: { at: string; where: string; resolution: string } | null;
  symptom: string;
  rootCause: string;
  impact: string;
  prediction: Prediction;
  triage: Triage;
  triageReason: string | null;
  /** A day: 2026-12-24. */
  reviewAt: string | null;
  ownerId: string | null;
  runbook: Runbook | null;
  stopReasons: StopReason[];
  agents: string[];
};
export type Person = { id: string; name: string; email: string; disabled: boolean; member: boolean };
export type FailureRow = Entry & {
  revision: number;
  createdAt: Date;
  updatedBy: string;
  updatedAt: Date;
  overdue: boolean;
  told: boolean;
  ownerName: string | null;
  ownerEmail: string | null;
  ownerDisabled: boolean;
  ownerMember: boolean;
};

const MEMBER = (person: string, environment: string) =>
  `exists (select 1 from memberships m where m.person_id = ${person} and (m.environment_id is null or m.environment_id = ${environment}))`;
const SELECT = `select f.slug, f.name, f.category, f.regime, f.seen, f.symptom, f.root_cause as "rootCause", f.impact, f.prediction, f.triage,
    f.triage_reason as "triageReason", f.review_at::text as "reviewAt", f.owner_id as "ownerId", f.runbook, f.stop_reasons as "stopReasons",
    f.agents, f.revision, f.created_at as "createdAt", f.updated_by as "updatedBy", f.updated_at as "updatedAt",
    f.triage = 'after_first_incident' and coalesce(f.review_at <= current_date, false) as overdue, f.review_told_on is not null as told,
    p.name as "ownerName", p.email as "ownerEmail", p.disabled_at is not null as "ownerDisabled", ${MEMBER("p.id", "f.environment_id")} as "ownerMember"
  from failures f left join people p on p.id = f.owner_id`;

export async function failures(tx: Sql, environmentId: string): Promise<FailureRow[]> {
  return (await tx.query<FailureRow>(`${SELECT} where f.environment_id = $1 order by f.slug`, [environmentId])).rows;
}
export async function failure(tx: Sql, environmentId: string, slug: string): Promise<FailureRow | null> {
  const { rows } = await tx.query<FailureRow>(`${SELECT} where f.environment_id = $1 and f.slug = $2`, [
    environmentId,
    slug,
  ]);
  return rows[0] ?? null;
}
/** One after the other, whoever writes this entry: also the one that does not exist yet. */
export const lock = (tx: Sql, environmentId: string, slug: string) =>
  tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`failure ${environmentId} ${slug}`]);

export async function person(tx: Sql, environmentId: string, idOrEmail: string): Promise<Person | null> {
  const { rows } = await tx.query<Person>(
    `select p.id, p.name, p.email, p.disabled_at is not null as disabled, ${MEMBER("p.id", "$1")} as member
     from people p where p.id = $2 or p.email = lower($2)`,
    [environmentId, idOrEmail],
  );
  return rows[0] ?? null;
}

export async function putFailure(
  tx: Sql,
  environmentId: string,
  e: Entry,
  revision: number,
  by: string,
): Promise<void> {
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  await tx.query(
    `insert into failures as f (environment_id, slug, name, category, regime, seen, symptom, root_cause, impact, prediction, triage, triage_reason,
       review_at, owner_id, runbook, stop_reasons, agents, revision, updated_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::date, $14, $15, $16, $17, $18, $19)
     on conflict (environment_id, slug) do update set name = excluded.name, category = excluded.category, regime = excluded.regime,
       seen = excluded.seen, symptom = excluded.symptom, root_cause = excluded.root_cause, impact = excluded.impact,
       prediction = excluded.prediction, triage = excluded.triage, triage_reason = excluded.triage_reason, review_at = excluded.review_at,
       review_told_on = case when excluded.triage = 'after_first_incident' and excluded.review_at <= current_date then f.review_told_on end, owner_id = excluded.owner_id,
       runbook = excluded.runbook, stop_reasons = excluded.stop_reasons, agents = excluded.agents, revision = excluded.revision,
       updated_by = excluded.updated_by, updated_at = now()`,
    [
      environmentId,
      e.slug,
      e.name,
      e.category,
      e.regime,
      json(e.seen),
      e.symptom,
      e.rootCause,
      e.impact,
      json(e.prediction),
      e.triage,
      e.triageReason,
      e.reviewAt,
      e.ownerId,
      json(e.runbook),
      e.stopReasons,
      e.agents,
      revision,
      by,
    ],
  );
}
export const deleteFailure = (tx: Sql, environmentId: string, slug: string) =>
  tx.query("delete from failures where environment_id = $1 and slug = $2", [environmentId, slug]);

/** Is the day already over, by the database's clock? */
export async function isPast(tx: Sql, day: string): Promise<boolean> {
  const { rows } = await tx.query<{ past: boolean }>("select $1::date < current_date as past", [day]);
  return rows[0]?.past ?? false;
}

export type Due = { environmentId: string; slug: string; again: boolean };
/** Overdue reviews that nobody was told of today: each is taken once. */
export async function takeDue(tx: Sql): Promise<Due[]> {
  const { rows } = await tx.query<Due>(
    `update failures f set review_told_on = current_date
     from (select environment_id, slug, review_told_on from failures
       where triage = 'after_first_incident' and review_at <= current_date and (review_told_on is null or review_told_on < current_date)
       order by environment_id, slug limit 500 for update skip locked) o
     where f.environment_id = o.environment_id and f.slug = o.slug
     returning f.environment_id as "environmentId", f.slug, o.review_told_on is not null as again`,
  );
  return rows;
}
