import type { Sql } from "../../platform/db/pool";
import type { Rule } from "../rule";

export type StoredRule = Rule & { revision: number; updatedBy: string; updatedAt: Date };

const COLUMNS = `slug, category, failure, name, metric, aggregate, per, op, threshold, warn_threshold as "warnThreshold", window_s as "windowS",
  scope, exempt_tools as "exemptTools", severity, mode, actions, no_data_s as "noDataS", renotify_s as "renotifyS", revision,
  updated_by as "updatedBy", updated_at as "updatedAt"`;

export async function rulesOf(tx: Sql, environmentId: string): Promise<StoredRule[]> {
  const { rows } = await tx.query<StoredRule>(
    `select ${COLUMNS} from detection_rules where environment_id = $1 order by slug`,
    [environmentId],
  );
  return rows;
}
export async function ruleBySlug(tx: Sql, environmentId: string, slug: string): Promise<StoredRule | null> {
  const { rows } = await tx.query<StoredRule>(
    `select ${COLUMNS} from detection_rules where environment_id = $1 and slug = $2`,
    [environmentId, slug],
  );
  return rows[0] ?? null;
}

export async function putRule(tx: Sql, environmentId: string, r: Rule, by: string): Promise<StoredRule> {
  const { rows } = await tx.query<StoredRule>(
    `insert into detection_rules (environment_id, slug, category, failure, name, metric, aggregate, per, op, threshold, warn_threshold,
       window_s, scope, exempt_tools, severity, mode, actions, no_data_s, renotify_s, updated_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
     on conflict (environment_id, slug) do update set category = excluded.category, failure = excluded.failure, name = excluded.name,
       metric = excluded.metric, aggregate = excluded.aggregate, per = excluded.per, op = excluded.op, threshold = excluded.threshold,
       warn_threshold = excluded.warn_threshold, window_s = excluded.window_s, scope = excluded.scope, exempt_tools = excluded.exempt_tools,
       severity = excluded.severity, mode = excluded.mode, actions = excluded.actions, no_data_s = excluded.no_data_s,
       renotify_s = excluded.renotify_s, updated_by = excluded.updated_by, updated_at = now(), revision = detection_rules.revision + 1
     returning ${COLUMNS}`,
    [
      environmentId,
      r.slug,
      r.category,
      r.failure,
      r.name,
      r.metric,
      r.aggregate,
      r.per,
      r.op,
      r.threshold,
      r.warnThreshold,
      r.windowS,
      JSON.stringify(r.scope),
      r.exemptTools,
      r.severity,
      r.mode,
      r.actions,
      r.noDataS,
      r.renotifyS,
      by,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error("the rule was not written");
  return row;
}
export async function deleteRule(tx: Sql, environmentId: string, slug: string): Promise<boolean> {
  const { rowCount } = await tx.query("delete from detection_rules where environment_id = $1 and slug = $2", [
    environmentId,
    slug,
  ]);
  return rowCount === 1;
}

export type RuleFacts = { rule: string; fired_at: Date | null; alerts: number; open: number };
export async function firings(tx: Sql, environmentId: string): Promise<Map<string, RuleFacts>> {
  const { rows } = await tx.query<RuleFacts>(
    `select rule, max(last_at) as fired_at, count(*)::int as alerts, count(*) filter (where state <> 'resolved')::int as open from alerts
     where environment_id = $1 and last_at > now() - interval '30 days' and not historic group by rule`,
    [environmentId],
  );
  return new Map(rows.map((r) => [r.rule, r]));
}

export type Seen = { agent_id: string; needs: string; last_at: Date };
export async function dataSeen(tx: Sql, environmentId: string): Promise<Seen[]> {
  const { rows } = await tx.query<Seen>("select agent_id, needs, last_at from data_seen where environment_id = $1", [
    environmentId,
  ]);
  return rows;
}
export const markSeen = (tx: Sql, seen: readonly { environmentId: string; agentId: string; needs: string }[]) =>
  seen.length === 0
    ? undefined
    : tx.query(
        `insert into data_seen (environment_id, agent_id, needs, last_at)
         select e, a, n, now() from unnest($1::text[], $2::text[], $3::text[]) as k(e, a, n) order by 1, 2, 3
         on conflict (environment_id, agent_id, needs) do update set last_at = excluded.last_at`,
        [seen.map((s) => s.environmentId), seen.map((s) => s.agentId), seen.map((s) => s.needs)],
      );
