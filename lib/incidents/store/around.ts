import type { Sql } from "../../platform/db/pool";

export type AlertFacts = {
  alert_id: string;
  rule: string;
  rule_name: string;
  category: string;
  failure: string | null;
  agent_id: string | null;
  tenant_id: string | null;
  task_type: string | null;
  severity: "info" | "warning" | "high" | "critical";
  state: string;
  historic: boolean;
  first_at: Date;
  raised_at: Date;
  incident_id: string | null;
  /** Somebody was told of it. */
  told: boolean;
};
const ALERT = `alert_id, rule, rule_name, category, failure, agent_id, tenant_id, task_type, severity, state, historic, first_at, raised_at, incident_id, told_at is not null as told`;

/** Held, so that two people do not give one alert to two incidents; in the order in which detectors take them. */
export async function alertsHeld(tx: Sql, environmentId: string, ids: readonly string[]): Promise<AlertFacts[]> {
  const { rows } = await tx.query<AlertFacts>(
    `select ${ALERT} from alerts where environment_id = $1 and alert_id = any($2) order by dedupe_key collate "C" for update`,
    [environmentId, ids],
  );
  return rows;
}
export async function alertsOf(tx: Sql, environmentId: string, incidentId: string): Promise<AlertFacts[]> {
  const { rows } = await tx.query<AlertFacts>(
    `select ${ALERT} from alerts where environment_id = $1 and incident_id = $2 order by dedupe_key collate "C"`,
    [environmentId, incidentId],
  );
  return rows;
}

export type RunFacts = { run_id: string; agent_id: string; tenant_id: string | null; started_at: Date };
export async function runsBy(tx: Sql, environmentId: string, ids: readonly string[]): Promise<RunFacts[]> {
  const { rows } = await tx.query<RunFacts>(
    "select run_id, agent_id, tenant_id, started_at from runs where environment_id = $1 and run_id = any($2)",
    [environmentId, ids],
  );
  return rows;
}
export const addRuns = (tx: Sql, environmentId: string, incidentId: string, ids: readonly string[]) =>
  ids.length === 0
    ? undefined
    : tx.query(
        `insert into incident_runs (environment_id, incident_id, run_id) select $1, $2, unnest($3::text[]) on conflict do nothing`,
        [environmentId, incidentId, ids],
      );

/** The incident that stands open for what this alert is about, if there is one. */
export async function standing(
  tx: Sql,
  environmentId: string,
  category: string,
  agentId: string | null,
): Promise<string | null> {
  const { rows } = await tx.query<{ incident_id: string }>(
    `select incident_id from incidents where environment_id = $1 and category = $2 and agent_id is not distinct from $3
       and status in ('open', 'mitigated') order by number desc limit 1`,
    [environmentId, category, agentId],
  );
  return rows[0]?.incident_id ?? null;
}

/**
 * The latest one before of the category, where no rule of it was written or changed from then until `at`. A rule's own row
 * knows its last change; the chain knows those before.
 */
export async function recurrence(
  tx: Sql,
  environmentId: string,
  category: string,
  before: number | null,
  at: Date,
): Promise<string | null> {
  const { rows } = await tx.query<{ incident_id: string }>(
    `with old as (select incident_id, opened_at from incidents
       where environment_id = $1 and category = $2 and ($3::int is null or number < $3) order by number desc limit 1)
     select incident_id from old
     where not exists (select 1 from detection_rules where environment_id = $1 and category = $2 and updated_at > old.opened_at and updated_at <= $4)
       and not exists (select 1 from audit_rows where chain_id = $1 and target_type = 'rule' and action = 'rule.put'
         and at > old.opened_at and at <= $4 and after->>'category' = $2)`,
    [environmentId, category, before, at],
  );
  return rows[0]?.incident_id ?? null;
}
export async function named(tx: Sql, environmentId: string, category: string, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    "select 1 from failures where environment_id = $1 and category = $2 and created_at < $3 limit 1",
    [environmentId, category, at],
  );
  return rowCount !== 0;
}

export type PersonFacts = { id: string; name: string; email: string; disabled: boolean; member: boolean };
export async function person(tx: Sql, environmentId: string, idOrEmail: string): Promise<PersonFacts | null> {
  const { rows } = await tx.query<PersonFacts>(
    `select p.id, p.name, p.email, p.disabled_at is not null as disabled,
       exists (select 1 from memberships m where m.person_id = p.id and (m.environment_id is null or m.environment_id = $1)) as member
     from people p where p.id = $2 or p.email = lower($2)`,
    [environmentId, idOrEmail],
  );
  return rows[0] ?? null;
}
export async function policyVersion(
  tx: Sql,
  environmentId: string,
  policyId: string,
  version: number,
): Promise<{ created_at: Date } | null> {
  const { rows } = await tx.query<{ created_at: Date }>(
    "select created_at from policy_versions where environment_id = $1 and policy_id = $2 and version = $3",
    [environmentId, policyId, version],
  );
  return rows[0] ?? null;
}
