import type { Sql } from "../../platform/db/pool";
import type { MetricName } from "../metrics";
import type { Per, RuleScope } from "../schema";

export type Measured = { run_id: string; agent_id: string; key: string; value: number; at: number };
export type NewMeasure = {
  environmentId: string;
  metric: MetricName;
  runId: string;
  agentId: string;
  tenantId: string | null;
  taskType: string;
  value: number;
  at: number;
};

/** What runs show now; @returns those that are new or have changed */
export async function putMeasures(
  tx: Sql,
  measures: readonly NewMeasure[],
): Promise<{ environment_id: string; metric: MetricName; run_id: string }[]> {
  if (measures.length === 0) return [];
  const { rows } = await tx.query<{ environment_id: string; metric: MetricName; run_id: string }>({
    name: "put-measures",
    text: `insert into run_measures as m (environment_id, metric, run_id, agent_id, tenant_id, task_type, value, at)
      select x.e, x.m, x.r, x.a, x.t, x.k, x.v, to_timestamp(x.at / 1000.0)
      from json_to_recordset($1) as x(e text, m text, r text, a text, t text, k text, v float8, at float8) order by 1, 2, 3
      on conflict (environment_id, metric, run_id) do update set value = excluded.value, at = excluded.at, agent_id = excluded.agent_id
      where m.value <> excluded.value or m.at <> excluded.at
      returning environment_id, metric, run_id`,
    values: [
      JSON.stringify(
        measures.map((m) => ({
          e: m.environmentId,
          m: m.metric,
          r: m.runId,
          a: m.agentId,
          t: m.tenantId,
          k: m.taskType,
          v: m.value,
          at: m.at,
        })),
      ),
    ],
  });
  return rows;
}

const KEY: Record<Per, string> = {
  run: "run_id",
  agent: "agent_id",
  tenant: "coalesce(tenant_id, '')",
  task_type: "task_type",
  environment: "''",
};
const like = (pattern: string | undefined): string | null =>
  pattern === undefined ? null : pattern.replace(/[\\%_]/g, "\\$&").replaceAll("*", "%");
const SCOPED =
  "($2::text is null or agent_id like $2) and ($3::text is null or task_type like $3) and ($4::text is null or tenant_id like $4)";
const scoped = (scope: RuleScope) => [like(scope.agent_id), like(scope.task_type), like(scope.tenant_id)];

/** Values of a run's metric within a span of time, oldest first; at most the newest 20,000. */
export async function measuresBetween(
  tx: Sql,
  environmentId: string,
  what: { metric: string; per: Per; scope: RuleScope; fromMs: number; toMs: number; key: string | null },
): Promise<Measured[]> {
  const { rows } = await tx.query<Measured>(
    `select run_id, agent_id, ${KEY[what.per]} as key, value, extract(epoch from at)::float8 * 1000 as at from run_measures
     where environment_id = $1 and ${SCOPED} and metric = $5 and at > to_timestamp($6 / 1000.0) and at <= to_timestamp($7 / 1000.0)
       and ($8::text is null or ${KEY[what.per]} = $8) order by at desc limit 20000`,
    [environmentId, ...scoped(what.scope), what.metric, what.fromMs, what.toMs, what.key],
  );
  return rows.reverse();
}

/** Runs that ended within a span of time: of all, of those that failed, of those that were lost. */
export async function endedBetween(
  tx: Sql,
  environmentId: string,
  what: {
    which: "all" | "failed" | "lost";
    per: Per;
    scope: RuleScope;
    fromMs: number;
    toMs: number;
    key: string | null;
  },
): Promise<Measured[]> {
  const of = { all: "true", failed: "status in ('failed', 'stopped', 'lost')", lost: "status = 'lost'" }[what.which];
  const { rows } = await tx.query<Measured>(
    `select run_id, agent_id, ${KEY[what.per]} as key, 1 as value, extract(epoch from ended_at)::float8 * 1000 as at from runs
     where environment_id = $1 and ${SCOPED} and ended_at > to_timestamp($5 / 1000.0) and ended_at <= to_timestamp($6 / 1000.0) and ${of}
       and ($7::text is null or ${KEY[what.per]} = $7) order by ended_at desc limit 20000`,
    [environmentId, ...scoped(what.scope), what.fromMs, what.toMs, what.key],
  );
  return rows.reverse();
}

export type Grouped = { key: string; value: number; runs?: string[] };

export async function openNow(tx: Sql, environmentId: string, per: Per, scope: RuleScope): Promise<Grouped[]> {
  const { rows } = await tx.query<Grouped>(
    `select ${KEY[per]} as key, count(*)::float8 as value from runs
     where environment_id = $1 and ${SCOPED} and status in ('running', 'waiting') group by 1`,
    [environmentId, ...scoped(scope)],
  );
  return rows;
}
export async function pendingApprovals(tx: Sql, environmentId: string, per: Per, scope: RuleScope): Promise<Grouped[]> {
  const { rows } = await tx.query<Grouped>(
    `select ${KEY[per]} as key, count(*)::float8 as value from approvals
     where environment_id = $1 and ${SCOPED} and status = 'pending' group by 1`,
    [environmentId, ...scoped(scope)],
  );
  return rows;
}

/** Minutes since an agent was last heard, where it was heard in the week before; of all of them together for the environment. */
export async function silence(tx: Sql, environmentId: string, per: Per, scope: RuleScope): Promise<Grouped[]> {
  const { rows } = await tx.query<Grouped>(
    `select ${per === "agent" ? "agent_id" : "''"} as key, extract(epoch from now() - max(last_seen_at))::float8 / 60 as value from agents
     where environment_id = $1 and ($2::text is null or agent_id like $2) and last_seen_at > now() - interval '7 days' group by 1`,
    [environmentId, like(scope.agent_id)],
  );
  return rows;
}

/** Dollars of the window against the median of the same hours of the 28 days before; where fewer than five days have any, nothing. */
export async function costAgainstBaseline(
  tx: Sql,
  environmentId: string,
  per: Per,
  scope: RuleScope,
  windowS: number,
): Promise<Grouped[]> {
  const key = per === "agent" ? "agent_id" : "''";
  const { rows } = await tx.query<Grouped>(
    `with hours as (select ${key} as key, hour, sum(cost_micros) as micros from usage_hours
       where environment_id = $1 and ($2::text is null or agent_id like $2) and hour > now() - interval '29 days' group by 1, 2),
     days as (
       select h.key, d.n, sum(h.micros) as micros from generate_series(0, 28) as d(n)
       join hours h on h.hour > now() - make_interval(days => d.n, secs => $3) and h.hour <= now() - make_interval(days => d.n) group by 1, 2),
     base as (select key, percentile_cont(0.5) within group (order by micros) as median, count(*) as n from days where n > 0 group by 1)
     select d.key, d.micros / nullif(b.median, 0) as value from days d join base b using (key) where d.n = 0 and b.n >= 5 and b.median > 0`,
    [environmentId, like(scope.agent_id), Math.max(windowS, 3_600)],
  );
  return rows;
}

/** Credentials that several agents used within the window: the most agents on one of them. */
export async function sharedCredentials(tx: Sql, environmentId: string, windowS: number): Promise<Grouped[]> {
  const { rows } = await tx.query<Grouped>(
    `select question->>'credential_ref' as key, count(distinct agent_id)::float8 as value, (array_agg(distinct run_id))[1:20] as runs from decisions
     where environment_id = $1 and decided_at > now() - make_interval(secs => $2) and outcome = 'allow' and question ? 'credential_ref'
       and question->>'credential_ref' is not null group by 1 having count(distinct agent_id) > 1`,
    [environmentId, windowS],
  );
  return rows;
}

/** Environments that anything has been heard of. */
export async function environments(tx: Sql): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>("select id from environments");
  return rows.map((r) => r.id);
}
export const dropOldMeasures = (tx: Sql, days: number) =>
  tx.query("delete from run_measures where at < now() - make_interval(days => $1)", [days]);

export type OpenAlert = { alert_id: string; dedupe_key: string; rule: string };
/** Of window rules: what stands open by itself may also end by itself. */
export async function openWindows(tx: Sql, environmentId: string): Promise<OpenAlert[]> {
  const { rows } = await tx.query<OpenAlert>(
    `select alert_id, dedupe_key, rule from alerts where environment_id = $1 and state = 'open' and not historic
       and dedupe_key like '%|now|%'`,
    [environmentId],
  );
  return rows;
}
