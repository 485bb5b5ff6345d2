import type { Sql } from "../../platform/db/pool";
import type { CanaryShape, Probe, PutCanary, PutChecklist, ReleaseChecklistShape } from "../schema";

type Row = Omit<CanaryShape, "started_at" | "ended_at" | "updated_at"> & {
  started_at: Date;
  ended_at: Date | null;
  updated_at: Date;
};
const COLUMNS = `slug, agent_id, baseline_version, canary_version, percent_traffic, probes, started_at, ended_at,
  started_at <= now() and (ended_at is null or ended_at > now()) as running, note, revision, updated_by, updated_at`;
const shape = (r: Row): CanaryShape => ({
  ...r,
  started_at: r.started_at.toISOString(),
  ended_at: r.ended_at?.toISOString() ?? null,
  updated_at: r.updated_at.toISOString(),
});

/** Those under way first, then the newest. */
export async function canariesOf(tx: Sql, environmentId: string, agentId: string | null): Promise<CanaryShape[]> {
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} from canaries where environment_id = $1 and ($2::text is null or agent_id = $2)
     order by running desc, started_at desc, slug`,
    [environmentId, agentId],
  );
  return rows.map(shape);
}

/** `lock`: whoever writes the same canary at once waits here. */
export async function canary(tx: Sql, environmentId: string, slug: string, lock = false): Promise<CanaryShape | null> {
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} from canaries where environment_id = $1 and slug = $2 ${lock ? "for update" : ""}`,
    [environmentId, slug],
  );
  return rows[0] ? shape(rows[0]) : null;
}

/** Without `started_at` it begins now, or began when it did. */
export async function putCanary(tx: Sql, environmentId: string, c: PutCanary & { by: string }): Promise<CanaryShape> {
  const { rows } = await tx.query<Row>(
    `insert into canaries as c (environment_id, slug, agent_id, baseline_version, canary_version, percent_traffic, probes, started_at,
       ended_at, note, updated_by)
     values ($1, $2, $3, $4, $5, $6, $7, coalesce($8::timestamptz, date_trunc('milliseconds', now())), $9, $10, $11)
     on conflict (environment_id, slug) do update set agent_id = excluded.agent_id, baseline_version = excluded.baseline_version,
       canary_version = excluded.canary_version, percent_traffic = excluded.percent_traffic, probes = excluded.probes,
       started_at = coalesce($8::timestamptz, c.started_at), ended_at = excluded.ended_at, note = excluded.note,
       updated_by = excluded.updated_by, updated_at = now(), revision = c.revision + 1
     returning ${COLUMNS}`,
    [
      environmentId,
      c.slug,
      c.agent_id,
      c.baseline_version,
      c.canary_version,
      c.percent_traffic,
      JSON.stringify(c.probes),
      c.started_at ?? null,
      c.ended_at ?? null,
      c.note ?? null,
      c.by,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error("the canary was not written");
  return shape(row);
}

export async function deleteCanary(tx: Sql, environmentId: string, slug: string): Promise<boolean> {
  await tx.query("delete from probe_schedule where environment_id = $1 and canary = $2", [environmentId, slug]);
  const { rowCount } = await tx.query("delete from canaries where environment_id = $1 and slug = $2", [
    environmentId,
    slug,
  ]);
  return rowCount === 1;
}

type ListRow = Omit<ReleaseChecklistShape, "updated_at"> & { updated_at: Date };
const LIST = "runbook, agent_ids, probes, note, revision, updated_by, updated_at";
const listShape = (r: ListRow): ReleaseChecklistShape => ({ ...r, updated_at: r.updated_at.toISOString() });

export async function checklists(tx: Sql, environmentId: string): Promise<ReleaseChecklistShape[]> {
  const { rows } = await tx.query<ListRow>(
    `select ${LIST} from release_checklists where environment_id = $1 order by runbook`,
    [environmentId],
  );
  return rows.map(listShape);
}
export async function checklist(
  tx: Sql,
  environmentId: string,
  runbook: string,
): Promise<ReleaseChecklistShape | null> {
  const { rows } = await tx.query<ListRow>(
    `select ${LIST} from release_checklists where environment_id = $1 and runbook = $2 for update`,
    [environmentId, runbook],
  );
  return rows[0] ? listShape(rows[0]) : null;
}
export async function putChecklist(
  tx: Sql,
  environmentId: string,
  c: PutChecklist & { by: string },
): Promise<ReleaseChecklistShape> {
  const { rows } = await tx.query<ListRow>(
    `insert into release_checklists as l (environment_id, runbook, agent_ids, probes, note, updated_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (environment_id, runbook) do update set agent_ids = excluded.agent_ids, probes = excluded.probes, note = excluded.note,
       updated_by = excluded.updated_by, updated_at = now(), revision = l.revision + 1
     returning ${LIST}`,
    [environmentId, c.runbook, c.agent_ids, JSON.stringify(c.probes), c.note ?? null, c.by],
  );
  const [row] = rows;
  if (!row) throw new Error("the checklist was not written");
  return listShape(row);
}
export async function deleteChecklist(tx: Sql, environmentId: string, runbook: string): Promise<boolean> {
  const { rowCount } = await tx.query("delete from release_checklists where environment_id = $1 and runbook = $2", [
    environmentId,
    runbook,
  ]);
  return rowCount === 1;
}

export type Running = { environment_id: string; slug: string; agent_id: string; version: string; probes: Probe[] };
/** Canaries under way, in every environment, with an address that Interlock asks. */
export async function running(tx: Sql): Promise<Running[]> {
  const { rows } = await tx.query<Running>(
    `select environment_id, slug, agent_id, canary_version as version, probes from canaries
     where started_at <= now() and (ended_at is null or ended_at > now())`,
  );
  return rows;
}
