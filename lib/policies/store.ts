import type { Sql } from "../platform/db/pool";
import { notFound } from "../platform/errors";
import type { Layer } from "./effective";
import type { PolicyDocument, PolicyState } from "./schema";

export type InForce = { enforced: Layer[]; observed: Layer[] };

/** The documents that decide, and those that only look on. */
export async function inForce(tx: Sql, environmentId: string): Promise<InForce> {
  const { rows } = await tx.query<Layer & { observed: boolean }>(
    `select v.policy_id as "policyId", v.version, v.document, v.version = p.observed_version as observed
     from policies p join policy_versions v using (environment_id, policy_id)
     where p.environment_id = $1 and (v.version = p.enforced_version or v.version = p.observed_version) order by 1`,
    [environmentId],
  );
  const layers = (observed: boolean) =>
    rows
      .filter((r) => (r.observed ?? false) === observed)
      .map(({ policyId, version, document }) => ({ policyId, version, document }));
  return { enforced: layers(false), observed: layers(true) };
}

export type PolicyRow = {
  policyId: string;
  latestVersion: number;
  enforcedVersion: number | null;
  observedVersion: number | null;
};
export type VersionRow = {
  policyId: string;
  version: number;
  state: PolicyState;
  document: PolicyDocument;
  source: string;
  format: "json" | "yaml";
  note: string | null;
  authorName: string;
  createdAt: Date;
};
const VERSION = `policy_id as "policyId", version, state, document, source, format, note, author_name as "authorName", created_at as "createdAt"`;

/** @returns null where there is no such policy. Held until the commit, there or not, so that versions are numbered one after another. */
export async function policyForUpdate(tx: Sql, environmentId: string, policyId: string): Promise<PolicyRow | null> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1 || chr(10) || $2, 0))", [environmentId, policyId]);
  const { rows } = await tx.query<PolicyRow>(
    `select policy_id as "policyId", latest_version as "latestVersion", enforced_version as "enforcedVersion", observed_version as "observedVersion"
     from policies where environment_id = $1 and policy_id = $2 for update`,
    [environmentId, policyId],
  );
  return rows[0] ?? null;
}

export type NewVersion = Omit<VersionRow, "createdAt" | "authorName"> & { authorId: string; authorName: string };
export async function insertVersion(tx: Sql, environmentId: string, v: NewVersion): Promise<void> {
  await tx.query(
    `insert into policy_versions (environment_id, policy_id, version, state, document, source, format, note, author_id, author_name)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      environmentId,
      v.policyId,
      v.version,
      v.state,
      JSON.stringify(v.document),
      v.source,
      v.format,
      v.note,
      v.authorId,
      v.authorName,
    ],
  );
}

export const putPolicyRow = (tx: Sql, environmentId: string, p: PolicyRow) =>
  tx.query(
    `insert into policies (environment_id, policy_id, latest_version, enforced_version, observed_version) values ($1, $2, $3, $4, $5)
     on conflict (environment_id, policy_id) do update set latest_version = excluded.latest_version,
       enforced_version = excluded.enforced_version, observed_version = excluded.observed_version`,
    [environmentId, p.policyId, p.latestVersion, p.enforcedVersion, p.observedVersion],
  );

export const setVersionState = (
  tx: Sql,
  environmentId: string,
  policyId: string,
  version: number,
  state: PolicyState,
) =>
  tx.query("update policy_versions set state = $4 where environment_id = $1 and policy_id = $2 and version = $3", [
    environmentId,
    policyId,
    version,
    state,
  ]);

/** @throws Failure `not_found` */
export async function version(tx: Sql, environmentId: string, policyId: string, n: number): Promise<VersionRow> {
  const { rows } = await tx.query<VersionRow>(
    `select ${VERSION} from policy_versions where environment_id = $1 and policy_id = $2 and version = $3`,
    [environmentId, policyId, n],
  );
  if (!rows[0]) throw notFound("version of a policy");
  return rows[0];
}

/** @throws Failure `not_found` where the policy has none */
export async function versions(tx: Sql, environmentId: string, policyId: string): Promise<VersionRow[]> {
  const { rows } = await tx.query<VersionRow>(
    `select ${VERSION} from policy_versions where environment_id = $1 and policy_id = $2 order by version desc`,
    [environmentId, policyId],
  );
  if (rows.length === 0) throw notFound("policy");
  return rows;
}

export type ListedRow = PolicyRow &
  VersionRow & { bindings: PolicyDocument["bindings"]; decisions: number; denied: number };
/** Each policy with the version in force (else the latest), and what it decided within a day. */
export async function list(tx: Sql, environmentId: string, policyId: string | null): Promise<ListedRow[]> {
  const { rows } = await tx.query<ListedRow>(
    `select p.policy_id as "policyId", p.latest_version as "latestVersion", p.enforced_version as "enforcedVersion",
       p.observed_version as "observedVersion", l.state, l.document, l.note, l.author_name as "authorName", l.created_at as "createdAt",
       coalesce(f.document->'bindings', '[]') as bindings, coalesce(d.n, 0)::int as decisions, coalesce(d.denied, 0)::int as denied
     from policies p
     join policy_versions l on l.environment_id = p.environment_id and l.policy_id = p.policy_id and l.version = p.latest_version
     join policy_versions f on f.environment_id = p.environment_id and f.policy_id = p.policy_id
       and f.version = coalesce(p.enforced_version, p.observed_version, p.latest_version)
     left join (select policy_id, count(*) as n, count(*) filter (where outcome = 'deny') as denied from decisions
       where environment_id = $1 and decided_at > now() - interval '1 day' group by 1) d on d.policy_id = p.policy_id
     where p.environment_id = $1 and ($2::text is null or p.policy_id = $2) order by p.policy_id`,
    [environmentId, policyId],
  );
  return rows;
}

/** Of every policy the version in force, else the one that looks on, else the latest: what an export carries. */
export async function inUse(tx: Sql, environmentId: string): Promise<VersionRow[]> {
  const { rows } = await tx.query<VersionRow>(
    `select v.policy_id as "policyId", v.version, v.state, v.document, v.source, v.format, v.note, v.author_name as "authorName", v.created_at as "createdAt"
     from policies p join policy_versions v on v.environment_id = p.environment_id and v.policy_id = p.policy_id
       and v.version = coalesce(p.enforced_version, p.observed_version, p.latest_version)
     where p.environment_id = $1 order by 1`,
    [environmentId],
  );
  return rows;
}

export async function policyRevision(tx: Sql, environmentId: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    "select policy_revision as n from control_heads where environment_id = $1",
    [environmentId],
  );
  return rows[0]?.n ?? 0;
}

export async function withoutPolicies(tx: Sql): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    "select id from environments e where not exists (select 1 from policies p where p.environment_id = e.id)",
  );
  return rows.map((r) => r.id);
}
